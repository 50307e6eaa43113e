/**
 * Cells of Arrow columns as text, one function per column type: numbers by the fewest digits that read back as the
 * same number, instants in ISO 8601, text escaped by the format.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { DataType, Precision, TimeUnit, Type, type Data } from 'apache-arrow';

/** The text of the cell in a row; rows count from 0 within the batch. */
export type CellWriter = (row: number) => string;

/** What the formats differ in. */
export interface CellFormat {
  /** What stands for a missing value, NaN included. */
  readonly missing: string;
  /** Infinite numbers, which JSON has no word for. */
  infinite(value: number): string;
  text(value: string): string;
  /** An instant in ISO 8601. */
  instant(iso: string): string;
}

/** @throws CorrenteError `internal` for a type that result tables do not have. */
export function cellWriter(data: Data, format: CellFormat): CellWriter {
  const write = valueWriter(data, format);
  if (data.nullCount === 0 || data.nullBitmap.length === 0) return write;
  const { nullBitmap, offset } = data;
  return (row) => {
    const bit = row + offset;
    return ((nullBitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1 ? write(row) : format.missing;
  };
}

function valueWriter(data: Data, format: CellFormat): CellWriter {
  const { type } = data;
  if (DataType.isFloat(type)) {
    const values: Float64Array | Float32Array = data.values;
    return numberWriter(values, format, type.precision === Precision.SINGLE ? shortestFloat32 : String);
  }
  if (DataType.isTimestamp(type) && type.unit === TimeUnit.MICROSECOND) {
    const values: BigInt64Array = data.values;
    const instant = instantWriter();
    return remembering((row) => values[row] ?? 0n, (micros) => format.instant(instant(micros)));
  }
  if (DataType.isInt(type)) {
    const values: Int32Array | BigInt64Array = data.values;
    return (row) => String(values[row]);
  }
  if (DataType.isBool(type)) {
    const { values, offset } = data;
    return (row) => (((values[(row + offset) >> 3] ?? 0) >> ((row + offset) & 7)) & 1 ? 'true' : 'false');
  }
  if (DataType.isUtf8(type)) return textWriter(data, format);
  throw new CorrenteError('internal', `A result column has the Arrow type ${Type[data.typeId]}, which has no form as text.`);
}

function numberWriter(values: Float64Array | Float32Array, format: CellFormat, shortest: (value: number) => string): CellWriter {
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (value === 0) return Object.is(value, -0) ? '-0' : '0';
    if (value - value === 0) return shortest(value);
    return Number.isNaN(value) ? format.missing : format.infinite(value);
  };
}

/**
 * The fewest digits that read back as the same float32. Seven mostly do; nine always do.
 * @param value a finite number that is a float32.
 */
export function shortestFloat32(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

const microsPerDay = 86_400_000_000;
/** Days from 1970 that a Date can hold, either way. */
const mostDays = 100_000_000;

/** Microseconds since 1970 as an instant, such as 2013-02-08T00:00:00Z; a fraction only where there is one. */
export function instantWriter(): (micros: bigint) => string {
  const dates = new Map<number, string>();
  return (micros) => {
    const { day, inDay } = splitDay(micros);
    if (Math.abs(day) > mostDays) return String(micros);
    let date = dates.get(day);
    if (date === undefined) {
      const iso = new Date(day * 86_400_000).toISOString();
      date = iso.slice(0, iso.indexOf('T'));
      if (dates.size < 65_536) dates.set(day, date);
    }
    if (inDay === 0) return `${date}T00:00:00Z`;
    const seconds = Math.floor(inDay / 1e6);
    const fraction = inDay - seconds * 1e6;
    const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    return fraction === 0 ? `${date}T${clock}Z` : `${date}T${clock}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}Z`;
  };
}

/** Whole days since 1970, rounded down, and the microseconds within the day. */
function splitDay(micros: bigint): { day: number; inDay: number } {
  const exact = Number(micros);
  if (Number.isSafeInteger(exact)) {
    const day = Math.floor(exact / microsPerDay);
    return { day, inDay: exact - day * microsPerDay };
  }
  // The years before 1684 and after 2255: a number is too coarse.
  const length = BigInt(microsPerDay);
  const inDay = ((micros % length) + length) % length;
  return { day: Number((micros - inDay) / length), inDay: Number(inDay) };
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** Values that come in runs are written once per run. */
function remembering<T>(valueOf: (row: number) => T, write: (value: T) => string): CellWriter {
  let last: T | undefined;
  let text = '';
  return (row) => {
    const value = valueOf(row);
    if (value !== last) {
      last = value;
      text = write(value);
    }
    return text;
  };
}

const decoder = new TextDecoder();

/** Names repeat, in runs and in turns: the written form of each is kept, up to some thousands of them. */
function textWriter(data: Data, format: CellFormat): CellWriter {
  const bytes: Uint8Array = data.values;
  const offsets: Int32Array = data.valueOffsets;
  const first = offsets[0] ?? 0;
  const known = new Map<string, string>();
  // One decoding for the whole column where every character is one byte; then cells are slices of it.
  const region = bytes.subarray(first, offsets[data.length] ?? first);
  const ascii = region.every((byte) => byte < 0x80) ? Buffer.from(region.buffer, region.byteOffset, region.byteLength).toString('latin1') : null;
  return (row) => {
    const from = offsets[row] ?? 0;
    const to = offsets[row + 1] ?? from;
    const value = ascii === null ? decoder.decode(bytes.subarray(from, to)) : ascii.slice(from - first, to - first);
    let text = known.get(value);
    if (text === undefined) {
      text = format.text(value);
      if (known.size < 4096) known.set(value, text);
    }
    return text;
  };
}
