import { endOfStream, schemaMessage } from '@corrente/platform/results/arrow-schema';
import { Bool, Field, Float32, Float64, Int32, Int64, RecordBatchReader, Schema, Table, TimestampMicrosecond, Utf8 } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import type { PartColumn } from '../analyses/analysis.ts';
import { encodePart } from './encode-part.ts';

/** Reads parts the way a client does: after a schema message, and with an end of stream. */
function read(schema: Schema, ...parts: ReadonlyArray<ReturnType<typeof encodePart>>): Table {
  return new Table(RecordBatchReader.from(Buffer.concat([schemaMessage(schema), ...parts.flatMap((part) => part.chunks), endOfStream])).readAll());
}

const schemaOf = (...fields: Field[]): Schema => new Schema(fields);
const values = (table: Table, column: number): unknown[] => [...(table.getChildAt(column) ?? [])];

describe('encodePart', () => {
  it('gives back every kind of column with its nulls', () => {
    const schema = schemaOf(
      new Field('time', new TimestampMicrosecond('UTC'), true),
      new Field('index', new Int64(), true),
      new Field('run', new Utf8(), true),
      new Field('picked', new Utf8(), true),
      new Field('listed', new Utf8(), true),
      new Field('n', new Int32(), true),
      new Field('x', new Float64(), true),
      new Field('y', new Float32(), true),
      new Field('sure', new Bool(), true),
      new Field('lag', new Int32(), true),
    );
    const columns: PartColumn[] = [
      BigInt64Array.of(0n, 1_000_000n, -1n),
      BigInt64Array.of(7n, 8n, 9n),
      { names: ['KO', '', 'Ä€'], counts: [1, 0, 2] },
      { names: ['', 'KO', 'Ä€'], indices: Int32Array.of(2, 0, 1) },
      ['a', null, 'ccc'],
      Int32Array.of(1, -2, 3),
      Float64Array.of(Number.NaN, 0.1, Number.NEGATIVE_INFINITY),
      Float32Array.of(1.5, 2.5, Number.NaN),
      [true, null, false],
      [null, -3, 4],
    ];
    const table = read(schema, encodePart('t', schema, [columns]));
    expect(table.getChildAt(0)?.data[0]?.values).toEqual(BigInt64Array.of(0n, 1_000_000n, -1n));
    expect(values(table, 1)).toEqual([7n, 8n, 9n]);
    expect(values(table, 2)).toEqual(['KO', 'Ä€', 'Ä€']);
    expect(values(table, 3)).toEqual(['Ä€', '', 'KO']);
    expect(values(table, 4)).toEqual(['a', null, 'ccc']);
    expect(values(table, 5)).toEqual([1, -2, 3]);
    expect(values(table, 6)).toEqual([null, 0.1, Number.NEGATIVE_INFINITY]);
    expect(values(table, 7)).toEqual([1.5, 2.5, null]);
    expect(values(table, 8)).toEqual([true, null, false]);
    expect(values(table, 9)).toEqual([null, -3, 4]);
  });

  it('gives back lists of truths and of whole numbers that are longer than a batch, with nulls', () => {
    const schema = schemaOf(new Field('sure', new Bool(), true), new Field('lag', new Int32(), true));
    const sure = Array.from({ length: 70_001 }, (_, i) => (i % 5 === 0 ? null : i % 3 === 0));
    const lag = Array.from({ length: 70_001 }, (_, i) => (i % 4 === 0 ? null : i));
    const table = read(schema, encodePart('t', schema, [[sure, lag]]));
    expect(values(table, 0)).toEqual(sure);
    expect(values(table, 1)).toEqual(lag);
  });

  it.each([1, 65_535, 65_536, 65_537, 200_001])('splits %d rows into batches of at most 65,536 without losing one', (rows) => {
    const schema = schemaOf(new Field('name', new Utf8(), true), new Field('pick', new Utf8(), true), new Field('x', new Float64(), true));
    const x = Float64Array.from({ length: rows }, (_, i) => (i % 7 === 3 ? Number.NaN : i));
    const cut = Math.min(rows, 70_000);
    const part = encodePart('t', schema, [[{ names: ['first', 'second'], counts: [cut, rows - cut] }, { names: ['even', 'odd'], indices: Int32Array.from(x, (_, i) => i % 2) }, x]]);
    const table = read(schema, part);
    expect(part.rows).toBe(rows);
    expect(part.bytes).toBe(part.chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    expect(table.batches.map((batch) => batch.numRows)).toEqual([...Array<number>(Math.floor(rows / 65_536)).fill(65_536), rows % 65_536].filter((n) => n > 0));
    expect(values(table, 0).every((name, i) => name === (i < cut ? 'first' : 'second'))).toBe(true);
    expect(values(table, 1).every((name, i) => name === (i % 2 === 0 ? 'even' : 'odd'))).toBe(true);
    expect(values(table, 2).every((value, i) => value === (i % 7 === 3 ? null : i))).toBe(true);
  });

  it('makes the same bytes of NaNs with different bits', () => {
    const schema = schemaOf(new Field('x', new Float64(), true));
    const quiet = new Float64Array(BigInt64Array.of(0x7ff8000000000000n).buffer);
    const other = new Float64Array(BigInt64Array.of(-1n).buffer);
    const bytes = (x: Float64Array<ArrayBuffer>): Buffer => Buffer.concat(encodePart('t', schema, [[x]]).chunks);
    expect(bytes(other).equals(bytes(quiet))).toBe(true);
  });

  it('joins parts of several emissions in their order', () => {
    const schema = schemaOf(new Field('n', new Int32(), true));
    const parts = [encodePart('t', schema, [[Int32Array.of(1)], [Int32Array.of(2, 3)]]), encodePart('t', schema, [[Int32Array.of(4)]])];
    expect(values(read(schema, ...parts), 0)).toEqual([1, 2, 3, 4]);
  });

  it('refuses columns that are too few, differ in length, or are of another type than the schema says', () => {
    const schema = schemaOf(new Field('n', new Int32(), true), new Field('x', new Float64(), true));
    expect(() => encodePart('t', schema, [[Int32Array.of(1)]])).toThrow('t: 1 columns were emitted, expected 2.');
    expect(() => encodePart('t', schema, [[Int32Array.of(1), Float64Array.of(1, 2)]])).toThrow('t: column x was emitted with 2 rows, expected 1.');
    expect(() => encodePart('t', schema, [[['1'], Float64Array.of(1)]])).toThrow('column n was emitted as a list of string, expected values of the Arrow type Int');
    expect(() => encodePart('t', schema, [[Int32Array.of(1), Float32Array.of(1)]])).toThrow('column x was emitted as Float32Array, expected values of the Arrow type Float');
  });
});
