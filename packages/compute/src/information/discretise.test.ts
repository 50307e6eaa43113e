import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns, seriesOf } from '../../test/series/columns.ts';
import { bin, ordinalPatterns, patternCount } from './discretise.ts';

const one = (...values: readonly number[]) => columnsOf([Float64Array.from(values)]);

describe('bin', () => {
  it('puts the greatest value into the last bin of equal width, and a border into the upper bin', () => {
    expect([...bin(one(0, 1, 2, 3, 4), 'equal-width', 2).values]).toEqual([0, 0, 1, 1, 1]);
  });

  it('puts a constant series into one bin', () => {
    expect([...bin(one(7, 7, 7), 'equal-width', 5).values]).toEqual([0, 0, 0]);
    expect([...bin(one(7, 7, 7), 'equal-frequency', 3).values]).toEqual([0, 0, 0]);
  });

  it('fills bins of equal frequency equally where no values are equal', () => {
    const { values } = bin(gaussianColumns(1, 120), 'equal-frequency', 4);
    expect([0, 1, 2, 3].map((number) => values.filter((value) => value === number).length)).toEqual([30, 30, 30, 30]);
  });

  it('never parts equal values, and keeps their order', () => {
    expect([...bin(one(5, 1, 1, 1, 9, 5), 'equal-frequency', 3).values]).toEqual([1, 0, 0, 0, 2, 1]);
  });

  it('leaves padding between series out', () => {
    const padded = gaussianColumns(2, 10, { padding: 3 });
    const none = bin(padded, 'none', 0);
    expect([...seriesOf(none, 1)]).toEqual([...seriesOf(padded, 1)]);
  });
});

describe('ordinalPatterns', () => {
  it('numbers the six orders of three values from rising to falling', () => {
    const orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
    expect(orders.map((order) => ordinalPatterns(one(...order), 3, 1).values[0])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(patternCount(3)).toBe(6);
  });

  it('takes values tau apart, ending at each row, and no pattern across trials', () => {
    // Rows of trial 1: 0 5 1 6 2; of trial 2: 9 4 8 3 7. Two rows apart the first rises, the second falls.
    const patterns = ordinalPatterns({ ...one(0, 5, 1, 6, 2, 9, 4, 8, 3, 7), trials: 2 }, 2, 2);
    expect([...patterns.values]).toEqual([0, 0, 0, 1, 1, 1]);
    expect([patterns.length, patterns.trials]).toEqual([6, 2]);
  });

  it('counts the earlier of equal values as the smaller', () => {
    expect([...ordinalPatterns(one(4, 4), 2, 1).values]).toEqual([0]);
  });
});
