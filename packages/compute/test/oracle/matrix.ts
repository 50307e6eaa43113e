/** Matrices, slow and plain: rows of numbers. */
export type Matrix = readonly (readonly number[])[];

export const multiply = (a: Matrix, b: Matrix): number[][] => a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? Number.NaN), 0)));

export const transposed = (a: Matrix): number[][] => (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? Number.NaN));

/** By Gauss and Jordan, with the largest pivot of each column. */
export function inverse(matrix: Matrix): number[][] {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let k = 0; k < n; k++) {
    const pivotAt = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0) ? i : best), k);
    [rows[k], rows[pivotAt]] = [rows[pivotAt] ?? [], rows[k] ?? []];
    const pivot = rows[k]?.[k] ?? Number.NaN;
    rows[k] = (rows[k] ?? []).map((value) => value / pivot);
    for (const [i, row] of rows.entries()) {
      const factor = row[k] ?? Number.NaN;
      if (i !== k) rows[i] = row.map((value, j) => value - factor * (rows[k]?.[j] ?? Number.NaN));
    }
  }
  return rows.map((row) => row.slice(n));
}

/** Covariance of series over their rows, all present, divided by their number. */
export function covariance(series: readonly ArrayLike<number>[]): number[][] {
  const deviations = series.map((values) => {
    const list = Array.from(values);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return list.map((value) => value - mean);
  });
  return deviations.map((x) => deviations.map((y) => x.reduce((sum, value, t) => sum + value * (y[t] ?? Number.NaN), 0) / x.length));
}

/** r of each pair from a covariance. */
export const normalised = (c: Matrix): number[][] => c.map((row, i) => row.map((value, j) => value / Math.sqrt((c[i]?.[i] ?? Number.NaN) * (c[j]?.[j] ?? Number.NaN))));

export const flat = (matrix: Matrix): Float64Array<ArrayBuffer> => Float64Array.from(matrix.flat());
