/** Where the price stands within its recent range. */
import { rsi } from './momentum.ts';
import { at, change, combine, from, highest, isZero, lowest, mean, nth, over, rowwise, sma, sum, trueRange, typical, type Formula, type Series } from './series.ts';

/** Where the close stands between the lowest low (0) and the highest high (100) of n rows. */
function place(high: Series, low: Series, close: Series, n: number): Series {
  const [top, bottom] = [highest(high, n), lowest(low, n)];
  return rowwise(close.length, (row) => (at(top, row) === at(bottom, row) ? 0 : (100 * (at(close, row) - at(bottom, row))) / (at(top, row) - at(bottom, row))));
}

/** k where d has a value, and d. */
function withSignal(k: Series, signal: number): Series[] {
  const d = sma(k, signal);
  return [combine(k, d, (value, seen) => (Number.isNaN(seen) ? seen : value)), d];
}

function williams(high: Series, low: Series, close: Series, n: number): Series {
  const [top, bottom] = [highest(high, n), lowest(low, n)];
  return rowwise(close.length, (row) => (at(top, row) === at(bottom, row) ? 0 : (-100 * (at(top, row) - at(close, row))) / (at(top, row) - at(bottom, row))));
}

function cci(prices: Series, n: number): Series {
  return over(prices, n, (window) => {
    const centre = mean(window);
    const deviation = sum(window.map((value) => Math.abs(value - centre))) / n;
    const distance = at(window, n - 1) - centre;
    return distance === 0 || deviation === 0 ? 0 : distance / (0.015 * deviation);
  });
}

function mfi(prices: Series, volume: Series, n: number): Series {
  const moves = change(prices);
  const flows = (sign: 1 | -1): Series => over(from(prices.length, 1, (row) => (sign * at(moves, row) > 0 ? at(prices, row) * at(volume, row) : 0)), n, sum);
  return combine(flows(1), flows(-1), (positive, negative) => (positive + negative < 1 ? 0 : (100 * positive) / (positive + negative)));
}

function ultimate(high: Series, low: Series, close: Series, periods: readonly number[]): Series {
  const range = trueRange(high, low, close);
  const pressure = from(close.length, 1, (row) => at(close, row) - Math.min(at(low, row), at(close, row - 1)));
  const share = (n: number): Series => combine(over(pressure, n, sum), over(range, n, sum), (a, b) => (isZero(b) ? 0 : a / b));
  const shares = periods.toSorted((a, b) => a - b).map(share);
  return rowwise(close.length, (row) => (100 * (4 * at(nth(shares, 0), row) + 2 * at(nth(shares, 1), row) + at(nth(shares, 2), row))) / 7);
}

type Bars = readonly [high: Series, low: Series, close: Series];
const bars = (inputs: readonly Series[]): Bars => [nth(inputs, 0), nth(inputs, 1), nth(inputs, 2)];

export const oscillators: ReadonlyArray<readonly [string, Formula]> = [
  ['stochastic', (inputs, p) => withSignal(sma(place(...bars(inputs), nth(p, 0)), nth(p, 1)), nth(p, 2))],
  ['stochastic-fast', (inputs, p) => withSignal(place(...bars(inputs), nth(p, 0)), nth(p, 1))],
  [
    'stochastic-rsi',
    (inputs, p) => {
      const strength = rsi(nth(inputs, 0), nth(p, 0));
      return withSignal(place(strength, strength, strength, nth(p, 1)), nth(p, 2));
    },
  ],
  ['cci', (inputs, p) => [cci(typical(...bars(inputs)), nth(p, 0))]],
  ['mfi', (inputs, p) => [mfi(typical(...bars(inputs)), nth(inputs, 3), nth(p, 0))]],
  ['williams-r', (inputs, p) => [williams(...bars(inputs), nth(p, 0))]],
  ['ultimate-oscillator', (inputs, p) => [ultimate(...bars(inputs), p)]],
  [
    'bop',
    (inputs) => {
      const [open, high, low, close] = [nth(inputs, 0), nth(inputs, 1), nth(inputs, 2), nth(inputs, 3)];
      return [rowwise(open.length, (row) => (at(high, row) - at(low, row) < 1e-14 ? 0 : (at(close, row) - at(open, row)) / (at(high, row) - at(low, row))))];
    },
  ],
];
