/** The largest, the smallest, the ranks of statistics and of the values that their surrogates reach. */

/** Draw by draw, the largest (rank 0), second largest, … of several null distributions: one row for each rank. */
export function rankedDraws(distributions: readonly Float64Array[]): Float64Array[] {
  const draws = distributions[0]?.length ?? 0;
  const ranks = distributions.map(() => new Float64Array(draws));
  for (let draw = 0; draw < draws; draw += 1) {
    const values = Float64Array.from(distributions, (distribution) => distribution[draw] ?? Number.NaN).sort().toReversed();
    for (const [rank, row] of ranks.entries()) row[draw] = values[rank] ?? Number.NaN;
  }
  return ranks;
}

/** Draw by draw, the largest of several null distributions. */
export function largestDraws(distributions: readonly Float64Array[]): Float64Array {
  return acrossDraws(distributions, Math.max);
}

/** Draw by draw, the smallest of several null distributions. */
export function smallestDraws(distributions: readonly Float64Array[]): Float64Array {
  return acrossDraws(distributions, Math.min);
}

function acrossDraws(distributions: readonly Float64Array[], choose: (a: number, b: number) => number): Float64Array {
  const [first = new Float64Array(0), ...others] = distributions;
  const chosen = Float64Array.from(first);
  for (const other of others) for (let i = 0; i < chosen.length; i += 1) chosen[i] = choose(chosen[i] ?? Number.NaN, other[i] ?? Number.NaN);
  return chosen;
}

/** The place of the first largest value; −1 where all are missing. */
export function firstLargest(values: readonly number[]): number {
  let best = -1;
  for (const [i, value] of values.entries()) if (!Number.isNaN(value) && (best < 0 || value > (values[best] ?? 0))) best = i;
  return best;
}

/** The place of the first smallest value; −1 where all are missing. */
export function firstSmallest(values: readonly number[]): number {
  return firstLargest(values.map((value) => -value));
}
