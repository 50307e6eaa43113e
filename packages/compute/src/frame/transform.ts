/** Transforms of single series. */
import type { JobInput } from '@corrente/shared/contract/job';

export type Transform = JobInput['transform'];

/** Rows at the beginning that a transform has no value for, and that the frame therefore leaves out. */
export function rowsLost(transform: Transform): 0 | 1 {
  return transform === 'difference' || transform === 'return' || transform === 'log-return' ? 1 : 0;
}

/** A value for which the transform is not defined: the row before the transform, and why. */
export interface OutOfDomain {
  readonly row: number;
  readonly value: number;
  readonly reason: string;
}

/**
 * Transforms one series in place; NaN stays NaN, and makes NaN of what needs it. difference, return and log-return
 * give one value less: they stand from row 0 on, and the last row is NaN.
 *
 * return: x[t] / x[t-1] - 1. log-return: log x[t] - log x[t-1]. zscore: by the mean and the standard deviation
 * (ddof 1) of the present values; all NaN where that is zero or there are fewer than two. rank: 1 for the smallest;
 * equal values share the mean of their ranks.
 */
export function transformSeries(values: Float64Array, transform: Transform): OutOfDomain | null {
  switch (transform) {
    case 'none':
      return null;
    case 'difference':
      return eachPair(values, (before, value) => value - before, () => 'the difference is too large for a double');
    case 'return':
      return eachPair(values, (before, value) => value / before - 1, (before) => (before === 0 ? 'the value before is 0' : 'the return is too large for a double'));
    case 'log-return':
      return logReturns(values);
    case 'zscore':
      zscore(values);
      return null;
    case 'rank':
      rank(values);
      return null;
  }
}

function eachPair(values: Float64Array, make: (before: number, value: number) => number, reason: (before: number) => string): OutOfDomain | null {
  let before = values[0] ?? Number.NaN;
  for (let row = 1; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    const made = make(before, value);
    // 0 / 0 is NaN without a missing value.
    if ((Number.isNaN(made) && !Number.isNaN(value) && !Number.isNaN(before)) || made === Infinity || made === -Infinity) return { row, value, reason: reason(before) };
    values[row - 1] = made;
    before = value;
  }
  if (values.length > 0) values[values.length - 1] = Number.NaN;
  return null;
}

function logReturns(values: Float64Array): OutOfDomain | null {
  let before = Number.NaN;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (value <= 0) return { row, value, reason: 'a logarithm needs values above 0' };
    const logarithm = Math.log(value);
    if (row > 0) values[row - 1] = logarithm - before;
    before = logarithm;
  }
  if (values.length > 0) values[values.length - 1] = Number.NaN;
  return null;
}

function zscore(values: Float64Array): void {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // Of equal values the mean may round to something else, so a constant series is known by its extremes.
  if (!(high > low)) {
    values.fill(Number.NaN);
    return;
  }
  // Squares of very large or very small values leave the range of a double; a power of two changes no digit.
  const scale = 2 ** -Math.max(-1000, Math.min(1000, Math.ceil(Math.log2(Math.max(Math.abs(low), Math.abs(high))))));
  let [count, sum] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value * scale;
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value * scale - mean) ** 2;
  const deviation = Math.sqrt(squares / (count - 1));
  for (let row = 0; row < values.length; row++) values[row] = ((values[row] ?? Number.NaN) * scale - mean) / deviation;
}

function rank(values: Float64Array): void {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    // sort() puts -0 before 0, but they are equal: both bounds compare by value.
    const below = countBelow(sorted, value, false);
    const upTo = countBelow(sorted, value, true);
    values[row] = (below + upTo + 1) / 2;
  }
}

function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle] ?? 0;
    if (other < value || (orEqual && other === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
