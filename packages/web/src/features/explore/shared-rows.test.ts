import { describe, expect, it } from 'vitest';
import { rowsWithin, sampledRows, sharedRows } from './shared-rows.ts';

const points = (x: number[], y: number[]) => ({ x: Float64Array.from(x), y: Float64Array.from(y) });

describe('sharedRows', () => {
  it('has every time once, and NaN where a series has no value', () => {
    const { times, block } = sharedRows([points([1, 2, 4], [10, 20, 40]), points([2, 3], [5, 6])]);
    expect([...times]).toEqual([1, 2, 3, 4]);
    expect([...block.values]).toEqual([10, 20, Number.NaN, 40, Number.NaN, 5, 6, Number.NaN]);
    expect(block).toMatchObject({ series: 2, length: 4, stride: 4 });
  });

  it('of no series, or of ones without a point, is empty', () => {
    expect(sharedRows([]).block.length).toBe(0);
    expect(sharedRows([points([], [])]).times).toHaveLength(0);
  });
});

describe('sampledRows', () => {
  it('reads the drawn line between its points, and nothing outside it', () => {
    const { times, block } = sampledRows([points([0, 4], [0, 8]), points([1, 2], [3, 5])], 5);
    expect([...times]).toEqual([0, 1, 2, 3, 4]);
    expect([...block.values]).toEqual([0, 2, 4, 6, 8, Number.NaN, 3, 5, Number.NaN, Number.NaN]);
  });
});

describe('rowsWithin', () => {
  it('takes both bounds in, and is empty between two rows', () => {
    const times = Float64Array.of(10, 20, 30, 40);
    expect(rowsWithin(times, 20, 30)).toEqual({ from: 1, to: 3 });
    expect(rowsWithin(times, 0, 100)).toEqual({ from: 0, to: 4 });
    expect(rowsWithin(times, 21, 29)).toEqual({ from: 2, to: 2 });
  });
});
