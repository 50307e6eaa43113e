import { describe, expect, it } from 'vitest';
import { exchangedDifferences } from './between.ts';
import { type Dependence, drawnExchange, everyExchange, exchangeP, possibleExchanges } from './exchanges.ts';

const of = (dependence: Dependence, first: number, second: number): number[][] => [...everyExchange(dependence, { first, second })].map((exchange) => [...exchange]);

describe('exchanges', () => {
  it('of independent sides are every choice of the first, each once, of dependent ones every choice of partners', () => {
    expect(of('independent', 2, 1)).toEqual([[0, 1, 2], [0, 2, 1], [1, 2, 0]]);
    expect(of('dependent', 2, 2)).toEqual([[0, 1, 2, 3], [2, 1, 0, 3], [0, 3, 2, 1], [2, 3, 0, 1]]);
    for (const [dependence, first, second, count] of [['independent', 5, 4, 126], ['independent', 2, 6, 28], ['dependent', 6, 6, 64]] as const) {
      expect(new Set(of(dependence, first, second).map(String)).size).toBe(count);
      expect(possibleExchanges(dependence, { first, second }, 1000)).toBe(count);
    }
  });

  it('are counted no further than past what is asked', () => {
    expect(possibleExchanges('independent', { first: 1000, second: 1000 }, 500)).toBeGreaterThan(500);
    expect(possibleExchanges('dependent', { first: 5000, second: 5000 }, 500)).toBe(512);
  });

  it('that are drawn keep every member, and partners as partners', () => {
    for (let draw = 0; draw < 20; draw += 1) {
      expect(drawnExchange('independent', { first: 4, second: 3 }, [1, 0, 0, 0], draw).toSorted()).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5, 6));
      const swapped = [...drawnExchange('dependent', { first: 4, second: 4 }, [1, 0, 0, 0], draw)];
      for (let i = 0; i < 4; i += 1) expect(new Set([swapped[i], swapped[4 + i]])).toEqual(new Set([i, 4 + i]));
    }
  });

  it('that are drawn exchange about half of the partners', () => {
    const swaps = Array.from({ length: 200 }, (_, draw) => [...drawnExchange('dependent', { first: 10, second: 10 }, [7, 0, 0, 0], draw)].filter((member, i) => i < 10 && member >= 10).length);
    const share = swaps.reduce((sum, count) => sum + count, 0) / 2000;
    expect(share).toBeGreaterThan(0.45);
    expect(share).toBeLessThan(0.55);
  });
});

describe('exchangeP', () => {
  it('is the share at the nearer end for two tails, at the upper end for one, and never 0', () => {
    const exchanged = Float64Array.of(-3, -2, -1, 0, 1, 2, 3, 4);
    expect(exchangeP(3, exchanged, 'two')).toBe(2 / 8);
    expect(exchangeP(-2, exchanged, 'two')).toBe(2 / 8);
    expect(exchangeP(-2, exchanged, 'one')).toBe(7 / 8);
    expect(exchangeP(9, exchanged, 'two')).toBe(1 / 8);
  });

  it('counts what could not be estimated as reached, and is 1 for a difference that is missing', () => {
    expect(exchangeP(9, Float64Array.of(0, Number.NaN, Number.NaN, 0), 'two')).toBe(0.5);
    expect(exchangeP(Number.NaN, Float64Array.of(0, 0), 'two')).toBe(1);
  });
});

it('of two groups that lie apart the mean differs most as they are', () => {
  const exchanged = exchangedDifferences({ kind: null, dependence: 'independent', exchange: 'auto', tails: 'one', permutations: 500, alpha: 0.05, onlySignificant: false }, [5, 6, 7], [1, 2, 3], [1, 0, 0, 0]);
  expect([...exchanged]).toHaveLength(20);
  expect(exchanged.filter((value) => value >= 4)).toHaveLength(1);
  expect(exchanged[0]).toBe(4);
});
