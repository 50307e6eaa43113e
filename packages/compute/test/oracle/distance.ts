/** Distance correlation, slow and plain. */
import type { PairOracle } from './correlation.ts';
import { compensatedSum } from './sum.ts';

const constant = (values: Float64Array): boolean => values.every((value) => value === values[0]);
const covariance = (p: Float64Array, q: Float64Array): number => compensatedSum(p.map((v, i) => v * (q[i] ?? Number.NaN)));

/**
 * The V-statistic of Székely, Rizzo and Bakirov (2007), definition 4: both matrices of distances doubly centred, the
 * mean of their products over the geometric mean of those of each with itself, and the root of it.
 */
export function distanceOracle(a: Float64Array, b: Float64Array): PairOracle {
  const common = (values: Float64Array): Float64Array => values.filter((_, t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  const [x, y] = [common(a), common(b)];
  if (x.length < 2 || constant(x) || constant(y)) return { r: Number.NaN, n: x.length };
  const [dx, dy] = [centredDistances(x), centredDistances(y)];
  const squared = covariance(dx, dy) / Math.sqrt(covariance(dx, dx)) / Math.sqrt(covariance(dy, dy));
  return { r: Math.sqrt(Math.min(1, Math.max(0, squared))), n: x.length };
}

/** |x_i - x_j| less the means of its row and its column, plus the mean of all, row-major. */
function centredDistances(x: Float64Array): Float64Array {
  const n = x.length;
  // Relative to the largest distance, so that no product leaves the range of a double.
  const range = x.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY) - x.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY);
  const distances = Float64Array.from({ length: n * n }, (_, at) => Math.abs((x[Math.floor(at / n)] ?? 0) - (x[at % n] ?? 0)) / range);
  const means = Float64Array.from({ length: n }, (_, i) => compensatedSum(distances.subarray(i * n, (i + 1) * n)) / n);
  const mean = compensatedSum(means) / n;
  return distances.map((d, at) => d - (means[Math.floor(at / n)] ?? 0) - (means[at % n] ?? 0) + mean);
}
