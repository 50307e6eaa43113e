import { describe, expect, it } from 'vitest';
import { correlationP } from './correlation-p.ts';

// I_{1 - r²}((n - 2) / 2, 1/2) by mpmath at 40 digits; scipy.special.betainc agrees, at large n to fewer digits.
const references: ReadonlyArray<readonly [r: number, n: number, p: number]> = [
  [0, 10, 1],
  [1e-9, 10, 0.9999999978125],
  [0.5, 3, 0.66666666666666667],
  [0.999999, 3, 0.00090031639119642723],
  [0.1, 4, 0.9],
  [0.3, 5, 0.62383766478107295],
  [-0.3, 5, 0.62383766478107295],
  [0.9, 10, 0.00038715624999999967],
  [0.99, 12, 7.7445912917969093e-10],
  [0.25, 50, 0.079949744367063576],
  [0.05, 1258, 0.076268368122266235],
  [0.367899, 1258, 1.3191433764201539e-41],
  [0.647164, 1258, 3.3680482421479934e-150],
  [0.95, 250, 2.3064162761733448e-127],
  [0.984602, 180, 9.1209950799669924e-137],
  [0.001, 1e6, 0.31731099180502855],
  [0.01, 1e6, 1.5203198039927248e-23],
  [0.035, 1e6, 1.5474608533379683e-268],
  [0.9, 640, 2.9333015341046391e-232],
  [0.999999999, 36, 1.780399383840501e-149],
  [0.02, 2500, 0.31750419096645977],
  [0.0005, 1e8, 5.7330240039898083e-7],
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
