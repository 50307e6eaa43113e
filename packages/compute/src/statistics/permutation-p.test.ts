import { expect, it } from 'vitest';
import { permutationP } from './permutation-p.ts';

const values = Float64Array.of(1, 2, 3, 4);

it('p is the share of null values that reach the statistic, and 1 / n where none does', () => {
  expect([0, 2, 2.5, 4, 5].map((statistic) => permutationP(statistic, values))).toEqual([1, 0.75, 0.5, 0.25, 0.25]);
});

it('an infinite statistic is reached by infinite null values only', () => {
  expect(permutationP(Number.POSITIVE_INFINITY, values)).toBe(0.25);
  expect(permutationP(Number.POSITIVE_INFINITY, Float64Array.of(1, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 2))).toBe(0.5);
});

it('what is missing speaks for no effect, as a statistic and as a null value', () => {
  expect(permutationP(Number.NaN, values)).toBe(1);
  expect(permutationP(10, Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN))).toBe(0.75);
});
