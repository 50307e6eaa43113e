import { Bool, tableFromArrays, vectorFromArray, Table } from 'apache-arrow';
import { expect, it } from 'vitest';
import { readLinks } from './read-links.ts';

const columns = {
  source: ['a', 'b'],
  target: ['b', 'a'],
  lag: Int32Array.of(2, 0),
  te: Float64Array.of(0.25, Number.NaN),
  p: Float64Array.of(0.004, 0.5),
  p_lag: Int32Array.of(3, 0),
  variables: Int32Array.of(2, 1),
};

it('links come out of the table row by row, what is missing as null', () => {
  const table = tableFromArrays(columns).assign(new Table({ significant: vectorFromArray([true, null], new Bool()) }));
  expect(readLinks(table)).toEqual([
    { source: 'a', target: 'b', lag: 2, te: 0.25, p: 0.004, significant: true, p_lag: 3, variables: 2 },
    { source: 'b', target: 'a', lag: 0, te: null, p: 0.5, significant: null, p_lag: 0, variables: 1 },
  ]);
});

it('a table of something else is refused by the first column that it lacks', () => {
  expect(() => readLinks(tableFromArrays(columns))).toThrowError(expect.objectContaining({ code: 'unsuitable-result', message: expect.stringContaining('no column significant; it has source, target') }));
});
