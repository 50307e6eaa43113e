import { describe, expect, it } from 'vitest';
import { degrees, everyLink, linkRanges, networkOf, passes, subnetwork, type NamedLink, type NetworkLink } from './network.ts';

const named = (source: string, target: string, changes: Partial<NamedLink> = {}): NamedLink => ({ source, target, lag: 1, te: 0.1, p: 0.01, significant: true, ...changes });
const link = (changes: Partial<NetworkLink> = {}): NetworkLink => ({ source: 0, target: 1, lag: 2, te: 0.1, p: 0.02, significant: true, ...changes });

describe('networkOf', () => {
  it('keeps the order of the names and appends those that only links know', () => {
    const { names, links } = networkOf(['b', 'a'], [named('a', 'z'), named('y', 'b')]);
    expect(names).toEqual(['b', 'a', 'z', 'y']);
    expect(links.map(({ source, target }) => [source, target])).toEqual([[1, 2], [3, 0]]);
  });

  it('keeps the later of two rows of one pair, whatever characters its names hold', () => {
    const { links } = networkOf([], [named('a', 'b"', { significant: null }), named('a","b', '', {}), named('a', 'b"', { te: 0.7 })]);
    expect(links).toHaveLength(2);
    expect(links.find(({ te }) => te === 0.7)?.significant).toBe(true);
  });
});

describe('passes', () => {
  it('takes p and te at their bounds and refuses beyond', () => {
    expect(passes(link(), { ...everyLink, maxP: 0.02, minTe: 0.1 })).toBe(true);
    expect(passes(link(), { ...everyLink, maxP: 0.0199 })).toBe(false);
    expect(passes(link(), { ...everyLink, minTe: 0.1001 })).toBe(false);
  });

  it('takes lags from the first to the last of the range', () => {
    const lags = [1, 2, 3, 4].filter((lag) => passes(link({ lag }), { ...everyLink, lags: [2, 3] }));
    expect(lags).toEqual([2, 3]);
  });

  it('keeps a link that awaits its verdict and refuses one that failed', () => {
    const shown = ([true, null, false] as const).filter((significant) => passes(link({ significant }), { ...everyLink, significantOnly: true }));
    expect(shown).toEqual([true, null]);
  });

  it('lets a link without a value pass every bound on it', () => {
    expect(passes(link({ p: Number.NaN, te: Number.NaN, lag: Number.NaN }), { maxP: 0.01, minTe: 1, lags: [3, 4], significantOnly: true })).toBe(true);
  });
});

it('ranges over the lags and te that occur, and says nothing of missing ones', () => {
  expect(linkRanges([link({ lag: 5, te: Number.NaN }), link({ lag: Number.NaN, te: 0.4 }), link({ lag: 2 })])).toEqual({ lags: [2, 5], te: 0.4 });
  expect(linkRanges([])).toEqual({ lags: [0, 0], te: 0 });
});

it('counts what enters and leaves each process', () => {
  const counts = degrees({ names: ['a', 'b', 'c'], links: [link(), link({ target: 2 }), link({ source: 2, target: 1 })] });
  expect([[...counts.in], [...counts.out]]).toEqual([[0, 2, 1], [2, 0, 1]]);
});

it('leaves out processes with their links, and remembers where the others stood', () => {
  const part = subnetwork({ names: ['a', 'b', 'c'], links: [link(), link({ source: 2, target: 1 }), link({ source: 2, target: 0 })] }, (place) => place !== 0);
  expect(part).toMatchObject({ names: ['b', 'c'], places: [1, 2] });
  expect(part.links.map(({ source, target }) => [source, target])).toEqual([[1, 0]]);
});
