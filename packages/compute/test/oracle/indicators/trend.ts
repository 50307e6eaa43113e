/** Wilder's directional movement, and Aroon. */
import { at, from, isZero, minus, nth, trueRange, type Formula, type Series } from './series.ts';

/** Wilder's directional movement: the larger of the two moves beyond the bar before, if it is positive. */
function movements(high: Series, low: Series): [Series, Series] {
  const up = (row: number): number => at(high, row) - at(high, row - 1);
  const down = (row: number): number => at(low, row - 1) - at(low, row);
  return [from(high.length, 1, (row) => (up(row) > 0 && up(row) > down(row) ? up(row) : 0)), from(high.length, 1, (row) => (down(row) > 0 && down(row) > up(row) ? down(row) : 0))];
}

/** Wilder's sum: of rows 1 … n - 1, and from then on an n-th less of itself, and the new row more. */
function running(series: Series, n: number): Series {
  const result = from(series.length, series.length, () => Number.NaN);
  let total = 0;
  for (let row = 1; row < series.length; row++) {
    total = row < n ? total + at(series, row) : total - total / n + at(series, row);
    if (row >= n - 1) result[row] = total;
  }
  return result;
}

interface Directional {
  readonly plus: Series;
  readonly minus: Series;
  readonly range: Series;
}

/** The directional indicators +DI and -DI from row n on; zero where the range is. */
function directional([high, low, close]: readonly Series[], n: number): Directional {
  if (high === undefined || low === undefined || close === undefined) throw new Error('directional movement needs high, low and close');
  const [up, down] = movements(high, low);
  const range = running(trueRange(high, low, close), n);
  const indicator = (movement: Series): Series => {
    const smoothed = running(movement, n);
    return from(high.length, n, (row) => (isZero(at(range, row)) ? 0 : (100 * at(smoothed, row)) / at(range, row)));
  };
  return { plus: indicator(up), minus: indicator(down), range };
}

/** Of one row; null where it has no value. */
function index({ plus, minus: less, range }: Directional, row: number): number | null {
  const both = at(plus, row) + at(less, row);
  return isZero(at(range, row)) || isZero(both) ? null : (100 * Math.abs(at(plus, row) - at(less, row))) / both;
}

function dx(inputs: readonly Series[], n: number): Series {
  const given = directional(inputs, n);
  let last = 0;
  return from(given.range.length, n, (row) => (last = index(given, row) ?? last));
}

function adx(inputs: readonly Series[], n: number): Series {
  const given = directional(inputs, n);
  const result = from(given.range.length, given.range.length, () => Number.NaN);
  let average = 0;
  for (let row = n; row < result.length; row++) {
    const found = index(given, row);
    if (row < 2 * n) average += (found ?? 0) / n;
    else if (found !== null) average = (average * (n - 1) + found) / n;
    if (row >= 2 * n - 1) result[row] = average;
  }
  return result;
}

function adxr(inputs: readonly Series[], n: number): Series {
  const rated = adx(inputs, n);
  return from(rated.length, 3 * n - 2, (row) => (at(rated, row) + at(rated, row - (n - 1))) / 2);
}

/** 100 for an extreme on this row, 0 for one n rows ago; of equal extremes the newest. */
function aroon(series: Series, n: number, beats: (a: number, b: number) => boolean): Series {
  return from(series.length, n, (row) => {
    let best = row - n;
    for (let other = best + 1; other <= row; other++) if (!beats(at(series, best), at(series, other))) best = other;
    return (100 * (n - (row - best))) / n;
  });
}

const aroonUp = (high: Series, n: number): Series => aroon(high, n, (a, b) => a > b);
const aroonDown = (low: Series, n: number): Series => aroon(low, n, (a, b) => a < b);

const movement = (which: 0 | 1): Formula => (inputs, p) => [running(nth(movements(nth(inputs, 0), nth(inputs, 1)), which), nth(p, 0))];

export const trend: ReadonlyArray<readonly [string, Formula]> = [
  ['plus-dm', movement(0)],
  ['minus-dm', movement(1)],
  ['plus-di', (inputs, p) => [directional(inputs, nth(p, 0)).plus]],
  ['minus-di', (inputs, p) => [directional(inputs, nth(p, 0)).minus]],
  ['dx', (inputs, p) => [dx(inputs, nth(p, 0))]],
  ['adx', (inputs, p) => [adx(inputs, nth(p, 0))]],
  ['adxr', (inputs, p) => [adxr(inputs, nth(p, 0))]],
  ['aroon', (inputs, p) => [aroonDown(nth(inputs, 1), nth(p, 0)), aroonUp(nth(inputs, 0), nth(p, 0))]],
  ['aroon-oscillator', (inputs, p) => [minus(aroonUp(nth(inputs, 0), nth(p, 0)), aroonDown(nth(inputs, 1), nth(p, 0)))]],
];
