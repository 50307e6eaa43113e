import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { currentRows, embed, normaliseColumns, spanOf, stack, standardiseSeries } from './realisations.ts';

const ramp = (from: number, length: number): Float64Array => Float64Array.from({ length }, (_, t) => from + t);

describe('embed', () => {
  it('puts x[t − lag] side by side for every t that has them all', () => {
    const data = columnsOf([ramp(0, 6), ramp(100, 6)], 2);
    const span = spanOf(data, 3);
    const block = embed(data, [{ series: 1, lag: 0 }, { series: 0, lag: 3 }], span);
    expect([...block.values]).toEqual([103, 104, 105, 0, 1, 2]);
    expect([...currentRows(span)]).toEqual([3, 4, 5]);
  });

  it('reaches across no border of two trials', () => {
    const data = { ...columnsOf([ramp(0, 8)]), trials: 2 };
    const span = spanOf(data, 2);
    expect([...embed(data, [{ series: 0, lag: 0 }, { series: 0, lag: 2 }], span).values]).toEqual([2, 3, 6, 7, 0, 1, 4, 5]);
    expect([...currentRows(span)]).toEqual([2, 3, 6, 7]);
  });
});

describe('spanOf', () => {
  it('refuses lags that leave no current row, with both figures', () => {
    expect(() => spanOf(columnsOf([ramp(0, 5)]), 5)).toThrow(expect.objectContaining({ code: 'too-few-samples', message: expect.stringMatching(/5 rows.*at least 6/) }));
  });

  it('refuses rows that do not divide into trials', () => {
    expect(() => spanOf({ ...columnsOf([ramp(0, 7)]), trials: 2 }, 1)).toThrow(expect.objectContaining({ code: 'trials-differ' }));
  });
});

describe('normaliseColumns', () => {
  it('gives each column mean 0 and variance 1 over N − 1, and only centres a constant one', () => {
    const block = normaliseColumns(columnsOf([ramp(3, 5), new Float64Array(5).fill(8)]));
    const first = block.values.subarray(0, 5);
    expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 14);
    expect(first.reduce((sum, value) => sum + value * value, 0) / 4).toBeCloseTo(1, 14);
    expect([...block.values.subarray(5)]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('standardiseSeries', () => {
  it('leaves the series that it is given as they are', () => {
    const data = gaussianColumns(2, 20, { padding: 4 });
    const before = data.values.slice();
    const block = standardiseSeries(data);
    expect(data.values).toEqual(before);
    expect(block.stride).toBe(20);
    expect(block.values).not.toEqual(stack([data]).values);
  });
});
