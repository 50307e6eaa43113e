/** Changes, and differences of averages. */
import { at, change, combine, ema, from, isZero, middle, minus, nth, sma, wilder, type Formula, type Series } from './series.ts';

/** Wilder's averages of the rises and of the falls. */
function strengths(x: Series, n: number): [Series, Series] {
  const moves = change(x);
  return [wilder(moves.map((move) => (move < 0 ? 0 : move)), n), wilder(moves.map((move) => (move > 0 ? 0 : -move)), n)];
}

export function rsi(x: Series, n: number): Series {
  const [rises, falls] = strengths(x, n);
  return combine(rises, falls, (up, down) => (isZero(up + down) ? 0 : (100 * up) / (up + down)));
}

function cmo(x: Series, n: number): Series {
  const [rises, falls] = strengths(x, n);
  return combine(rises, falls, (up, down) => (isZero(up + down) ? 0 : (100 * (up - down)) / (up + down)));
}

/** Both averages have their first value on the same row; the faster one is seeded with the rows that end there. */
function macd(x: Series, a: number, b: number, signal: number): Series[] {
  const [fast, slow] = [Math.min(a, b), Math.max(a, b)];
  const line = minus(ema(x, fast, slow - 1), ema(x, slow));
  const average = ema(line, signal);
  const histogram = minus(line, average);
  return [combine(line, average, (value, seen) => (Number.isNaN(seen) ? seen : value)), average, histogram];
}

const difference = (x: Series, a: number, b: number): Series => minus(sma(x, Math.min(a, b)), sma(x, Math.max(a, b)));

const back = (x: Series, n: number, make: (now: number, before: number) => number): Series => from(x.length, n, (row) => make(at(x, row), at(x, row - n)));

const only = (inputs: readonly Series[]): Series => nth(inputs, 0);

export const momentum: ReadonlyArray<readonly [string, Formula]> = [
  ['rsi', (inputs, p) => [rsi(only(inputs), nth(p, 0))]],
  ['cmo', (inputs, p) => [cmo(only(inputs), nth(p, 0))]],
  ['macd', (inputs, p) => macd(only(inputs), nth(p, 0), nth(p, 1), nth(p, 2))],
  ['apo', (inputs, p) => [difference(only(inputs), nth(p, 0), nth(p, 1))]],
  ['ppo', (inputs, p) => [combine(difference(only(inputs), nth(p, 0), nth(p, 1)), sma(only(inputs), Math.max(nth(p, 0), nth(p, 1))), (d, slow) => (isZero(slow) ? 0 : (100 * d) / slow))]],
  ['momentum', (inputs, p) => [back(only(inputs), nth(p, 0), (now, before) => now - before)]],
  ['roc', (inputs, p) => [back(only(inputs), nth(p, 0), (now, before) => (before === 0 ? 0 : 100 * (now / before - 1)))]],
  ['rocp', (inputs, p) => [back(only(inputs), nth(p, 0), (now, before) => (before === 0 ? 0 : (now - before) / before))]],
  ['trix', (inputs, p) => [back(ema(ema(ema(only(inputs), nth(p, 0)), nth(p, 0)), nth(p, 0)), 1, (now, before) => (before === 0 ? 0 : 100 * (now / before - 1)))]],
  ['awesome-oscillator', (inputs, p) => [minus(sma(middle(nth(inputs, 0), nth(inputs, 1)), nth(p, 0)), sma(middle(nth(inputs, 0), nth(inputs, 1)), nth(p, 1)))]],
];
