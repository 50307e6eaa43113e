/** Emitted columns as Arrow buffers: views of the typed arrays where they can be, validity from NaN. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Bool, type DataType, Float32, Float64, Int32, Int64, Timestamp, Type, Utf8 } from 'apache-arrow';
import type { IndexedStrings, PartColumn, RepeatedStrings } from '../analyses/analysis.ts';
import { encodeIndexed, encodeList, encodeRepeated, type Utf8Column } from './encode-strings.ts';

/** One column of a record batch. */
export interface EncodedColumn {
  readonly length: number;
  readonly nullCount: number;
  /** Validity (empty where nothing is null), offsets for strings, values: in the order of the Arrow format. */
  readonly buffers: readonly Uint8Array[];
}

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
 * A column in the layout of the Arrow type that its schema declares. NaN in floating-point columns becomes null, and
 * its bits the one canonical NaN, so that equal results are equal bytes. `internal` where an analysis emitted another
 * kind of column than its contract declares.
 */
export function encodeColumn(column: PartColumn, type: DataType, place: string): EncodedColumn {
  if (type instanceof Utf8) return utf8Column(column, place);
  if (type instanceof Bool && isListOf(column, 'boolean')) return boolColumn(column);
  if (type instanceof Int32 && isListOf(column, 'number')) return integerColumn(column);
  if ((type instanceof Float64 && column instanceof Float64Array) || (type instanceof Float32 && column instanceof Float32Array)) {
    const { nullCount, bits } = validity(column);
    return { length: column.length, nullCount, buffers: [bits, bytesOf(column)] };
  }
  if ((type instanceof Int32 && column instanceof Int32Array) || ((type instanceof Int64 || type instanceof Timestamp) && column instanceof BigInt64Array)) {
    return { length: column.length, nullCount: 0, buffers: [empty, bytesOf(column)] };
  }
  throw new CorrenteError('internal', `${place} was emitted as ${kindOf(column)}, expected values of the Arrow type ${Type[type.typeId]}.`);
}

const empty = new Uint8Array(0);

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function validity(values: Float64Array | Float32Array): { nullCount: number; bits: Uint8Array } {
  let at = 0;
  while (at < values.length && !Number.isNaN(values[at])) at++;
  if (at === values.length) return { nullCount: 0, bits: empty };
  const bits = new Uint8Array(Math.ceil(values.length / 8)).fill(0xff);
  let nullCount = 0;
  for (; at < values.length; at++) {
    if (!Number.isNaN(values[at])) continue;
    values[at] = Number.NaN;
    bits[at >> 3] = (bits[at >> 3] ?? 0) & ~(1 << (at & 7));
    nullCount += 1;
  }
  const spare = values.length & 7;
  if (spare > 0) bits[bits.length - 1] = (bits.at(-1) ?? 0) & ((1 << spare) - 1);
  return { nullCount, bits };
}

/** Set bits, from the least significant of each byte on. */
function bitmap(length: number, isSet: (row: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(length / 8));
  for (let row = 0; row < length; row++) if (isSet(row)) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  return bits;
}

function listValidity(column: List): { nullCount: number; bits: Uint8Array } {
  const nullCount = column.reduce<number>((count, value) => count + (value === null ? 1 : 0), 0);
  return { nullCount, bits: nullCount === 0 ? empty : bitmap(column.length, (row) => column[row] !== null) };
}

function boolColumn(column: readonly (boolean | null)[]): EncodedColumn {
  const { nullCount, bits } = listValidity(column);
  return { length: column.length, nullCount, buffers: [bits, bitmap(column.length, (row) => column[row] === true)] };
}

function integerColumn(column: readonly (number | null)[]): EncodedColumn {
  const { nullCount, bits } = listValidity(column);
  return { length: column.length, nullCount, buffers: [bits, bytesOf(Int32Array.from(column, (value) => value ?? 0))] };
}

function utf8Column(column: PartColumn, place: string): EncodedColumn {
  const { offsets, bytes, nullCount, nullBitmap } = utf8Strings(column, place);
  return { length: offsets.length - 1, nullCount, buffers: [nullBitmap ?? empty, bytesOf(offsets), bytes] };
}

function utf8Strings(column: PartColumn, place: string): Utf8Column {
  if (isListOf(column, 'string')) return encodeList(column);
  if (isList(column)) throw new CorrenteError('internal', `${place} was emitted as ${kindOf(column)}, expected strings.`);
  if ('counts' in column) return encodeRepeated(column);
  if (isIndexed(column)) return encodeIndexed(column);
  throw new CorrenteError('internal', `${place} was emitted as ${kindOf(column)}, expected strings.`);
}

type List = readonly (string | null)[] | readonly (boolean | null)[] | readonly (number | null)[];

interface ListTypes {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

function isList(column: PartColumn): column is List {
  return Array.isArray(column);
}

/** A list of one type: whose first value that is not null has it. */
function isListOf<T extends keyof ListTypes>(column: PartColumn, type: T): column is readonly (ListTypes[T] | null)[] & PartColumn {
  if (!isList(column)) return false;
  for (const value of column) if (value !== null) return typeof value === type;
  return true;
}

function isIndexed(column: PartColumn): column is IndexedStrings {
  return 'indices' in column;
}

function kindOf(column: PartColumn): string {
  if (isList(column)) return `a list of ${typeof (column[0] ?? null)}`;
  return 'names' in column ? 'strings' : column.constructor.name;
}
