import { Float64, Table, Utf8, vectorFromArray, type Vector } from 'apache-arrow';
import { expect, it } from 'vitest';
import { PairReader } from './pair-reader.ts';
import { TableStore } from './table-store.ts';

const texts = (values: string[]) => vectorFromArray(values, new Utf8());
const reals = (values: (number | null)[]) => vectorFromArray(values, new Float64());

function batchOf(columns: Record<string, Vector>) {
  return new Table(columns).batches[0]!;
}

const first = batchOf({ source: texts(['b', 'b']), target: texts(['a', 'c']), value: reals([0.25, null]) });
const second = batchOf({ source: texts(['a']), target: texts(['c']), value: reals([0.75]) });

it('reads rows of pairs batch by batch, and gives places in the order that is asked for', () => {
  const store = new TableStore(first.schema);
  store.append(first);
  const reader = new PairReader(store, false);
  expect(reader.update().pairs(['c', 'z', 'b'])).toEqual({ names: ['c', 'b', 'a'], cells: [{ source: 1, target: 2, value: 0.25 }, { source: 1, target: 0, value: Number.NaN }] });
  store.append(second);
  expect(reader.update().pairs(['c', 'b', 'a']).cells).toHaveLength(3);
  expect(reader.update().pairs().cells.at(-1)).toEqual({ source: 1, target: 2, value: 0.75 });
});

it('counts a mutual value in both directions', () => {
  const store = new TableStore(second.schema);
  store.append(second);
  expect(new PairReader(store, true).update().pairs().cells).toEqual([{ source: 0, target: 1, value: 0.75 }, { source: 1, target: 0, value: 0.75 }]);
});

it('reads a matrix with a row for each target, and its missing cells as none', () => {
  const matrix = batchOf({ target: texts(['x', 'y']), y: reals([0.5, null]), x: reals([null, -0.125]) });
  const store = new TableStore(matrix.schema);
  store.append(matrix);
  expect(new PairReader(store, false).update().pairs(['x', 'y'])).toEqual({ names: ['x', 'y'], cells: [{ source: 1, target: 0, value: 0.5 }, { source: 0, target: 1, value: -0.125 }] });
});
