/** Pearson correlation, slow and plain. */
import type { Columns } from '../../src/engine/contract.ts';
import { seriesOf } from '../series/columns.ts';
import { centredProducts } from './sum.ts';

export interface PairOracle {
  readonly r: number;
  readonly n: number;
}

const constant = (values: Float64Array): boolean => values.every((value) => value === values[0]);

/** r of two series over the rows where both are present; NaN with fewer than 2, or where one is constant over them. */
export function pearsonOracle(a: Float64Array, b: Float64Array): PairOracle {
  const common = (values: Float64Array): Float64Array => values.filter((_, t) => !Number.isNaN(a[t]) && !Number.isNaN(b[t]));
  const [x, y] = [common(a), common(b)];
  if (x.length < 2 || constant(x) || constant(y)) return { r: Number.NaN, n: x.length };
  const r = centredProducts(x, y) / Math.sqrt(centredProducts(x, x)) / Math.sqrt(centredProducts(y, y));
  return { r: Math.min(1, Math.max(-1, r)), n: x.length };
}

/** The whole matrix, row-major. */
export function correlationOracle(columns: Columns): { readonly r: Float64Array; readonly n: Int32Array } {
  const { series } = columns;
  const r = new Float64Array(series * series);
  const n = new Int32Array(series * series);
  for (let a = 0; a < series; a++) {
    for (let b = 0; b <= a; b++) {
      const pair = pearsonOracle(seriesOf(columns, a), seriesOf(columns, b));
      for (const place of [a * series + b, b * series + a]) {
        r[place] = a === b && !Number.isNaN(pair.r) ? 1 : pair.r;
        n[place] = pair.n;
      }
    }
  }
  return { r, n };
}
