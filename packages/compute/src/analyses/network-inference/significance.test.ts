import { expect, it } from 'vitest';
import { firstLargest, firstSmallest, largestDraws, rankedDraws, smallestDraws } from './significance.ts';

it('draws of several distributions are ranked draw by draw', () => {
  const distributions = [Float64Array.of(3, 1, 0), Float64Array.of(-2, 5, 0), Float64Array.of(10, 2, -1)];
  expect(largestDraws(distributions)).toEqual(Float64Array.of(10, 5, 0));
  expect(smallestDraws(distributions)).toEqual(Float64Array.of(-2, 1, -1));
  expect(rankedDraws(distributions)).toEqual([Float64Array.of(10, 5, 0), Float64Array.of(3, 2, 0), Float64Array.of(-2, 1, -1)]);
});

it('a draw that is missing in one distribution is the largest and the smallest of them, so that no test passes by it', () => {
  const distributions = [Float64Array.of(1, Number.NaN), Float64Array.of(Number.NaN, 2)];
  for (const draws of [largestDraws(distributions), smallestDraws(distributions), rankedDraws(distributions)[0]]) expect(draws).toEqual(Float64Array.of(Number.NaN, Number.NaN));
});

it('of equal values the first is taken, and missing ones never', () => {
  expect(firstLargest([Number.NaN, 1, 3, 3, 2])).toBe(2);
  expect(firstSmallest([Number.NaN, 1, 3, 1])).toBe(1);
  expect(firstLargest([Number.NaN])).toBe(-1);
  expect(firstLargest([Number.NEGATIVE_INFINITY, Number.NaN])).toBe(0);
});
