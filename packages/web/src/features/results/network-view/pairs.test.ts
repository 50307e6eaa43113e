import { expect, it } from 'vitest';
import { largestSize, luminance, pairMatrix } from './pairs.ts';

it('reads a pair in its own direction and never its mirror image', () => {
  const matrix = pairMatrix(['a', 'b', 'c'], [{ source: 0, target: 1, value: 0.25 }, { source: 2, target: 0, value: -0.5 }]);
  expect(matrix.at(0, 1)).toBe(0.25);
  expect(matrix.at(1, 0)).toBeNaN();
  expect(matrix.at(2, 0)).toBe(-0.5);
  expect(matrix.complete).toBe(true);
});

it('has nothing, rather than something missing, where that is what absence means', () => {
  const matrix = pairMatrix(['a', 'b'], [{ source: 0, target: 1, value: 0.25 }], 0);
  expect([...matrix.values]).toEqual([0, 0.25, 0, 0]);
});

it('takes the largest size from what is finite', () => {
  const cell = (value: number) => ({ source: 0, target: 1, value });
  expect(largestSize([cell(Number.NaN), cell(-0.7), cell(0.2), cell(Number.POSITIVE_INFINITY)])).toBe(0.7);
  expect(largestSize([])).toBe(0);
});

it('tells light from dark as the eye does', () => {
  expect(luminance(0xffffffff)).toBeCloseTo(1);
  expect(luminance(0xff000000)).toBe(0);
  // Packed as 0xAABBGGRR: green is lighter than blue.
  expect(luminance(0xff00ff00)).toBeGreaterThan(luminance(0xffff0000));
});
