import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from './false-discovery.ts';

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
