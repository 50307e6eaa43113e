import { describe, expect, it } from 'vitest';
import { GrowingMatrix, neighbours, summarise } from './growing-matrix.ts';

const r = [
  [1, 0.5, -0.25],
  [0.5, 1, Number.NaN],
  [-0.25, Number.NaN, 1],
];
/** Rows [from, to) as Arrow gives them: one array per column. */
const columns = (from: number, to: number) => r.map((_, j) => r.slice(from, to).map((row) => row[j]!));

describe('GrowingMatrix', () => {
  it('is the same however the rows were cut into batches', () => {
    const [whole, parts] = [new GrowingMatrix(['a', 'b', 'c']), new GrowingMatrix(['a', 'b', 'c'])];
    whole.append(columns(0, 3), 3);
    parts.append(columns(0, 1), 1);
    parts.append(columns(1, 3), 2);
    expect(parts.values).toEqual(whole.values);
    expect(whole.values).toEqual(Float32Array.from(r.flat()));
    expect(parts.complete).toBe(true);
  });

  it('knows a pair as soon as one of its rows is there, and no other', () => {
    const matrix = new GrowingMatrix(['a', 'b', 'c']);
    matrix.append(columns(0, 1), 1);
    expect([matrix.has(2, 0), matrix.at(2, 0), matrix.has(0, 2), matrix.has(1, 2)]).toEqual([true, -0.25, true, false]);
  });

  it('refuses rows beyond its size and columns that are not its own', () => {
    const matrix = new GrowingMatrix(['a', 'b', 'c']);
    matrix.append(columns(0, 3), 3);
    expect(() => matrix.append(columns(0, 1), 1)).toThrow(RangeError);
    expect(() => new GrowingMatrix(['a', 'b']).append(columns(0, 1), 1)).toThrow(RangeError);
  });
});

describe('summarise', () => {
  it('counts each pair once, before and after the last row has arrived, and missing ones apart', () => {
    const matrix = new GrowingMatrix(['a', 'b', 'c']);
    matrix.append(columns(0, 1), 1);
    expect(summarise(matrix)).toMatchObject({ pairs: 2, missing: 0, mean: 0.125 });
    matrix.append(columns(1, 3), 2);
    const summary = summarise(matrix, 4);
    expect(summary).toMatchObject({ pairs: 2, missing: 1, mean: 0.125, highest: { a: 0, b: 1, r: 0.5 }, lowest: { a: 0, b: 2, r: -0.25 } });
    expect([...summary.histogram]).toEqual([0, 1, 0, 1]);
  });

  it('puts a coefficient of exactly 1 into the last bin', () => {
    const matrix = new GrowingMatrix(['a', 'b']);
    matrix.append([[1, 1], [1, 1]], 2);
    expect(summarise(matrix, 3).histogram).toEqual(Uint32Array.from([0, 0, 1]));
  });

  it('counts over another range where one is given, what lies beyond it at its ends', () => {
    const matrix = new GrowingMatrix(['a', 'b', 'c']);
    matrix.append([[9, 5, -30], [5, 9, 0.1], [-30, 0.1, 9]], 3);
    expect([...summarise(matrix, 4, { from: -10, to: 10 }).histogram]).toEqual([1, 0, 1, 1]);
  });
});

it('lists neighbours highest first, without the series itself and without missing values', () => {
  const matrix = new GrowingMatrix(['a', 'b', 'c']);
  matrix.append(columns(0, 3), 3);
  expect(neighbours(matrix, 0)).toEqual([{ index: 1, r: 0.5 }, { index: 2, r: -0.25 }]);
  expect(neighbours(matrix, 2)).toEqual([{ index: 0, r: -0.25 }]);
});
