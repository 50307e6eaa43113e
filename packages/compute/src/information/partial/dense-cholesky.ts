/** Cholesky factors of dense matrices that may be close to singular, as the last steps of an interior-point method make them. */

/** A pivot below this share of its diagonal entry is noise: its variable is left at 0. */
const negligible = 1e-14;

/** Lower triangle [n × n], row-major; a symmetric positive semi-definite matrix becomes its factor in place. */
export function factorise(matrix: Float64Array, n: number): void {
  for (let i = 0; i < n; i += 1) {
    const row = i * n;
    const diagonal = matrix[row + i] ?? 0;
    for (let j = 0; j <= i; j += 1) {
      const other = j * n;
      let rest = matrix[row + j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (matrix[row + k] ?? 0) * (matrix[other + k] ?? 0);
      if (j < i) matrix[row + j] = rest / (matrix[other + j] ?? 1);
      else matrix[row + i] = rest > negligible * diagonal ? Math.sqrt(rest) : Number.POSITIVE_INFINITY;
    }
  }
}

/** Solves L Lᵀ x = b for a factor of `factorise`; b becomes x. */
export function solve(factor: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i += 1) {
    let rest = b[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (factor[i * n + k] ?? 0) * (b[k] ?? 0);
    b[i] = rest / (factor[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    const value = (b[i] ?? 0) / (factor[i * n + i] ?? 1);
    b[i] = value;
    for (let k = 0; k < i; k += 1) b[k] = (b[k] ?? 0) - (factor[i * n + k] ?? 0) * value;
  }
}
