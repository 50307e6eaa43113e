/** Arrow columns as DuckDB columns: which type each becomes, and how its values are read. */
import { DataType, TimeUnit, type Vector } from 'apache-arrow';

export interface ArrowColumn {
  /** DuckDB's type; one that holds nothing we use where the Arrow type cannot be read. */
  readonly type: 'DOUBLE' | 'BIGINT' | 'TIMESTAMP' | 'VARCHAR' | 'BLOB';
  /** 64-bit columns: the value as bits of a double, or as an integer. */
  readonly numbers: ((vector: Vector, row: number) => number | null) | null;
  readonly integers: ((vector: Vector, row: number) => bigint | null) | null;
  readonly texts: ((vector: Vector, row: number) => string | null) | null;
}

const none = { numbers: null, integers: null, texts: null };

export function arrowColumn(type: DataType): ArrowColumn {
  if (DataType.isDictionary(type)) return arrowColumn(type.dictionary);
  if (DataType.isFloat(type)) return { ...none, type: 'DOUBLE', numbers: numberAt };
  if (DataType.isInt(type)) {
    // 64-bit integers may be epochs in nanoseconds, which no double holds.
    return type.bitWidth === 64 && type.isSigned ? { ...none, type: 'BIGINT', integers: integerAt } : { ...none, type: 'DOUBLE', numbers: numberAt };
  }
  if (DataType.isBool(type)) return { ...none, type: 'DOUBLE', numbers: booleanAt };
  if (DataType.isDecimal(type)) return { ...none, type: 'DOUBLE', numbers: decimalAt(type.scale) };
  if (DataType.isTimestamp(type)) return { ...none, type: 'TIMESTAMP', integers: timestampAt(type.unit) };
  if (DataType.isDate(type)) return { ...none, type: 'TIMESTAMP', integers: dateAt };
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return { ...none, type: 'VARCHAR', texts: textAt };
  return { ...none, type: 'BLOB' };
}

function numberAt(vector: Vector, row: number): number | null {
  const value: unknown = vector.get(row);
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : null;
}

function integerAt(vector: Vector, row: number): bigint | null {
  const value: unknown = vector.get(row);
  return typeof value === 'bigint' ? value : null;
}

function booleanAt(vector: Vector, row: number): number | null {
  const value: unknown = vector.get(row);
  return typeof value === 'boolean' ? Number(value) : null;
}

function textAt(vector: Vector, row: number): string | null {
  const value: unknown = vector.get(row);
  return typeof value === 'string' ? value : null;
}

/** A decimal is an integer in two's complement, in 32-bit words, lowest first. */
function decimalAt(scale: number): (vector: Vector, row: number) => number | null {
  return (vector, row) => {
    const words: unknown = vector.get(row);
    if (!(words instanceof Uint32Array)) return null;
    let integer = 0n;
    for (let index = words.length - 1; index >= 0; index--) integer = (integer << 32n) | BigInt(words[index] ?? 0);
    const signed = BigInt.asIntN(32 * words.length, integer);
    // Through text: dividing would round twice.
    return Number(`${signed}e${-scale}`);
  };
}

/** The stored 64-bit integer of a column of time: get() would round it to milliseconds. */
function stored(vector: Vector, row: number): bigint | null {
  if (!vector.isValid(row)) return null;
  const [data] = vector.data;
  const value: unknown = data?.values[row];
  return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(value) : null;
}

function timestampAt(unit: TimeUnit): (vector: Vector, row: number) => bigint | null {
  return (vector, row) => {
    const value = stored(vector, row);
    if (value === null) return null;
    switch (unit) {
      case TimeUnit.SECOND:
        return value * 1_000_000n;
      case TimeUnit.MILLISECOND:
        return value * 1000n;
      case TimeUnit.MICROSECOND:
        return value;
      case TimeUnit.NANOSECOND:
        // Towards the past, as DuckDB does.
        return value >= 0n ? value / 1000n : (value - 999n) / 1000n;
    }
  };
}

/** Dates come from get() in milliseconds, whether they are stored in days or milliseconds. */
function dateAt(vector: Vector, row: number): bigint | null {
  const value: unknown = vector.get(row);
  return typeof value === 'number' ? BigInt(value) * 1000n : value instanceof Date ? BigInt(value.getTime()) * 1000n : null;
}
