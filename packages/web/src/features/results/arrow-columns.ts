/** Arrow columns as plain typed arrays, missing values as NaN. */
import { DataType, type Data, type RecordBatch, type Vector } from 'apache-arrow';

/** The only chunk of a column of one record batch. */
function dataOf(batch: RecordBatch, column: number): Data {
  const data = batch.getChildAt(column)?.data[0];
  if (data === undefined) throw new RangeError(`A record batch of ${batch.numCols} columns has no column ${column}.`);
  return data;
}

export function isPresent(data: Data, row: number): boolean {
  if (data.nullCount === 0 || data.nullBitmap === undefined || data.nullBitmap.length === 0) return true;
  const bit = data.offset + row;
  return ((data.nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 1;
}

/**
 * A numeric column as floating-point numbers. Times are microseconds, as stored (exact up to the year 2255). The
 * values are a view of the batch where nothing is missing and they are floating-point already.
 */
export function realsOf(batch: RecordBatch, column: number): Float64Array | Float32Array {
  const data = dataOf(batch, column);
  const { values } = data as { values: unknown };
  const complete = data.nullCount === 0;
  if (values instanceof Float64Array || values instanceof Float32Array) {
    if (complete) return values.subarray(0, data.length);
    return values.slice(0, data.length).map((value, row) => (isPresent(data, row) ? value : Number.NaN));
  }
  const vector = batch.getChildAt(column) as Vector;
  const integers: ArrayLike<number | bigint> | null = values instanceof BigInt64Array || values instanceof Int32Array ? values : null;
  return Float64Array.from({ length: data.length }, (_, row) => (isPresent(data, row) ? Number(integers === null ? vector.get(row) : integers[row]) : Number.NaN));
}

/** A value of a time or row-number column as it is stored; null where missing. */
export function integerAt(batch: RecordBatch, column: number, row: number): bigint | null {
  const data = dataOf(batch, column);
  const { values } = data as { values: unknown };
  if (!isPresent(data, row)) return null;
  return values instanceof BigInt64Array ? values[row]! : BigInt(Number(batch.getChildAt(column)?.get(row)));
}

export function isNumeric(type: DataType): boolean {
  return DataType.isFloat(type) || DataType.isInt(type);
}

/** Consecutive rows that have the same text, found without making a string per row. */
export interface Run {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export function runsOf(batch: RecordBatch, column: number): Run[] {
  const data = dataOf(batch, column);
  const vector = batch.getChildAt(column) as Vector;
  const { valueOffsets, values } = data as { valueOffsets?: unknown; values: unknown };
  const same = DataType.isUtf8(data.type) && valueOffsets instanceof Int32Array && values instanceof Uint8Array ? sameBytes(valueOffsets, values) : (a: number, b: number) => vector.get(a) === vector.get(b);
  const runs: Run[] = [];
  let from = 0;
  for (let row = 1; row <= data.length; row++) {
    if (row < data.length && same(row - 1, row)) continue;
    runs.push({ text: String(vector.get(from)), from, to: row });
    from = row;
  }
  return runs;
}

function sameBytes(offsets: Int32Array, bytes: Uint8Array): (a: number, b: number) => boolean {
  return (a, b) => {
    const [startA, startB] = [offsets[a]!, offsets[b]!];
    const length = offsets[a + 1]! - startA;
    if (offsets[b + 1]! - startB !== length) return false;
    for (let i = 0; i < length; i++) if (bytes[startA + i] !== bytes[startB + i]) return false;
    return true;
  };
}
