import { describe, expect, it } from 'vitest';
import { integers, reals, storeOf, texts } from '../table-store.testing.ts';
import { laggedPairs, lagWords } from './lead-lag.ts';

const store = storeOf({
  a: texts(['x', 'x', 'x', 'y', 'y']),
  b: texts(['y', 'z', 'w', 'z', 'w']),
  lag: integers([2, 0, null, -1, 0]),
  r: reals([0.4, 0.9, null, -0.6, 0.1]),
  n: integers([98, 100, 0, 99, 100]),
  p: reals([0.001, 0, null, 0, 0.4]),
});
const all = { series: null, lags: 'all', most: 10, longest: 2 } as const;

it('tells who leads, and by how many rows', () => {
  expect(lagWords({ a: 'AAPL', b: 'MSFT', lag: 2 })).toBe('AAPL leads MSFT by 2 rows');
  expect(lagWords({ a: 'AAPL', b: 'MSFT', lag: -1 })).toBe('MSFT leads AAPL by 1 row');
  expect(lagWords({ a: 'AAPL', b: 'MSFT', lag: 0 })).toBe('AAPL and MSFT together');
});

describe('laggedPairs', () => {
  it('begin with the strongest of either sign, without those that have no value', () => {
    const { strongest, total } = laggedPairs(store, all);
    expect(strongest.map(({ a, b }) => a + b)).toEqual(['xz', 'yz', 'xy', 'yw']);
    expect(total).toBe(4);
    expect(laggedPairs(store, { ...all, most: 1 })).toMatchObject({ total: 4, strongest: [{ a: 'x', b: 'z', lag: 0, r: 0.9, n: 100, p: 0 }] });
  });

  it('are those apart in time, or those together', () => {
    expect(laggedPairs(store, { ...all, lags: 'apart' }).strongest.map(({ lag }) => lag)).toEqual([-1, 2]);
    expect(laggedPairs(store, { ...all, lags: 'together' }).strongest.map(({ lag }) => lag)).toEqual([0, 0]);
  });

  it('are counted by lag, of one series by how far it leads', () => {
    const counts = (series: string | null) => laggedPairs(store, { ...all, series }).counts.map(({ pairs }) => pairs);
    expect(counts(null)).toEqual([0, 1, 2, 0, 1]);
    expect(counts('y')).toEqual([1, 1, 1, 0, 0]);
    expect(laggedPairs(store, { ...all, series: 'y' }).strongest.map(({ a, b }) => a + b)).toEqual(['yz', 'xy', 'yw']);
  });
});
