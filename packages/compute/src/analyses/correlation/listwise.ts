/** Listwise deletion: the rows where every series is present. */
import type { Columns } from '../../engine/contract.ts';

/** The block without the rows where any series is missing; the block itself where there is none. */
export function listwiseRows(columns: Columns): Columns {
  const kept = completeRows(columns);
  if (kept.length === columns.length) return columns;
  const stride = Math.ceil(kept.length / 8) * 8;
  const values = new Float64Array(columns.series * stride).fill(Number.NaN);
  for (let s = 0; s < columns.series; s++) {
    const from = s * columns.stride;
    const to = s * stride;
    for (let k = 0; k < kept.length; k++) values[to + k] = columns.values[from + (kept[k] ?? 0)] ?? Number.NaN;
  }
  return { values, series: columns.series, length: kept.length, stride };
}

function completeRows({ values, series, length, stride }: Columns): Int32Array {
  const missing = new Uint8Array(length);
  for (let s = 0; s < series; s++) {
    const row = values.subarray(s * stride, s * stride + length);
    for (let t = 0; t < length; t++) if (Number.isNaN(row[t])) missing[t] = 1;
  }
  return Int32Array.from(missing, (_, t) => t).filter((t) => missing[t] === 0);
}
