import { expect, it } from 'vitest';
import { linePath } from './small-lines.tsx';

it('draws a line over the whole width, broken where a value is missing', () => {
  expect(linePath(Float64Array.of(0, 1, Number.NaN, 0.5), [0, 1])).toBe('M0,110L100,0M300,55');
});
