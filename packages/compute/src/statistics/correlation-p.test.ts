import { describe, expect, it } from 'vitest';
import { correlationP } from './correlation-p.ts';

// I_{1 - r²}((n - 2) / 2, 1/2) by mpmath at 40 digits; scipy.special.betainc agrees, at large n to fewer digits.
const references: ReadonlyArray<readonly [r: number, n: number, p: number]> = [
  [0, 10, 1],
  [1e-9, 10, 0.9999999978125],
  [0.5, 3, 0.6666666666666666],
  [0.999999, 3, 0.0009003163911964272],
  [0.1, 4, 0.9],
  [0.3, 5, 0.6238376647810729],
  [-0.3, 5, 0.6238376647810729],
  [0.9, 10, 0.0003871562499999997],
  [0.99, 12, 7.74459129179691e-10],
  [0.25, 50, 0.07994974436706358],
  [0.05, 1258, 0.07626836812226624],
  [0.367899, 1258, 1.319143376420154e-41],
  [0.647164, 1258, 3.3680482421479936e-150],
  [0.95, 250, 2.3064162761733447e-127],
  [0.984602, 180, 9.120995079966993e-137],
  [0.001, 1e6, 0.31731099180502853],
  [0.01, 1e6, 1.5203198039927247e-23],
  [0.035, 1e6, 1.5474608533379682e-268],
  [0.9, 640, 2.9333015341046392e-232],
  [0.999999999, 36, 1.780399383840501e-149],
  [0.02, 2500, 0.31750419096645977],
  [0.0005, 1e8, 5.733024003989808e-7],
  [0.7, 1001, 3.0747028602619977e-148],
];

describe('correlationP', () => {
  it.each(references)('of r = %d over %d rows is within 1e-10 of the reference, relative to it', (r, n, p) => {
    expect(Math.abs(correlationP(r, n) - p)).toBeLessThanOrEqual(1e-10 * p);
  });

  it('is 0 for r = 1 and r = -1, and 1 for r = 0', () => {
    expect([correlationP(1, 10), correlationP(-1, 10), correlationP(0, 10)]).toEqual([0, 0, 1]);
  });

  it('is missing where r is missing or no degree of freedom is left', () => {
    expect([correlationP(Number.NaN, 10), correlationP(1, 2), correlationP(0.5, 0)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('falls as |r| grows, for few rows and for many', () => {
    for (const n of [3, 4, 5, 12, 100, 5000, 2_000_000]) {
      let before = correlationP(0, n);
      for (let r = 0.01; r < 1; r += 0.01) {
        const p = correlationP(r, n);
        expect(p === 0 ? before >= 0 : p < before, `r = ${r}, n = ${n}: ${p} after ${before}`).toBe(true);
        before = p;
      }
    }
  });
});
