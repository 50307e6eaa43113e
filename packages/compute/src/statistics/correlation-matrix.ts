/** Correlation matrices [n × n], whole: from covariances, and given all other variables. */

/** Standard deviations of a covariance matrix. */
export function standardDeviations(covariance: Float64Array, n: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: n }, (_, i) => Math.sqrt(covariance[i * n + i] ?? Number.NaN));
}

/**
 * Divides a covariance, in place, by the standard deviations of its rows and columns: r within [-1, 1] and 1 on the
 * diagonal; NaN where a variable does not vary.
 */
export function toCorrelation(covariance: Float64Array, n: number, deviations = standardDeviations(covariance, n)): void {
  for (let i = 0; i < n; i++) {
    const own = deviations[i] ?? Number.NaN;
    for (let j = 0; j < n; j++) {
      const r = (covariance[i * n + j] ?? Number.NaN) / (own * (deviations[j] ?? Number.NaN));
      covariance[i * n + j] = i === j && !Number.isNaN(r) ? 1 : Math.min(1, Math.max(-1, r));
    }
  }
}

/**
 * Partial correlations, in place of the inverse P of a correlation (or covariance) matrix: of variables i and j given all
 * others, -P_ij / √(P_ii P_jj); 1 on the diagonal.
 */
export function toPartialCorrelation(inverse: Float64Array, n: number): void {
  const deviations = standardDeviations(inverse, n);
  toCorrelation(inverse, n, deviations);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) inverse[i * n + j] = -(inverse[i * n + j] ?? Number.NaN);
}
