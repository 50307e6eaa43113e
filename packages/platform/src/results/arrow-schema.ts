/** The Arrow schema of a result table: the same for whoever writes its parts and whoever reads them. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { ColumnSchema, ColumnType, TableSchema } from '@corrente/shared/contract/result';
import { Bool, type DataType, Field, Float32, Float64, Int32, Int64, Schema, TimestampMicrosecond, Utf8 } from 'apache-arrow';

const types: Record<Exclude<ColumnType, 'real'>, () => DataType> = {
  utf8: () => new Utf8(),
  bool: () => new Bool(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  index: () => new Int64(),
  float64: () => new Float64(),
  timestamp: () => new TimestampMicrosecond('UTC'),
};

/** The Arrow type of a column; `real` follows the precision the job computed in. */
export function arrowType(type: ColumnType, precision: Precision): DataType {
  if (type === 'real') return precision === 'f32' ? new Float32() : new Float64();
  return types[type]();
}

/** Every field can be null; units and descriptions stand in the field's metadata as `unit` and `description`. */
export function arrowSchema(table: TableSchema, precision: Precision): Schema {
  return new Schema(table.columns.map((column) => new Field(column.name, arrowType(column.type, precision), true, metadata(column))));
}

function metadata({ unit, description }: ColumnSchema): Map<string, string> {
  const entries = Object.entries({ unit, description });
  return new Map(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}
