/**
 * Compensated sum (Neumaier 1974): its error does not grow with the number of terms unless they cancel almost wholly.
 */
export function compensatedSumOver(count: number, term: (index: number) => number): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < count; i++) {
    const value = term(i);
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

export const compensatedSum = (terms: ArrayLike<number>): number => compensatedSumOver(terms.length, (i) => terms[i] ?? Number.NaN);

/**
 * Sum of the products of deviations from the means, over pairs (x, y) of equal number: the corrected two-pass
 * algorithm (Chan, Golub and LeVeque 1983, eq. 1.7). Values are first taken relative to their first one, which is
 * exact where they lie close together and makes the deviations of a constant exactly 0.
 */
export function centredProducts(x: Float64Array, y: Float64Array): number {
  const dx = deviations(x);
  const dy = y === x ? dx : deviations(y);
  const products = compensatedSumOver(dx.length, (i) => dx[i]! * (dy[i] ?? Number.NaN));
  return products - (compensatedSum(dx) * compensatedSum(dy)) / x.length;
}

/** Of each value from the mean of all; relative to the first value on the way, so that those of a constant are exactly 0. */
export function deviations(values: Float64Array): Float64Array {
  const origin = values[0] ?? Number.NaN;
  const mean = compensatedSumOver(values.length, (i) => values[i]! - origin) / values.length;
  const from = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) from[i] = values[i]! - origin - mean;
  return from;
}
