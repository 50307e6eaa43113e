/** Covariances drawn towards equal variances without covariance: (1 - δ) S + δ μ I, with μ the mean variance. */

/** Of the maximum-likelihood covariance [n × n] (divided by the number of rows): how far to draw it, and the mean variance. */
export interface Shrinkage {
  /** δ, from 0 (as it is) to 1. */
  readonly intensity: number;
  /** μ. */
  readonly meanVariance: number;
}

/**
 * δ by O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices", Journal of
 * Multivariate Analysis 88 (2004) 365, as scikit-learn computes it: the mean squared error of the covariances (from the
 * fourth moments) over their squared distance from μ I.
 *
 * `squares` holds for each row the sum over series of the squared deviations from the series' means: the fourth moments
 * are needed in sum only. 0 for one series.
 */
export function ledoitWolf(covariance: Float64Array, n: number, squares: Float64Array): Shrinkage {
  const rows = squares.length;
  const meanVariance = trace(covariance, n) / n;
  if (n <= 1) return { intensity: 0, meanVariance };
  let fourth = 0;
  for (const square of squares) fourth += square * square;
  let squared = 0;
  for (let at = 0; at < n * n; at++) squared += (covariance[at] ?? Number.NaN) ** 2;
  const distance = (squared - n * meanVariance * meanVariance) / n;
  const error = Math.min((fourth / rows - squared) / (n * rows), distance);
  return { intensity: error === 0 ? 0 : error / distance, meanVariance };
}

/**
 * δ by Y. Chen, A. Wiesel, Y. C. Eldar and A. O. Hero, "Shrinkage algorithms for MMSE covariance estimation", IEEE
 * Transactions on Signal Processing 58 (2010) 5016: the oracle approximating shrinkage, as scikit-learn computes it
 * (equation 23 without the terms of 2 / n).
 */
export function oracleApproximating(covariance: Float64Array, n: number, rows: number): Shrinkage {
  const meanVariance = trace(covariance, n) / n;
  if (n <= 1) return { intensity: 0, meanVariance };
  let squared = 0;
  for (let at = 0; at < n * n; at++) squared += (covariance[at] ?? Number.NaN) ** 2;
  const mean = squared / (n * n);
  const numerator = mean + meanVariance * meanVariance;
  const denominator = (rows + 1) * (mean - (meanVariance * meanVariance) / n);
  return { intensity: denominator === 0 ? 1 : Math.min(numerator / denominator, 1), meanVariance };
}

/** Draws the covariance in place. */
export function shrink(covariance: Float64Array, n: number, { intensity, meanVariance }: Shrinkage): void {
  for (let at = 0; at < n * n; at++) covariance[at] = (1 - intensity) * (covariance[at] ?? Number.NaN);
  for (let i = 0; i < n; i++) covariance[i * n + i] = (covariance[i * n + i] ?? Number.NaN) + intensity * meanVariance;
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i] ?? Number.NaN;
  return sum;
}
