import { describe, expect, it } from 'vitest';
import { binned, meanLine, standardised } from './binned.ts';

describe('binned', () => {
  it('means what lies in each stretch, and leaves empty ones empty', () => {
    const points = { x: Float64Array.of(0, 1, 6, 9, 10), y: Float64Array.of(1, 3, 5, Number.NaN, 7) };
    expect([...binned(points, 0, 10, 4)]).toEqual([2, Number.NaN, 5, 7]);
    expect([...binned(points, 5, 5, 1)]).toEqual([Number.NaN]);
  });
});

describe('standardised', () => {
  it('is about 0 in standard deviations, whatever is missing', () => {
    expect([...standardised(Float64Array.of(1, Number.NaN, 3))]).toEqual([-1, Number.NaN, 1]);
    expect([...standardised(Float64Array.of(4, 4))]).toEqual([0, 0]);
  });
});

describe('meanLine', () => {
  it('is over the lines that have a value', () => {
    expect([...meanLine([Float64Array.of(1, Number.NaN, Number.NaN), Float64Array.of(3, 5, Number.NaN)])]).toEqual([2, 5, Number.NaN]);
    expect([...meanLine([])]).toEqual([]);
  });
});
