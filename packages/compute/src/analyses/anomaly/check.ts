/** What anomalies are not looked for in. */
import { type AnomalyParams, exclusionOf } from '@corrente/shared/contract/analyses/anomaly';
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';
import { refuseTrials } from '../series-group.ts';
import { describedRows, featureTable } from './isolation.ts';

function refuse(code: ErrorCode, name: keyof AnomalyParams, detail: string): never {
  throw new CorrenteError(code, `anomaly: /params/${name} ${detail}.`, { places: [{ pointer: `/params/${name}`, detail }] });
}

/** Throws `trials-unsupported`, `too-few-samples`, `window-too-long` or `constant-series`. */
export function checkAnomaly(params: AnomalyParams, frame: Frame): void {
  refuseTrials(frame);
  const { method, window, season } = params;
  const { length } = frame;
  if (length < 3) throw new CorrenteError('too-few-samples', `anomaly needs at least 3 rows to tell one from the others; there are ${length}.`);
  if (window !== null && window > length) refuse('window-too-long', 'window', `is ${window}, and there are ${length} rows`);
  if (method === 'matrix-profile' && window !== null && length - window <= exclusionOf(params)) refuse('window-too-long', 'window', `is ${window}; ${length} rows have no two such windows more than ${exclusionOf(params)} rows apart`);
  if (method === 'seasonal-residual' && length < 3 * (season ?? 2)) refuse('too-few-samples', 'season', `is ${season ?? 'to be found'}, and there are ${length} rows; at least three seasons are needed`);
  for (let s = 0; s < frame.series; s++) checkVarying(frame, s);
  if (method === 'isolation-forest') checkDescribed(params, frame);
}

function checkVarying({ values, stride, length, names, present }: Frame, s: number): void {
  if (present[s] === 0) throw new CorrenteError('missing-values', `${names[s]} has no value in its ${length} rows.`);
  const row = values.subarray(s * stride, s * stride + length);
  const first = row.find((value) => !Number.isNaN(value));
  if (row.every((value) => Number.isNaN(value) || value === first)) throw new CorrenteError('constant-series', `${names[s]} is ${first} wherever it has a value; no row of it stands apart.`);
}

/** Rows without a missing feature must be there. */
function checkDescribed({ lags, spacing, together }: AnomalyParams, frame: Frame): void {
  const few = (name: string, count: number): void => {
    if (count < 2) refuse('too-few-samples', 'lags', `is ${lags} with a spacing of ${spacing}: ${name} has ${count} rows in which all of these values are present, and a forest needs at least 2`);
  };
  if (together) return few('the series together', describedRows(featureTable(frame, lags, spacing)).length);
  for (let s = 0; s < frame.series; s++) {
    const row = { ...frame, values: frame.values.subarray(s * frame.stride, s * frame.stride + frame.length), series: 1 };
    few(frame.names[s] ?? '', describedRows(featureTable(row, lags, spacing)).length);
  }
}
