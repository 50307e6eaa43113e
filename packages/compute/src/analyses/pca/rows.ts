/** The rows that take part in an analysis of complete rows. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';

/** Rows where every series is present, ascending. */
export function completeRows({ values, series, length, stride }: Columns): Int32Array<ArrayBuffer> {
  const missing = new Uint8Array(length);
  for (let s = 0; s < series; s++) for (let t = 0; t < length; t++) if (Number.isNaN(values[s * stride + t])) missing[t] = 1;
  return Int32Array.from(missing.keys()).filter((t) => missing[t] === 0);
}

/** The block of some of its rows. */
export function rowsOf({ values, series, stride }: Columns, rows: Int32Array): Columns {
  const width = Math.ceil(rows.length / 8) * 8;
  const taken = new Float64Array(series * width);
  for (let s = 0; s < series; s++) for (let k = 0; k < rows.length; k++) taken[s * width + k] = values[s * stride + (rows[k] ?? 0)] ?? Number.NaN;
  return { values: taken, series, length: rows.length, stride: width };
}

/** The frame without the series that have a missing value; the frame itself where none has. */
export function completeSeries(frame: Frame): Frame {
  const kept = Int32Array.from(frame.present.keys()).filter((s) => frame.present[s] === frame.length);
  if (kept.length === frame.series) return frame;
  const values = new Float64Array(kept.length * frame.stride);
  for (const [to, from] of kept.entries()) values.set(frame.values.subarray(from * frame.stride, from * frame.stride + frame.length), to * frame.stride);
  return { ...frame, values, series: kept.length, names: Array.from(kept, (s) => frame.names[s] ?? ''), present: Uint32Array.from(kept, () => frame.length), fields: new Map() };
}

/** Throws `missing-values`, naming the series that has most and the counts. */
export function refuseMissing(frame: Frame, analysis: string, instead: string): void {
  const missing = Array.from(frame.present, (present) => frame.length - present);
  const some = missing.filter((count) => count > 0).length;
  if (some === 0) return;
  const most = missing.indexOf(Math.max(...missing));
  throw new CorrenteError('missing-values', `${analysis} was given ${some} series with missing values of ${frame.series}, ${frame.names[most]} with most: ${missing[most]} of its ${frame.length} rows. Fill them, or ${instead}.`, {
    places: [{ pointer: '/params/missing', detail: 'is error, and values are missing' }],
  });
}
