/** Pearson's and Spearman's correlation and covariance, slow and plain. */
import type { Columns } from '../../src/engine/contract.ts';
import { seriesOf } from '../series/columns.ts';
import { centredProducts } from './sum.ts';

export interface PairOracle {
  readonly r: number;
  readonly n: number;
}

const constant = (values: Float64Array): boolean => values.every((value) => value === values[0]);

/** Two series at the rows where both are present. */
export function commonRows(a: Float64Array, b: Float64Array): [Float64Array, Float64Array] {
  const common = (values: Float64Array): Float64Array => values.filter((_, t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  return [common(a), common(b)];
}

/** r of two series over the rows where both are present; NaN with fewer than 2, or where one is constant over them. */
export function pearsonOracle(a: Float64Array, b: Float64Array): PairOracle {
  const [x, y] = commonRows(a, b);
  if (x.length < 2 || constant(x) || constant(y)) return { r: Number.NaN, n: x.length };
  const r = centredProducts(x, y) / Math.sqrt(centredProducts(x, x)) / Math.sqrt(centredProducts(y, y));
  return { r: Math.min(1, Math.max(-1, r)), n: x.length };
}

/** Covariance over the rows where both are present; NaN with fewer than 2, or not more than ddof. */
export function covarianceOracle(a: Float64Array, b: Float64Array, ddof: number): PairOracle {
  const [x, y] = commonRows(a, b);
  return { r: x.length < 2 || x.length <= ddof ? Number.NaN : centredProducts(x, y) / (x.length - ddof), n: x.length };
}

/** Ranks from 1, by counting what is smaller; ties have their mean. */
export const ranksOf = (values: Float64Array): Float64Array =>
  values.map((value) => values.reduce((rank, other) => rank + (other < value ? 1 : other === value ? 0.5 : 0), 0.5));

/** Pearson's r of the ranks that two series have over their common rows. */
export function spearmanOracle(a: Float64Array, b: Float64Array): PairOracle {
  const [x, y] = commonRows(a, b);
  return pearsonOracle(ranksOf(x), ranksOf(y));
}

/** The whole matrix, row-major; where the coefficient is normalised, that of a series with itself is exactly 1. */
export function matrixOracle(columns: Columns, of: (a: Float64Array, b: Float64Array) => PairOracle, normalised: boolean): { readonly r: Float64Array; readonly n: Int32Array } {
  const { series } = columns;
  const r = new Float64Array(series * series);
  const n = new Int32Array(series * series);
  for (let a = 0; a < series; a++) {
    for (let b = 0; b <= a; b++) {
      const pair = of(seriesOf(columns, a), seriesOf(columns, b));
      for (const place of [a * series + b, b * series + a]) {
        r[place] = normalised && a === b && !Number.isNaN(pair.r) ? 1 : pair.r;
        n[place] = pair.n;
      }
    }
  }
  return { r, n };
}

export const correlationOracle = (columns: Columns): { readonly r: Float64Array; readonly n: Int32Array } => matrixOracle(columns, pearsonOracle, true);
