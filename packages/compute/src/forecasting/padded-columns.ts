import type { Columns } from '../engine/contract.ts';

/** The columns with so many rows of 0 after their last. */
export function paddedColumns({ values, series, length, stride }: Columns, rows: number): Columns {
  const wider = Math.ceil((length + rows) / 8) * 8;
  const out = new Float64Array(series * wider);
  for (let s = 0; s < series; s++) out.set(values.subarray(s * stride, s * stride + length), s * wider);
  return { values: out, series, length: length + rows, stride: wider };
}
