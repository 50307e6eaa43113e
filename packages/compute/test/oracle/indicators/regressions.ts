/** The line of least squares through a window. */
import { mean, nth, over, sum, type Formula, type Series } from './series.ts';

interface Line {
  readonly slope: number;
  /** At a place of the window, 0 its oldest row. */
  readonly value: (place: number) => number;
}

/** The line of least squares through a window. */
function line(window: Series): Line {
  const n = window.length;
  const [centre, level] = [(n - 1) / 2, mean(window)];
  const products = sum(window.map((value, i) => (i - centre) * (value - level)));
  const squares = sum(window.map((_, i) => (i - centre) ** 2));
  const slope = products / squares;
  return { slope, value: (place) => level + slope * (place - centre) };
}

const fitted = (read: (found: Line, n: number) => number): Formula => (inputs, p) => [over(nth(inputs, 0), nth(p, 0), (window) => read(line(window), window.length))];

export const regressions: ReadonlyArray<readonly [string, Formula]> = [
  ['linear-regression', fitted(({ value }, n) => value(n - 1))],
  ['linear-regression-slope', fitted(({ slope }) => slope)],
  ['linear-regression-angle', fitted(({ slope }) => (Math.atan(slope) * 180) / Math.PI)],
  ['time-series-forecast', fitted(({ value }, n) => value(n))],
];
