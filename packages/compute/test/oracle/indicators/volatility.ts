/** How far the price moves. */
import { combine, isZero, nth, over, trueRange, variance, wilder, type Formula, type Series } from './series.ts';

const range = (inputs: readonly Series[]): Series => trueRange(nth(inputs, 0), nth(inputs, 1), nth(inputs, 2));

export const volatility: ReadonlyArray<readonly [string, Formula]> = [
  ['true-range', (inputs) => [range(inputs)]],
  ['atr', (inputs, p) => [wilder(range(inputs), nth(p, 0))]],
  ['natr', (inputs, p) => [combine(wilder(range(inputs), nth(p, 0)), nth(inputs, 2), (atr, close) => (Number.isNaN(atr) || !isZero(close) ? (100 * atr) / close : 0))]],
  ['stddev', (inputs, p) => [over(nth(inputs, 0), nth(p, 0), (window) => nth(p, 1) * Math.sqrt(variance(window)))]],
  ['variance', (inputs, p) => [over(nth(inputs, 0), nth(p, 0), variance)]],
];
