import { describe, expect, it } from 'vitest';
import { firstPair, pairOf } from './pairs.ts';

describe('pairOf', () => {
  it.each([2, 3, 17, 200])('is the pair at that place of the matrix order of %d series', (series) => {
    let index = 0;
    for (let i = 0; i < series; i++) for (let j = i + 1; j < series; j++) expect(pairOf(index++, series)).toEqual([i, j]);
    expect(index).toBe(firstPair(series, series));
  });

  it('finds the first and the last pair of every row of 60,000 series', () => {
    const series = 60_000;
    for (let i = 0; i + 1 < series; i += 7) {
      expect(pairOf(firstPair(i, series), series)).toEqual([i, i + 1]);
      expect(pairOf(firstPair(i + 1, series) - 1, series)).toEqual([i, series - 1]);
    }
  });
});
