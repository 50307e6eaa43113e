/** Emitted columns as Arrow data: views of the typed arrays where they can be, validity from NaN. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { type Data, type DataType, Float32, Float64, Int32, Int64, makeData, Timestamp, Type, Utf8 } from 'apache-arrow';
import type { IndexedStrings, PartColumn, RepeatedStrings } from '../analyses/analysis.ts';
import { encodeIndexed, encodeList, encodeRepeated, type Utf8Column } from './encode-strings.ts';

/** Rows of an emitted column. */
export function columnRows(column: PartColumn): number {
  if ('counts' in column) return column.counts.reduce((sum, count) => sum + count, 0);
  return 'indices' in column ? column.indices.length : column.length;
}

/** Cuts a column into pieces of at most `size` rows; typed arrays are viewed, not copied. */
export function* slices(column: PartColumn, size: number): Generator<PartColumn> {
  if ('counts' in column) {
    yield* repeatedSlices(column, size);
  } else if ('indices' in column) {
    for (let from = 0; from < column.indices.length; from += size) yield { names: column.names, indices: column.indices.subarray(from, from + size) };
  } else {
    for (let from = 0; from < column.length; from += size) yield isList(column) ? column.slice(from, from + size) : column.subarray(from, from + size);
  }
}

function* repeatedSlices({ names, counts }: RepeatedStrings, size: number): Generator<RepeatedStrings> {
  let piece: { names: string[]; counts: number[] } = { names: [], counts: [] };
  let room = size;
  for (const [i, name] of names.entries()) {
    for (let left = counts[i] ?? 0; left > 0; ) {
      const taken = Math.min(left, room);
      piece.names.push(name);
      piece.counts.push(taken);
      left -= taken;
      room -= taken;
      if (room > 0) continue;
      yield piece;
      piece = { names: [], counts: [] };
      room = size;
    }
  }
  if (room < size) yield piece;
}

/**
 * A column as Arrow data of the type its schema declares. NaN in floating-point columns becomes null, and its bits the
 * one canonical NaN, so that equal results are equal bytes. `internal` where an analysis emitted another kind of
 * column than its contract declares.
 */
export function encodeColumn(column: PartColumn, type: DataType, place: string): Data {
  if (type instanceof Utf8) return utf8Data(column, type, place);
  if (type instanceof Float64 && column instanceof Float64Array) return makeData({ type, data: column, ...validity(column) });
  if (type instanceof Float32 && column instanceof Float32Array) return makeData({ type, data: column, ...validity(column) });
  if (type instanceof Int32 && column instanceof Int32Array) return makeData({ type, data: column, nullCount: 0 });
  if ((type instanceof Int64 || type instanceof Timestamp) && column instanceof BigInt64Array) return int64Data(type, column);
  throw new CorrenteError('internal', `${place} was emitted as ${kindOf(column)}, expected values of the Arrow type ${Type[type.typeId]}.`);
}

function int64Data(type: Int64 | Timestamp, data: BigInt64Array): Data {
  return type instanceof Int64 ? makeData({ type, data, nullCount: 0 }) : makeData({ type, data, nullCount: 0 });
}

function validity(values: Float64Array | Float32Array): { nullCount: number; nullBitmap?: Uint8Array } {
  let at = 0;
  while (at < values.length && !Number.isNaN(values[at])) at++;
  if (at === values.length) return { nullCount: 0 };
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8)).fill(0xff);
  let nullCount = 0;
  for (; at < values.length; at++) {
    if (!Number.isNaN(values[at])) continue;
    values[at] = Number.NaN;
    nullBitmap[at >> 3] = (nullBitmap[at >> 3] ?? 0) & ~(1 << (at & 7));
    nullCount += 1;
  }
  const spare = values.length & 7;
  if (spare > 0) nullBitmap[nullBitmap.length - 1] = (nullBitmap.at(-1) ?? 0) & ((1 << spare) - 1);
  return { nullCount, nullBitmap };
}

function utf8Data(column: PartColumn, type: Utf8, place: string): Data {
  const { offsets, bytes, nullCount, nullBitmap } = utf8Column(column, place);
  return makeData({ type, length: offsets.length - 1, nullCount, nullBitmap, valueOffsets: offsets, data: bytes });
}

function utf8Column(column: PartColumn, place: string): Utf8Column {
  if (isList(column)) return encodeList(column);
  if ('counts' in column) return encodeRepeated(column);
  if (isIndexed(column)) return encodeIndexed(column);
  throw new CorrenteError('internal', `${place} was emitted as ${kindOf(column)}, expected strings.`);
}

function isList(column: PartColumn): column is readonly (string | null)[] {
  return Array.isArray(column);
}

function isIndexed(column: PartColumn): column is IndexedStrings {
  return 'indices' in column;
}

function kindOf(column: PartColumn): string {
  return isList(column) || 'names' in column ? 'strings' : column.constructor.name;
}
