/** The p-value of a statistic against the values that permutations give. */

/**
 * The share of null values that reach the statistic; 1 / n where none does (as IDTxl counts, without the + 1 of
 * exact permutation tests). A null value that is missing counts as one that reaches it; p is 1 for a statistic that is
 * missing. So nothing becomes significant by what could not be estimated.
 */
export function permutationP(statistic: number, nullValues: Float64Array): number {
  if (Number.isNaN(statistic)) return 1;
  let reached = 0;
  for (const value of nullValues) if (!(value < statistic)) reached += 1;
  return Math.max(1, reached) / nullValues.length;
}
