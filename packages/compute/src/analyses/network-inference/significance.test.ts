import { expect, it } from 'vitest';
import { firstLargest, firstSmallest, largestDraws, permutationP, rankedDraws, smallestDraws } from './significance.ts';

it('p is the share of null values that reach the statistic, and 1 / n where none does', () => {
  const values = Float64Array.of(1, 2, 3, 4);
  expect([0, 2, 2.5, 4, 5].map((statistic) => permutationP(statistic, values))).toEqual([1, 0.75, 0.5, 0.25, 0.25]);
  expect(permutationP(Number.POSITIVE_INFINITY, values)).toBe(0.25);
  expect(permutationP(Number.NaN, values)).toBe(1);
});

it('draws of several distributions are ranked draw by draw', () => {
  const distributions = [Float64Array.of(3, 1, 0), Float64Array.of(-2, 5, 0), Float64Array.of(10, 2, -1)];
  expect(largestDraws(distributions)).toEqual(Float64Array.of(10, 5, 0));
  expect(smallestDraws(distributions)).toEqual(Float64Array.of(-2, 1, -1));
  expect(rankedDraws(distributions)).toEqual([Float64Array.of(10, 5, 0), Float64Array.of(3, 2, 0), Float64Array.of(-2, 1, -1)]);
});

it('of equal values the first is taken, and missing ones never', () => {
  expect(firstLargest([Number.NaN, 1, 3, 3, 2])).toBe(2);
  expect(firstSmallest([Number.NaN, 1, 3, 1])).toBe(1);
  expect(firstLargest([Number.NaN])).toBe(-1);
  expect(firstLargest([Number.NEGATIVE_INFINITY, Number.NaN])).toBe(0);
});
