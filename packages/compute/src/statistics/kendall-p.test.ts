import { describe, expect, it } from 'vitest';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussians, uniform } from '../../test/series/random.ts';
import { kendallP, noTies, PairTies, type Ties } from './kendall-p.ts';

/** By the definitions, group by group. */
function tiesOf(values: readonly number[]): Ties {
  const groups = [...new Set(values)].map((value) => values.filter((other) => other === value).length);
  const sum = (term: (t: number) => number): number => groups.reduce((total, t) => total + term(t), 0);
  return { pairs: sum((t) => (t * (t - 1)) / 2), triples: sum((t) => t * (t - 1) * (t - 2)), weighted: sum((t) => t * (t - 1) * (2 * t + 5)) };
}

function tauB(x: readonly number[], y: readonly number[]): number {
  let s = 0;
  for (let i = 0; i < x.length; i++) for (let j = 0; j < i; j++) s += Math.sign((x[i] ?? 0) - (x[j] ?? 0)) * Math.sign((y[i] ?? 0) - (y[j] ?? 0));
  const pairs = (x.length * (x.length - 1)) / 2;
  return s / Math.sqrt((pairs - tiesOf(x).pairs) * (pairs - tiesOf(y).pairs));
}

const rounded = (seed: number, n: number): number[] => [...gaussians(seed, n)].map((value) => Math.round(2 * value));

describe('PairTies', () => {
  it('counts the ties of each series over the rows that both have', () => {
    const series = [1, 2, 3].map((seed) => Float64Array.from(rounded(seed, 80), (value, t) => (uniform(seed + 50, t) < 0.2 ? Number.NaN : value)));
    const ties = new PairTies(series);
    for (const [i, own] of series.entries()) {
      for (const [j, other] of series.entries()) {
        expect(ties.of(i, j)).toEqual(tiesOf([...own].filter((value, t) => !Number.isNaN(value) && !Number.isNaN(other[t]))));
      }
    }
  });

  it('counts those of a series with complete ones once, whichever they are', () => {
    const series = [1, 2, 3].map((seed) => Float64Array.from(rounded(seed, 60), (value, t) => (seed === 1 && t % 7 === 0 ? Number.NaN : value)));
    const ties = new PairTies(series);
    const [gaps = new Float64Array(0), complete = new Float64Array(0)] = series;
    expect(ties.of(0, 1)).toEqual(tiesOf([...gaps].filter((value) => !Number.isNaN(value))));
    expect(ties.of(0, 2)).toBe(ties.of(0, 1));
    expect(ties.of(1, 2)).toEqual(tiesOf([...complete]));
    expect(ties.of(1, 0)).toEqual(tiesOf([...complete].filter((_, t) => t % 7 !== 0)));
  });

  it('finds none where values differ', () => {
    expect(new PairTies([gaussians(1, 50), new Float64Array(50).fill(1)]).of(0, 1)).toEqual(noTies);
  });
});

describe('kendallP', () => {
  it('of values without ties is the tail of S over √(n (n - 1) (2 n + 5) / 18)', () => {
    // S = 45 - 2 · 10 of 10 values: z = 25 / √125, and erfc(√2.5) = 0.0253473…
    expect(kendallP(25 / 45, 10, noTies, noTies)).toBeCloseTo(0.025347318677468, 12);
  });

  it('is 1 where S is 0, and missing where tau is, or a series is constant', () => {
    expect(kendallP(0, 10, noTies, noTies)).toBe(1);
    expect(kendallP(Number.NaN, 10, noTies, noTies)).toBeNaN();
    const constant = tiesOf(Array.from({ length: 10 }, () => 1));
    expect(kendallP(0, 10, constant, constant)).toBeNaN();
  });

  it.skipIf(!hasPython('numpy', 'scipy.stats'))('is that of scipy.stats.kendalltau by its asymptotic method (needs python3 with scipy)', () => {
    const pairs = [3, 10, 50, 400].flatMap((n) => [
      [rounded(n, n), rounded(n + 1, n)],
      [[...gaussians(n, n)], [...gaussians(n + 7, n)]],
      [[...gaussians(n, n)], rounded(n, n)],
    ]);
    const theirs = askPython("from scipy.stats import kendalltau\nresult = [kendalltau(x, y, method='asymptotic').pvalue for x, y in data]", pairs);
    const ours = pairs.map(([x = [], y = []]) => kendallP(tauB(x, y), x.length, tiesOf(x), tiesOf(y)));
    expect(theirs).toEqual(ours.map((p) => (Number.isNaN(p) ? null : expect.closeTo(p, 10))));
  });
});
