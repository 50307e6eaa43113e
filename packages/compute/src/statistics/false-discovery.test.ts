import { describe, expect, it } from 'vitest';
import { benjaminiHochberg, benjaminiYekutieli, harmonicNumber } from './false-discovery.ts';

describe('benjaminiHochberg', () => {
  it('gives the q-values of scipy.stats.false_discovery_control, ties among them', () => {
    const p = [0.01, 0.04, 0.03, 0.005, 0.04, 0.5, 0.99, 0.0001, 0.2];
    const q = p.map(benjaminiHochberg(Float64Array.from(p)));
    const expected = [0.03, 0.06, 0.06, 0.0225, 0.06, 0.5625, 0.99, 0.0009000000000000001, 0.2571428571428572];
    q.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 14));
  });

  it('does not count missing p among the tests', () => {
    const p = [Number.NaN, 0.02, Number.NaN, 0.04];
    expect(p.map(benjaminiHochberg(Float64Array.from(p)))).toEqual([Number.NaN, 0.04, Number.NaN, 0.04]);
  });

  it('has no q for a p where there was no test', () => {
    expect(benjaminiHochberg(new Float64Array(0))(0.5)).toBeNaN();
  });
});

describe('benjaminiYekutieli', () => {
  it('gives the q-values of a table worked out by hand', () => {
    // Five tests: 1 + 1/2 + 1/3 + 1/4 + 1/5 = 137/60, so q of rank i is the least of p · 5 · 137/60 / j over j ≥ i.
    const p = [0.002, 0.01, 0.002, 1, 0.03];
    const expected = [0.002 * 137 / 24, 0.01 * 137 / 36, 0.002 * 137 / 24, 1, 0.03 * 137 / 48];
    p.map(benjaminiYekutieli(Float64Array.from(p))).forEach((q, i) => expect(q).toBeCloseTo(expected[i] ?? Number.NaN, 14));
  });

  it('is never below the q of Benjamini and Hochberg, nor above 1', () => {
    const p = Float64Array.from({ length: 40 }, (_, i) => ((i * 17) % 41) / 41);
    const [strict, plain] = [benjaminiYekutieli(p), benjaminiHochberg(p)];
    for (const value of p) {
      expect(strict(value)).toBeGreaterThanOrEqual(plain(value));
      expect(strict(value)).toBeLessThanOrEqual(1);
    }
  });

  it('divides by the harmonic number', () => {
    [0, 1, 1.5, 25 / 12].forEach((expected, i) => expect(harmonicNumber([0, 1, 2, 4][i] ?? Number.NaN)).toBeCloseTo(expected, 14));
  });
});
