/** Listwise deletion: the rows where every series is present. */
import type { Columns } from '../../engine/contract.ts';

/** The block without the rows where any series is missing; the block itself where there is none. */
export function listwiseRows(columns: Columns): Columns {
  const incomplete = incompleteRows(columns);
  const kept = Int32Array.from(incomplete.keys()).filter((t) => incomplete[t] === 0);
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

/**
 * The block with every series missing in the rows where any is, for what looks from one row to another: rows that were
 * taken out would bring distant ones together. The block itself where there is none.
 */
export function listwiseMissing(columns: Columns): Columns {
  const incomplete = incompleteRows(columns);
  const rows = Int32Array.from(incomplete.keys()).filter((t) => incomplete[t] === 1);
  if (rows.length === 0) return columns;
  const values = columns.values.slice();
  for (let s = 0; s < columns.series; s++) for (const t of rows) values[s * columns.stride + t] = Number.NaN;
  return { ...columns, values };
}

function incompleteRows({ values, series, length, stride }: Columns): Uint8Array {
  const missing = new Uint8Array(length);
  for (let s = 0; s < series; s++) {
    const row = values.subarray(s * stride, s * stride + length);
    for (let t = 0; t < length; t++) if (Number.isNaN(row[t])) missing[t] = 1;
  }
  return missing;
}
