import { makeData, Float64, RecordBatch, Schema, Struct, Table, TimestampMicrosecond, Utf8, Vector, vectorFromArray, type Field } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { runsOf } from './arrow-columns.ts';
import { SeriesIndex } from './series-index.ts';
import { sortRows } from './sort-rows.ts';
import { TableStore } from './table-store.ts';
import { textBytes } from './text-size.ts';

const day = 86_400_000_000n;

/** A long table (time, series, value) in batches of the given sizes; NaN is missing. */
function storeOf(rows: readonly (readonly [bigint, string, number])[], sizes: readonly number[]): TableStore {
  const time = new Vector([makeData({ type: new TimestampMicrosecond('UTC'), data: BigInt64Array.from(rows, ([t]) => t) })]);
  const series = vectorFromArray(rows.map(([, name]) => name), new Utf8());
  const value = vectorFromArray(rows.map(([, , x]) => (Number.isNaN(x) ? null : x)), new Float64());
  const whole = new Table({ time, series, value }).batches[0]!;
  const store = new TableStore(whole.schema);
  let from = 0;
  for (const size of sizes) {
    store.append(whole.slice(from, from + size));
    from += size;
  }
  return store;
}

const rows = [
  [0n, 'B', 3],
  [day, 'B', Number.NaN],
  [0n, 'A10', -4],
  [day, 'A10', 0.5],
  [2n * day, 'A10', Number.NaN],
  [0n, 'A9', 2],
] as const;

describe.each([[[6]], [[1, 1, 1, 1, 1, 1]], [[4, 2]], [[2, 0, 3, 1]]])('a table in batches of %j rows', (sizes) => {
  const store = storeOf(rows, sizes);

  it('reads every cell as if it were one', () => {
    const text = Array.from({ length: store.rows }, (_, row) => [0, 1, 2].map((column) => store.text(column, row)));
    expect(text).toEqual([
      ['1970-01-01', 'B', '3.000000'],
      ['1970-01-02', 'B', ''],
      ['1970-01-01', 'A10', '−4.000000'],
      ['1970-01-02', 'A10', '0.500000'],
      ['1970-01-03', 'A10', ''],
      ['1970-01-01', 'A9', '2.000000'],
    ]);
    expect([...store.numbers(2)]).toEqual([3, Number.NaN, -4, 0.5, Number.NaN, 2]);
    expect(() => store.text(0, 6)).toThrow(RangeError);
  });

  it('sorts missing values last in both directions, and ties in their own order', () => {
    expect([...sortRows(store, { column: 2, descending: false })]).toEqual([2, 3, 5, 0, 1, 4]);
    expect([...sortRows(store, { column: 2, descending: true })]).toEqual([0, 5, 3, 2, 1, 4]);
    expect([...sortRows(store, { column: 2, descending: true, absolute: true })]).toEqual([2, 0, 5, 3, 1, 4]);
    expect([...sortRows(store, { column: 1, descending: false })]).toEqual([5, 2, 3, 4, 0, 1]);
    expect([...sortRows(store, { column: 0, descending: true })]).toEqual([4, 1, 3, 0, 2, 5]);
  });

  it('finds the rows of each series', () => {
    const index = new SeriesIndex(store, 1).update();
    expect(index.names).toEqual(['B', 'A10', 'A9']);
    expect([...index.numbers('A10', 2)]).toEqual([-4, 0.5, Number.NaN]);
    expect([...index.numbers('A10', 0)]).toEqual([0, 86_400_000_000, 172_800_000_000]);
    expect([...index.numbers('nobody', 2)]).toEqual([]);
  });
});

it('takes in batches that come later, each once', () => {
  const store = storeOf(rows, [3]);
  const index = new SeriesIndex(store, 1).update();
  for (const batch of storeOf(rows, [6]).batches) store.append(batch.slice(3));
  index.update();
  index.update();
  expect([...index.numbers('A10', 2)]).toEqual([-4, 0.5, Number.NaN]);
});

it('tells names of the same length apart, and a name from its beginning', () => {
  const names = ['ab', 'ab', 'ac', 'a', 'ab', ''];
  const data = makeData({ type: new Struct<{ name: Utf8 }>([]), length: names.length, children: [vectorFromArray(names, new Utf8()).data[0]!] });
  const schema = new Schema<{ name: Utf8 }>([new Table({ name: vectorFromArray(names, new Utf8()) }).schema.fields[0] as Field<Utf8>]);
  expect(runsOf(new RecordBatch(schema, data), 0)).toEqual([
    { text: 'ab', from: 0, to: 2 },
    { text: 'ac', from: 2, to: 3 },
    { text: 'a', from: 3, to: 4 },
    { text: 'ab', from: 4, to: 5 },
    { text: '', from: 5, to: 6 },
  ]);
});

it('judges the size of a CSV within a tenth', () => {
  const many = Array.from({ length: 2000 }, (_, i) => [BigInt(i) * day, `S${i % 7}`, Math.sin(i)] as const);
  const csv = `time,series,value\n${many.map(([t, name, x]) => `${new Date(Number(t / 1000n)).toISOString()},${name},${x}`).join('\n')}\n`;
  expect(Math.abs(textBytes(storeOf(many, [2000]), 'csv', 2000) / csv.length - 1)).toBeLessThan(0.1);
});
