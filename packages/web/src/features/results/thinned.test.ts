import { expect, it } from 'vitest';
import { thinned } from './thinned.ts';

const line = (values: number[]) => ({ x: Float64Array.from(values, (_, row) => row), y: Float64Array.from(values) });

it('keeps a short line as it is', () => {
  const short = line([1, 2, 3, 4]);
  expect(thinned(short, 1)).toEqual(short);
});

it('keeps the ends and the extremes of each bucket, in order, and a gap', () => {
  const { x, y } = thinned(line([0, 5, -5, 1, 2, 3, 4, 9, Number.NaN, 4]), 2);
  expect([...x]).toEqual([0, 1, 2, 4, 5, 7, 8, 9]);
  expect([...y]).toEqual([0, 5, -5, 2, 3, 9, Number.NaN, 4]);
});
