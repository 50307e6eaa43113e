import { expect, it } from 'vitest';
import { drawnRows } from './drawn-rows.ts';

it('draws all rows of short series', () => {
  expect([...drawnRows([new Float64Array(5)], 5, 0, 5)]).toEqual([0, 1, 2, 3, 4]);
});

it('keeps spikes, both ends and the order of rows of long series, and is finer where one looks', () => {
  const line = Float64Array.from({ length: 50_000 }, (_, t) => (t === 12_345 ? 99 : t === 40_001 ? -99 : Math.sin(t)));
  const rows = drawnRows([line], line.length, 30_000, 34_000);
  expect(rows.length).toBeLessThan(6000);
  expect([...rows]).toEqual([...new Set(rows)].toSorted((a, b) => a - b));
  for (const row of [0, 12_345, 40_001, 49_999]) expect(rows).toContain(row);
  const within = rows.filter((row) => row >= 30_000 && row < 34_000).length / 4000;
  expect(within).toBeGreaterThan(5 * (rows.filter((row) => row < 30_000).length / 30_000));
});

it('passes over missing values', () => {
  const line = new Float64Array(10_000).fill(Number.NaN);
  line[7777] = 1;
  expect(drawnRows([line], line.length, 0, line.length)).toContain(7777);
});
