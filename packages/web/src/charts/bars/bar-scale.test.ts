import { describe, expect, it } from 'vitest';
import { barOf, barScale, placeOf, zeroOf } from './bar-scale.ts';

describe('barScale', () => {
  it('begins or ends at zero where all values have one sign', () => {
    expect(barScale([0.5, 2])).toEqual({ from: 0, to: 2 });
    expect(barScale([-0.5, -2])).toEqual({ from: -2, to: 0 });
  });

  it('is an axis though there is no value, or nothing but zeros and missing ones', () => {
    for (const values of [[], [0, 0], [Number.NaN, Number.POSITIVE_INFINITY]]) expect(barScale(values)).toEqual({ from: 0, to: 1 });
  });
});

describe('barOf', () => {
  const scale = barScale([3, -1]);

  it('has bars of both signs meet at zero', () => {
    expect(zeroOf(scale)).toBe(0.25);
    expect(barOf(scale, 3)).toEqual({ left: 0.25, width: 0.75 });
    expect(barOf(scale, -1)).toEqual({ left: 0, width: 0.25 });
    expect(barOf(scale, 0)).toEqual({ left: 0.25, width: 0 });
  });

  it('has none where there is no value', () => {
    expect(barOf(scale, Number.NaN)).toBeNull();
    expect(barOf(scale, Number.NEGATIVE_INFINITY)).toBeNull();
  });
});

describe('placeOf', () => {
  it('is a share of the axis whose zero lies inside, and nowhere for what is not finite', () => {
    const scale = barScale([3, -1]);
    expect([placeOf(scale, -1), placeOf(scale, 1), placeOf(scale, 3)]).toEqual([0, 0.5, 1]);
    expect(placeOf(scale, Number.NaN)).toBeNull();
  });
});
