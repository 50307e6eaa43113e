import { describe, expect, it } from 'vitest';
import { localLine, meanOf } from './local-line.ts';

const reals = (...values: number[]) => Float64Array.from(values);

describe('localLine', () => {
  it('keeps times that ascend', () => {
    const times = reals(1e15, 2e15, 4e15);
    expect(localLine(times, reals(1, 2, 3), 'timestamp')).toEqual({ points: { x: times, y: reals(1, 2, 3) }, time: 'timestamp' });
  });

  it.each([['begin anew', reals(5, 6, 5, 6)], ['stand still', reals(5, 5, 6, 7)], ['are missing', reals(5, Number.NaN, 7, 8)]])('counts rows where times %s', (_, times) => {
    expect(localLine(times, reals(1, 2, 3, 4), 'timestamp')).toEqual({ points: { x: reals(0, 1, 2, 3), y: reals(1, 2, 3, 4) }, time: 'index' });
  });
});

it('takes the mean of the values that there are', () => {
  expect(meanOf(reals(1, Number.NaN, 2))).toBe(1.5);
  expect(meanOf(reals(Number.NaN))).toBeNaN();
});
