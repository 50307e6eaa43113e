import { describe, expect, it } from 'vitest';
import { digammas } from './digamma.ts';

describe('digammas', () => {
  it('begin with less the Euler-Mascheroni constant and climb by 1/n', () => {
    const psi = digammas(4);
    const gamma = 0.5772156649015329;
    expect([...psi]).toEqual([0, -gamma, 1 - gamma, expect.closeTo(1.5 - gamma, 15), expect.closeTo(11 / 6 - gamma, 15)]);
  });

  it('are within two units of the last place of the asymptotic series, far out as well', () => {
    const psi = digammas(1_000_000);
    for (const n of [30, 100, 999, 12_345, 500_000, 1_000_000]) {
      // Abramowitz and Stegun 6.3.18; the next term is below 1e-17 from n = 30 on.
      const series = Math.log(n) - 1 / (2 * n) - 1 / (12 * n ** 2) + 1 / (120 * n ** 4) - 1 / (252 * n ** 6) + 1 / (240 * n ** 8);
      expect(Math.abs((psi[n] ?? Number.NaN) - series)).toBeLessThan(2 ** -50 * series);
    }
  });
});
