/** Result tables in Arrow: the types of their columns, and the schema message that begins their streams. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { ColumnSchema, ColumnType, TableSchema } from '@corrente/shared/contract/result';
import { Bool, Field, Float32, Float64, Int32, Int64, RecordBatchStreamWriter, Schema, TimestampMicrosecond, Utf8, type DataType } from 'apache-arrow';

const types: Readonly<Record<ColumnType, (precision: Precision) => DataType>> = {
  utf8: () => new Utf8(),
  bool: () => new Bool(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  float64: () => new Float64(),
  real: (precision) => (precision === 'f32' ? new Float32() : new Float64()),
  timestamp: () => new TimestampMicrosecond('UTC'),
  index: () => new Int64(),
};

/** The Arrow type of a column of a job that ran in this precision. */
export function arrowType(type: ColumnType, precision: Precision): DataType {
  return types[type](precision);
}

function arrowField({ name, type, unit, description }: ColumnSchema, precision: Precision): Field {
  const metadata = new Map<string, string>();
  if (unit !== undefined) metadata.set('unit', unit);
  if (description !== undefined) metadata.set('description', description);
  return new Field(name, arrowType(type, precision), true, metadata);
}

/** The table's Arrow schema: every column nullable; units and descriptions in the field metadata. */
export function arrowSchema(table: Pick<TableSchema, 'columns'>, precision: Precision): Schema {
  return new Schema(table.columns.map((column) => arrowField(column, precision)));
}

/** The mark that ends an Arrow IPC stream: a continuation word, and the length 0. */
export const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/** The encapsulated schema message, with which an Arrow IPC stream begins. */
export function schemaMessage(schema: Schema): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  const stream = writer.toUint8Array(true);
  return stream.subarray(0, stream.byteLength - endOfStream.byteLength);
}
