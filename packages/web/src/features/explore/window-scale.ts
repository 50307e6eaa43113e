/** Window lengths on a slider: each step lengthens the window by the same share. */

/** Places of the slider, from 0 on. */
export const sliderSteps = 1000;
export const leastWindow = 2;

/** Half of the rows, so that some windows are left; at least the least window. */
export const mostWindow = (rows: number): number => Math.max(leastWindow, Math.floor(rows / 2));

export function windowAt(place: number, most: number): number {
  return Math.round(leastWindow * (most / leastWindow) ** (place / sliderSteps));
}

/** Between two steps, if need be. */
export function placeOf(window: number, most: number): number {
  if (most <= leastWindow) return 0;
  return (sliderSteps * Math.log(Math.max(leastWindow, Math.min(most, window)) / leastWindow)) / Math.log(most / leastWindow);
}
