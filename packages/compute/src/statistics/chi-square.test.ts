import { describe, expect, it } from 'vitest';
import { chiSquareQuantile, chiSquareTail } from './chi-square.ts';
import { logGamma } from './gamma.ts';

/** Values by SciPy 1.17. */
const tails = [
  [3.84, 1, 0.05004352124870519], [0.001, 1, 0.9747728793699604], [50, 1, 1.537459794428033e-12], [9.2, 2, 0.010051835744633584], [10, 5, 0.07523524614651217],
  [80, 100, 0.9296649333406051], [130, 100, 0.02351239780980871], [400, 100, 1.6927979958857254e-37], [12345, 12345, 0.4983073831789094], [1000, 1, 1.7958327848007363e-219],
] as const;
const quantiles = [[0.05, 1, 3.8414588206941285], [0.95, 1, 0.003932140000019531], [1e-10, 3, 49.542155927523666], [0.5, 7, 6.345811195521515], [0.999, 50, 24.673905271877263], [0.01, 768, 862.103946042918]] as const;
const logGammas = [[0.5, 0.5723649429247], [1, 0], [2, 0], [4.25, 2.1144569274503717], [10, 12.801827480081469], [171.5, 709.1431630309283], [1e5, 1051287.7089736569]] as const;

describe('chiSquareTail', () => {
  it.for(tails)('of %f with %i degrees of freedom is SciPy’s to 1e-10 of itself', ([x, dof, expected]) => {
    expect(Math.abs(chiSquareTail(x, dof) / expected - 1)).toBeLessThan(1e-10);
  });

  it('is 1 at and below 0 and without a degree of freedom, 0 at infinity, missing where the value is', () => {
    expect([chiSquareTail(0, 3), chiSquareTail(-2, 3), chiSquareTail(5, 0), chiSquareTail(Number.POSITIVE_INFINITY, 3), chiSquareTail(Number.NaN, 3)]).toEqual([1, 1, 1, 0, Number.NaN]);
  });
});

describe('chiSquareQuantile', () => {
  it.for(quantiles)('at tail %f with %i degrees of freedom is SciPy’s to 1e-12 of itself', ([tail, dof, expected]) => {
    expect(Math.abs(chiSquareQuantile(tail, dof) / expected - 1)).toBeLessThan(1e-12);
  });

  it('is undone by the tail, far into both ends', () => {
    for (const dof of [1, 2, 3, 17, 1000]) {
      for (const tail of [1e-200, 1e-15, 1e-3, 0.2, 0.8, 0.999]) expect(Math.abs(chiSquareTail(chiSquareQuantile(tail, dof), dof) / tail - 1)).toBeLessThan(1e-9);
    }
  });

  it('is 0 without a degree of freedom', () => {
    expect(chiSquareQuantile(0.3, 0)).toBe(0);
  });
});

describe('logGamma', () => {
  it.for(logGammas)('of %f is SciPy’s', ([a, expected]) => {
    expect(Math.abs(logGamma(a) - expected)).toBeLessThan(2e-15 * Math.max(1, Math.abs(expected)) * 8);
  });
});
