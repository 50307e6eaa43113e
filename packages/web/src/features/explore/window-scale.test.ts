import { expect, it } from 'vitest';
import { leastWindow, mostWindow, placeOf, sliderSteps, windowAt } from './window-scale.ts';

it('goes from 2 rows to half of them, each step by the same share', () => {
  const most = mostWindow(1259);
  expect([windowAt(0, most), windowAt(sliderSteps, most)]).toEqual([leastWindow, 629]);
  expect(windowAt(sliderSteps / 2, most)).toBe(Math.round(Math.sqrt(2 * 629)));
});

it('finds every window again at its place', () => {
  for (const most of [2, 3, 10, 50_000]) {
    for (let window = leastWindow; window <= most; window += Math.max(1, window >> 3)) expect(windowAt(placeOf(window, most), most)).toBe(window);
  }
});

it('has one window where there are few rows', () => {
  expect(mostWindow(0)).toBe(2);
  expect(placeOf(20, 2)).toBe(0);
});
