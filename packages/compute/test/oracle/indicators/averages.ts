/** Averages of the value over its last rows. */
import { at, change, combine, ema, from, minus, nth, over, rowwise, sma, sum, typical, wma, type Formula, type Series } from './series.ts';

/** An indicator of one series that has one output. */
const plain = (formula: (x: Series, p: (i: number) => number) => Series): Formula => ([x], parameters) => [formula(x ?? new Float64Array(0), (i) => nth(parameters, i))];

function kama(x: Series, n: number, fast: number, slow: number): Series {
  const moves = change(x).map(Math.abs);
  const result = from(x.length, x.length, () => Number.NaN);
  let average = at(x, n - 1);
  for (let row = n; row < x.length; row++) {
    const way = sum(moves.subarray(row - n + 1, row + 1));
    const efficiency = way < 1e-14 ? 1 : Math.min(1, Math.abs(at(x, row) - at(x, row - n)) / way);
    const constant = efficiency * (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1);
    average += constant ** 2 * (at(x, row) - average);
    result[row] = average;
  }
  return result;
}

function t3(x: Series, n: number, f: number): Series {
  const e: Series[] = [x];
  for (let i = 1; i <= 6; i++) e.push(ema(nth(e, i - 1), n));
  const term = (i: number, weight: number): Series => nth(e, i).map((value) => weight * value);
  const terms = [term(6, -(f ** 3)), term(5, 3 * (f ** 2 + f ** 3)), term(4, -3 * (2 * f ** 2 + f + f ** 3)), term(3, 1 + 3 * f + f ** 3 + 3 * f ** 2)];
  return terms.reduce((total, one) => combine(total, one, (a, b) => a + b));
}

function trima(x: Series, n: number): Series {
  const longer = Math.floor(n / 2) + 1;
  return sma(sma(x, longer), n + 1 - longer);
}

function alma(x: Series, n: number, offset: number, sigma: number): Series {
  const weights = rowwise(n, (i) => Math.exp(-((i - offset * (n - 1)) ** 2) / (2 * (n / sigma) ** 2)));
  return over(x, n, (window) => sum(window.map((value, i) => value * at(weights, i))) / sum(weights));
}

function zlema(x: Series, n: number): Series {
  const lag = Math.floor((n - 1) / 2);
  return ema(from(x.length, lag, (row) => 2 * at(x, row) - at(x, row - lag)), n);
}

/** Prices weighted by volume over the last n rows, or all so far where n is 0. */
function weighted(price: Series, volume: Series, n: number): Series {
  return from(price.length, Math.max(0, n - 1), (row) => {
    const first = n === 0 ? 0 : row - n + 1;
    const weights = volume.subarray(first, row + 1);
    const total = sum(weights);
    return total === 0 ? Number.NaN : sum(weights.map((weight, i) => weight * at(price, first + i))) / total;
  });
}

export const averages: ReadonlyArray<readonly [string, Formula]> = [
  ['sma', plain((x, p) => sma(x, p(0)))],
  ['ema', plain((x, p) => ema(x, p(0)))],
  ['wma', plain((x, p) => wma(x, p(0)))],
  ['dema', plain((x, p) => combine(ema(x, p(0)), ema(ema(x, p(0)), p(0)), (e1, e2) => 2 * e1 - e2))],
  [
    'tema',
    plain((x, p) => {
      const e1 = ema(x, p(0));
      const e2 = ema(e1, p(0));
      return combine(minus(e1, e2).map((d) => 3 * d), ema(e2, p(0)), (a, b) => a + b);
    }),
  ],
  ['trima', plain((x, p) => trima(x, p(0)))],
  ['kama', plain((x, p) => kama(x, p(0), p(1), p(2)))],
  ['t3', plain((x, p) => t3(x, p(0), p(1)))],
  ['hma', plain((x, p) => wma(combine(wma(x, Math.floor(p(0) / 2)), wma(x, p(0)), (short, long) => 2 * short - long), Math.floor(Math.sqrt(p(0)))))],
  ['alma', plain((x, p) => alma(x, p(0), p(1), p(2)))],
  ['zlema', plain((x, p) => zlema(x, p(0)))],
  ['vwma', (inputs, p) => [weighted(nth(inputs, 0), nth(inputs, 1), nth(p, 0))]],
  ['vwap', (inputs, p) => [weighted(typical(nth(inputs, 0), nth(inputs, 1), nth(inputs, 2)), nth(inputs, 3), nth(p, 0))]],
];
