/** The slow truth about jointly normal variables: determinants and quadratic forms of whole covariance matrices. */
import { seriesOf } from '../series/columns.ts';
import type { Columns } from '../../src/engine/contract.ts';

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const list = (columns: Columns): Float64Array[] => Array.from({ length: columns.series }, (_, s) => seriesOf(columns, s));

/** Covariances over N − 1 of the variables. */
export function covariance(variables: readonly Float64Array[]): number[][] {
  const centred = variables.map((values) => values.map((value) => value - mean(values)));
  return centred.map((a) => centred.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / (a.length - 1)));
}

/** Solves A x = b and gives ln |det A|, by Gauss's elimination with pivots. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): { x: number[]; logDeterminant: number } {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  let logDeterminant = 0;
  for (let k = 0; k < rows.length; k += 1) {
    rows.splice(k, rows.length - k, ...rows.slice(k).toSorted((a, b) => Math.abs(b[k] ?? 0) - Math.abs(a[k] ?? 0)));
    const pivot = rows[k]?.[k] ?? 0;
    logDeterminant += Math.log(Math.abs(pivot));
    for (let i = 0; i < rows.length; i += 1) {
      if (i === k) continue;
      const factor = (rows[i]?.[k] ?? 0) / pivot;
      rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (rows[k]?.[j] ?? 0));
    }
  }
  return { x: rows.map((row, i) => (row.at(-1) ?? 0) / (row[i] ?? 1)), logDeterminant };
}

/**
 * I(X; Y | Z) in nats and the contribution of each realisation. `means` (of X, Y and Z, in this order) are those that
 * the quadratic forms are centred with: the samples' own unless given.
 */
export function gaussianOracle(x: Columns, y: Columns, z: Columns, means?: readonly number[]): { value: number; locals: Float64Array } {
  const [xs, ys, zs] = [list(x), list(y), list(z)];
  const centres = means ?? [...xs, ...ys, ...zs].map(mean);
  const centreOf = new Map([...xs, ...ys, ...zs].map((series, i) => [series, centres[i] ?? 0]));
  const surprise = (variables: readonly Float64Array[]): ((t: number) => { log: number; form: number }) => {
    const matrix = covariance(variables);
    return (t) => {
      const point = variables.map((series) => (series[t] ?? 0) - (centreOf.get(series) ?? 0));
      const { x: solved, logDeterminant } = solve(matrix, point);
      return { log: logDeterminant, form: solved.reduce((sum, value, i) => sum + value * (point[i] ?? 0), 0) };
    };
  };
  const [all, given, xz, yz] = [surprise([...xs, ...ys, ...zs]), surprise(zs), surprise([...xs, ...zs]), surprise([...ys, ...zs])];
  const locals = Float64Array.from({ length: x.length }, (_, t) => 0.5 * (xz(t).log + xz(t).form + yz(t).log + yz(t).form - all(t).log - all(t).form - given(t).log - given(t).form));
  return { value: 0.5 * (xz(0).log + yz(0).log - all(0).log - given(0).log), locals };
}
