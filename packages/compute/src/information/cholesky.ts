/** Cholesky factors of small correlation matrices whose variables may be linearly redundant. */

/** Below this share of its own variance a variable is taken for a linear combination of those before it. */
export const redundant = 1e-12;

/** The lower factor L [kept × kept] of the rows and columns that are not redundant, row-major in `rows`. */
export interface CholeskyFactor {
  readonly rows: readonly Float64Array[];
  /** Indices of the variables that are kept, ascending. */
  readonly kept: readonly number[];
  /** ln of the determinant of the kept part. */
  readonly logDeterminant: number;
}

/**
 * Factorises a symmetric positive semi-definite matrix. A variable is left out where what the variables before it
 * leave of its variance is at most `redundant` times `scale(variable)` (its variance, usually 1).
 */
export function cholesky(matrix: readonly Float64Array[], scale: (variable: number) => number = () => 1): CholeskyFactor {
  const rows: Float64Array[] = [];
  const kept: number[] = [];
  let logDeterminant = 0;
  for (let i = 0; i < matrix.length; i += 1) {
    const row = forwardSolve(rows, Float64Array.from(kept, (j) => matrix[i]?.[j] ?? 0));
    let rest = matrix[i]?.[i] ?? 0;
    for (const value of row) rest -= value * value;
    if (!(rest > redundant * scale(i))) continue;
    rows.push(Float64Array.of(...row, Math.sqrt(rest)));
    kept.push(i);
    logDeterminant += Math.log(rest);
  }
  return { rows, kept, logDeterminant };
}

/** w with L w = b. */
export function forwardSolve(rows: readonly Float64Array[], b: Float64Array): Float64Array {
  const w = new Float64Array(rows.length);
  for (const [i, row] of rows.entries()) {
    let rest = b[i] ?? 0;
    for (let j = 0; j < i; j += 1) rest -= (row[j] ?? 0) * (w[j] ?? 0);
    w[i] = rest / (row[i] ?? 1);
  }
  return w;
}
