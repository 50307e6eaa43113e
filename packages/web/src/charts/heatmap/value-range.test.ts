import { expect, it } from 'vitest';
import { GrowingMatrix } from './growing-matrix.ts';
import { sizesOf } from './value-range.ts';

function covariances(size: number, value: (i: number, j: number) => number): GrowingMatrix {
  const matrix = new GrowingMatrix(Array.from({ length: size }, (_, i) => `s${i}`));
  matrix.append(Array.from({ length: size }, (_column, j) => Float64Array.from({ length: size }, (_row, i) => value(i, j))), size);
  return matrix;
}

it('the largest value counts the variances, the usual one does not', () => {
  expect(sizesOf(covariances(10, (i, j) => (i === j ? 64 : -0.25)))).toEqual({ largest: 64, usual: 0.25 });
});

it('a few values far off do not stretch the usual range', () => {
  expect(sizesOf(covariances(100, (i, j) => (i + j === 99 ? 1000 : 0.5)))).toEqual({ largest: 1000, usual: 0.5 });
});

it('missing values do not count, and where there is none the range is not empty', () => {
  expect(sizesOf(covariances(3, (i, j) => (i === 0 || j === 0 ? Number.NaN : 2)))).toEqual({ largest: 2, usual: 2 });
  expect(sizesOf(covariances(2, () => Number.NaN))).toEqual({ largest: 1, usual: 1 });
  expect(sizesOf(new GrowingMatrix(['a']))).toEqual({ largest: 1, usual: 1 });
});
