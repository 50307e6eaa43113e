import { expect, it } from 'vitest';
import { conformalWidth } from '../../test/oracle/forecast.ts';
import { noise } from '../analyses/forecast/forecast.testing.ts';
import { conformalWidths, leastResiduals, thinned } from './conformal.ts';

it('a width is the residual of rank ⌈(n + 1) coverage⌉, column by column', async () => {
  const n = 37;
  const residuals = noise(3 * n, 5).map(Math.abs);
  const expected = [0, 1, 2].map((column) => conformalWidth([...residuals.subarray(column * n, (column + 1) * n)], 0.8));
  expect([...(await conformalWidths(residuals.slice(), 3, 0.8, {}))]).toEqual(expected);
});

it('nine residuals give an interval of 90 %, eight give none', async () => {
  expect([...(await conformalWidths(Float64Array.of(9, 1, 8, 2, 7, 3, 6, 4, 5), 1, 0.9, {}))]).toEqual([9]);
  expect([...(await conformalWidths(Float64Array.of(8, 1, 7, 2, 6, 3, 5, 4), 1, 0.9, {}))]).toEqual([Number.NaN]);
});

it.each([0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1 / 3, 0.01])('the fewest residuals that give an interval of %d are told as they are', async (coverage) => {
  const least = leastResiduals(coverage);
  expect(await conformalWidths(new Float64Array(least).fill(1), 1, coverage, {})).toEqual(Float64Array.of(1));
  if (least > 1) expect(await conformalWidths(new Float64Array(least - 1).fill(1), 1, coverage, {})).toEqual(Float64Array.of(Number.NaN));
});

it('intervals hold the share of new values that they promise', async () => {
  const draws = noise(200 * 60, 6);
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const some = draws.slice(trial * 60, (trial + 1) * 60).map(Math.abs);
    const [width = 0] = await conformalWidths(some.slice(0, 29), 1, 0.9, {});
    held += some.subarray(29).filter((value) => value <= width).length / 31;
  }
  // Exchangeable values: the expectation is 27 of 30; 200 trials are within a hundredth and a half of it.
  expect(held / 200).toBeGreaterThan(0.885);
  expect(held / 200).toBeLessThan(0.915);
});

it('origins are thinned evenly, and left alone where they are few', () => {
  const origins = Int32Array.from({ length: 10 }, (_, k) => k);
  expect([...thinned(origins, 4)]).toEqual([0, 3, 6, 9]);
  expect(thinned(origins, 10)).toBe(origins);
});
