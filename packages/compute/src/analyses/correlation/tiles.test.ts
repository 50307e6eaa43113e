import { describe, expect, it } from 'vitest';
import { rowsPerTile, tileBounds } from './tiles.ts';

describe('tiles', () => {
  it.each([
    [1, 1],
    [470, 1258],
    [2000, 2500],
    [10_000, 2500],
    [50_000, 10],
  ])('of %d series with %d rows are at least 128 rows, and of bounded size', (series, length) => {
    const rows = rowsPerTile(series, length);
    expect(rows % 128).toBe(0);
    expect(rows).toBeGreaterThanOrEqual(128);
    expect(rows === 128 || rows * series <= 2 ** 21).toBe(true);
  });

  it('cover every row once', () => {
    expect(tileBounds(130, 64)).toEqual([{ from: 0, to: 64 }, { from: 64, to: 128 }, { from: 128, to: 130 }]);
    expect(tileBounds(64, 64)).toEqual([{ from: 0, to: 64 }]);
  });

  it('of two thousand series are many, so that the first rows can be seen early', () => {
    expect(tileBounds(2000, rowsPerTile(2000, 2500)).length).toBeGreaterThan(8);
  });
});
