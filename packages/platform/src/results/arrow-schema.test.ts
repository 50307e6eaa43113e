import { columnType } from '@corrente/shared/contract/result';
import { tableFromIPC } from 'apache-arrow';
import { expect, test } from 'vitest';
import { arrowSchema, endOfStream, schemaMessage } from './arrow-schema.ts';

const every = { columns: columnType.options.map((type) => ({ name: type, type })) };

const typesOf = (precision: 'f64' | 'f32') => Object.fromEntries(arrowSchema(every, precision).fields.map((field) => [field.name, String(field.type)]));

test('every column type has its Arrow type, and only real depends on the precision', () => {
  const types = { utf8: 'Utf8', bool: 'Bool', int32: 'Int32', int64: 'Int64', float64: 'Float64', real: 'Float64', timestamp: 'Timestamp<MICROSECOND, UTC>', index: 'Int64' };
  expect(typesOf('f64')).toEqual(types);
  expect(typesOf('f32')).toEqual({ ...types, real: 'Float32' });
});

test('the schema message and the end of stream alone are a stream of no rows with every column nullable', () => {
  const table = tableFromIPC(Buffer.concat([schemaMessage(arrowSchema(every, 'f64')), endOfStream]));
  expect(table.numRows).toBe(0);
  expect(table.schema.fields.map((field) => field.nullable)).toEqual(every.columns.map(() => true));
});
