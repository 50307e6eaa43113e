import type { TableSchema } from '@corrente/shared/contract/result';
import { tableFromIPC } from 'apache-arrow';
import { bigInt, assert as check, double, float, property } from 'fast-check';
import { readParquet } from 'parquet-wasm';
import { expect, test } from 'vitest';
import { batchMessage } from '../testing/samples.ts';
import { arrowSchema, endOfStream, schemaMessage } from './arrow-schema.ts';
import { convert } from './convert.ts';
import { instantWriter, shortestFloat32 } from './text-cells.ts';

const table: Pick<TableSchema, 'columns'> = {
  columns: [
    { name: 'time', type: 'timestamp' },
    { name: 'series, "quoted"', type: 'utf8' },
    { name: 'value', type: 'real', unit: 'bit' },
    { name: 'steps', type: 'int32' },
    { name: 'total', type: 'int64' },
    { name: 'significant', type: 'bool' },
  ],
};
const rows: readonly (readonly unknown[])[][] = [
  [
    [1_360_281_600_000_000n, 'AAPL', 0.1, 1, 9_007_199_254_740_993n, true],
    [1_360_281_600_000_001n, 'a,"b"\r\nc', Number.NaN, -2, -1n, false],
    [null, null, null, null, null, null],
  ],
  [
    [-1n, 'été 🙂', -0, 3, 0n, true],
    [0n, '', 1e-300, 4, 5n, null],
    [86_399_000_000n, 'AAPL', 1e21, 5, 6n, false],
  ],
];

function arrowOf(precision: 'f64' | 'f32', batches: readonly (readonly (readonly unknown[])[])[]): Uint8Array[] {
  const schema = arrowSchema(table, precision);
  const columns = (batch: readonly (readonly unknown[])[]) => table.columns.map((_, index) => batch.map((row) => row[index]));
  return [schemaMessage(schema), ...batches.map((batch) => batchMessage(schema, columns(batch))), endOfStream];
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const textOf = async (format: 'csv' | 'json' | 'ndjson', precision: 'f64' | 'f32' = 'f64', batches = rows) => (await bytesOf(convert(format, streamOf(arrowOf(precision, batches))))).toString();

test('CSV quotes as RFC 4180 says, tells empty from missing text, and writes instants in full', async () => {
  expect(await textOf('csv')).toBe(
    [
      'time,"series, ""quoted""",value,steps,total,significant',
      '2013-02-08T00:00:00Z,AAPL,0.1,1,9007199254740993,true',
      '2013-02-08T00:00:00.000001Z,"a,""b""\r\nc",,-2,-1,false',
      ',,,,,',
      '1969-12-31T23:59:59.999999Z,été 🙂,-0,3,0,true',
      '1970-01-01T00:00:00Z,"",1e-300,4,5,',
      '1970-01-01T23:59:59Z,AAPL,1e+21,5,6,false',
      '',
    ].join('\r\n'),
  );
});

test('NDJSON has one object per line and JSON one array of the same objects, null where a value is missing', async () => {
  const lines = (await textOf('ndjson')).trimEnd().split('\n').map((line): unknown => JSON.parse(line));
  expect(lines).toHaveLength(6);
  expect(lines[0]).toEqual({ time: '2013-02-08T00:00:00Z', 'series, "quoted"': 'AAPL', value: 0.1, steps: 1, total: Number('9007199254740993'), significant: true });
  expect(lines[1]).toMatchObject({ 'series, "quoted"': 'a,"b"\r\nc', value: null });
  expect(lines[2]).toEqual({ time: null, 'series, "quoted"': null, value: null, steps: null, total: null, significant: null });
  expect(Object.is((lines[3] as { value: number }).value, -0)).toBe(true);
  expect(JSON.parse(await textOf('json'))).toEqual(lines);
});

test('a table without rows is a header, an empty array, nothing, and a Parquet file with columns', async () => {
  expect(await textOf('csv', 'f64', [])).toBe('time,"series, ""quoted""",value,steps,total,significant\r\n');
  expect(JSON.parse(await textOf('json', 'f64', []))).toEqual([]);
  expect(await textOf('ndjson', 'f64', [])).toBe('');
  const parquet = tableFromIPC(readParquet(await bytesOf(convert('parquet', streamOf(arrowOf('f64', []))))).intoIPCStream());
  expect(parquet.numRows).toBe(0);
  expect(parquet.schema.fields.map((field) => field.name)).toEqual(table.columns.map((column) => column.name));
});

test('Parquet reads back as the same table, its types and units included', async () => {
  const arrow = arrowOf('f32', rows);
  const parquet = tableFromIPC(readParquet(await bytesOf(convert('parquet', streamOf(arrow)))).intoIPCStream());
  const original = tableFromIPC(Buffer.concat(arrow));
  expect(parquet.schema.fields.map((field) => [field.name, String(field.type)])).toEqual(original.schema.fields.map((field) => [field.name, String(field.type)]));
  expect(parquet.schema.fields[2]?.metadata.get('unit')).toBe('bit');
  expect(parquet.toArray().map((row) => row.toJSON())).toEqual(original.toArray().map((row) => row.toJSON()));
});

test('float32 columns are written in the digits of a float32', async () => {
  const line = (await textOf('csv', 'f32')).split('\r\n')[1];
  expect(line).toContain(',0.1,');
});

test('any float64 and any float32 reads back as the same number, the latter in at most nine digits', () => {
  check(property(float({ noNaN: true, noDefaultInfinity: true }), (value) => Math.fround(Number(shortestFloat32(value))) === value && shortestFloat32(value).replaceAll(/e.*|[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length <= 9), { seed: 1 });
  check(property(double({ noNaN: true, noDefaultInfinity: true }), (value) => Number(String(value)) === value), { seed: 1 });
});

test('any instant of the proleptic calendar is written so that it reads back to the microsecond', () => {
  const write = instantWriter();
  check(
    property(bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }), (micros) => {
      const text = write(micros);
      expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/);
      const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '';
      const seconds = BigInt(Date.parse(text.replace(/\.\d+Z$/, 'Z'))) / 1000n;
      return seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0')) === micros;
    }),
    { seed: 1 },
  );
});

test.each(['csv', 'json', 'ndjson'] as const)('%s comes batch by batch, before the input has ended', async (format) => {
  const [schema, first, second, end] = arrowOf('f64', rows);
  const gate = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<Uint8Array, void, undefined> {
    if (schema && first) yield Buffer.concat([schema, first]);
    await gate.promise;
    if (second && end) yield Buffer.concat([second, end]);
  }
  const output = convert(format, slow());
  const { value } = await output.next();
  expect(Buffer.from(value ?? []).toString()).toContain('AAPL');
  gate.resolve();
  let rest = '';
  for await (const chunk of output) rest += Buffer.from(chunk).toString();
  expect(rest).toContain('🙂');
});

test.each(['csv', 'json', 'ndjson', 'parquet', 'arrow'] as const)('an input that fails makes %s fail with the same error, not end', async (format) => {
  const [schema, first] = arrowOf('f64', rows);
  async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
    if (schema && first) yield Buffer.concat([schema, first]);
    throw new Error('the job failed');
  }
  await expect(bytesOf(convert(format, failing()))).rejects.toThrow('the job failed');
});

test.each(['csv', 'parquet'] as const)('a reader of %s that leaves early ends the input', async (format) => {
  const ended = Promise.withResolvers<void>();
  const [schema, first] = arrowOf('f64', [Array.from({ length: 20_000 }, (_, row) => rows[0]?.[row % 2] ?? [])]);
  async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (schema) yield schema;
      for (;;) if (first) yield first;
    } finally {
      ended.resolve();
    }
  }
  let seen = 0;
  for await (const chunk of convert(format, endless())) {
    seen += chunk.byteLength;
    break;
  }
  expect(seen).toBeGreaterThan(0);
  await ended.promise;
});
