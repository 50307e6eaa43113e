/** How large a table becomes as text, from some of its rows. */
import { DataType } from 'apache-arrow';
import type { TableStore } from './table-store.ts';

const sampled = 60;

/** Bytes of `rows` rows in a text format, judged by rows spread over the table. */
export function textBytes(store: TableStore, format: 'csv' | 'json' | 'ndjson', rows: number): number {
  const { fields } = store.schema;
  const columns = fields.map((_, column) => column);
  const names = fields.map((field) => field.name.length);
  const count = Math.min(sampled, store.rows);
  let bytes = 0;
  for (let i = 0; i < count; i++) {
    const row = Math.floor((i * store.rows) / count);
    for (const column of columns) bytes += cellBytes(store, column, row, format === 'csv') + (format === 'csv' ? 1 : names[column]! + 4);
    bytes += format === 'csv' ? 0 : 2;
  }
  const head = format === 'csv' ? names.reduce((sum, length) => sum + length + 1, 0) : 2;
  return Math.round(head + (count === 0 ? 0 : (bytes / count) * rows));
}

function cellBytes(store: TableStore, column: number, row: number, bare: boolean): number {
  const { type } = store.schema.fields[column]!;
  const quotes = bare || DataType.isInt(type) || DataType.isBool(type) ? 0 : 2;
  const text = store.text(column, row);
  if (text === '') return bare ? 0 : 4;
  // A number is written with all the digits it takes to read it back, about 18 of them.
  if (DataType.isFloat(type)) return 18;
  return (DataType.isTimestamp(type) ? 24 : text.length) + quotes;
}
