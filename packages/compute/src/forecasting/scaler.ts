/** Standardisation by the train rows alone. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';
import type { RowRange } from './split.ts';

export interface Scaler {
  readonly mean: Float64Array<ArrayBuffer>;
  /** With n in the denominator; above 0. */
  readonly deviation: Float64Array<ArrayBuffer>;
}

/** Mean and standard deviation of each series named in `which` over some rows. Throws `constant-series`. */
export function fitScaler({ values, stride }: Columns, names: readonly string[], which: readonly number[], rows: RowRange): Scaler {
  const n = rows.to - rows.from;
  const mean = new Float64Array(which.length);
  const deviation = new Float64Array(which.length);
  for (const [k, series] of which.entries()) {
    const train = values.subarray(series * stride + rows.from, series * stride + rows.to);
    let sum = 0;
    for (const value of train) sum += value;
    mean[k] = sum / n;
    let squares = 0;
    for (const value of train) squares += (value - mean[k]) ** 2;
    // Of equal values the mean may be off by its last bit.
    const constant = train.every((value) => value === train[0]);
    deviation[k] = constant ? 0 : Math.sqrt(squares / n);
  }
  const constant = which.filter((_, k) => !(deviation[k]! > 0)).map((series) => names[series] ?? '');
  if (constant.length > 0) throw new CorrenteError('constant-series', `${constant.slice(0, 5).join(', ')}${constant.length > 5 ? ` and ${constant.length - 5} more` : ''} ${constant.length === 1 ? 'does' : 'do'} not vary over the train rows ${rows.from} to ${rows.to - 1}, and cannot be standardised.`);
  return { mean, deviation };
}

/** A standardised copy of the series in `which`, in that order. */
export function standardised({ values, stride, length }: Columns, which: readonly number[], { mean, deviation }: Scaler): Columns {
  const out = new Float64Array(which.length * stride);
  for (const [k, series] of which.entries()) {
    const [centre, scale] = [mean[k]!, deviation[k]!];
    for (let t = 0; t < length; t++) out[k * stride + t] = (values[series * stride + t]! - centre) / scale;
  }
  return { values: out, series: which.length, length, stride };
}
