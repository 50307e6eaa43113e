/** Series that an estimator cannot take. */
import type { InformationMeasureParams } from '@corrente/shared/contract/analyses/information-measure';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';

/**
 * Throws `missing-values`, `not-discrete`, `constant-series` or `duplicate-series`, naming the series and the figure.
 * A discrete series may be constant or like another: its entropy is 0, and what two like it share is their entropy.
 */
export function checkSeries(used: ReadonlySet<number>, params: InformationMeasureParams, frame: Frame): void {
  for (const s of used) checkMissing(s, frame);
  if (params.estimator === 'discrete') {
    if (params.bins === null || params.binning === 'none') for (const s of used) checkWhole(s, frame);
    return;
  }
  for (const s of used) checkConstant(s, frame);
  checkDistinct(used, frame);
}

const valuesOf = ({ values, stride, length }: Frame, s: number): Float64Array => values.subarray(s * stride, s * stride + length);

function checkMissing(s: number, frame: Frame): void {
  const missing = frame.length - (frame.present[s] ?? 0);
  if (missing === 0) return;
  const first = valuesOf(frame, s).findIndex((value) => Number.isNaN(value));
  throw new CorrenteError('missing-values', `${frame.names[s]} has ${missing} missing of ${frame.length} values, the first in row ${first}; information measures need every value.`);
}

function checkWhole(s: number, frame: Frame): void {
  const values = valuesOf(frame, s);
  const row = values.findIndex((value) => !Number.isInteger(value));
  if (row >= 0) throw new CorrenteError('not-discrete', `${frame.names[s]} is ${values[row]} in row ${row}; the discrete estimator takes whole numbers, or bins.`, { places: [{ pointer: '/params/bins', detail: 'must be given for values that are not whole' }] });
}

function checkConstant(s: number, frame: Frame): void {
  const values = valuesOf(frame, s);
  if (!values.every((value) => value === values[0])) return;
  throw new CorrenteError('constant-series', `${frame.names[s]} is ${values[0]} in all of its ${frame.length} rows; information is about what varies.`);
}

/** Two series that are equal in every row: found by the sum of their values, then compared. */
function checkDistinct(used: ReadonlySet<number>, frame: Frame): void {
  const bySum = new Map<number, number[]>();
  for (const s of used) {
    const values = valuesOf(frame, s);
    const sum = values.reduce((total, value) => total + value, 0);
    const like = bySum.get(sum) ?? [];
    const same = like.find((other) => valuesOf(frame, other).every((value, t) => value === values[t]));
    if (same !== undefined) throw new CorrenteError('duplicate-series', `${frame.names[same]} and ${frame.names[s]} are equal in all of their ${frame.length} rows.`);
    bySum.set(sum, [...like, s]);
  }
}
