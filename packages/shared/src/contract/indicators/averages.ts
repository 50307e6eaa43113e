/** Averages of the value over its last rows. */
import { factor, own, parameterAt, period, rows, type Indicator } from './indicator.ts';

const rowsBut = (less: number) => (parameters: readonly number[]) => parameterAt(parameters, 0) - less;
const value = ['value'] as const;

export const averages: readonly Indicator[] = [
  {
    name: 'sma', title: 'Simple moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('SMA'),
    formula: 'mean of x over n',
    warmUp: rowsBut(1), source: 'TA-Lib SMA',
  },
  {
    name: 'ema', title: 'Exponential moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('EMA'),
    formula: 'e = e[-1] + 2 / (n + 1) (x - e[-1]), beginning with the mean of the first n rows',
    warmUp: rowsBut(1), source: 'TA-Lib EMA',
  },
  {
    name: 'wma', title: 'Weighted moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('WMA'),
    formula: '(n x + (n - 1) x[-1] + … + 1 x[-n+1]) / (n (n + 1) / 2)',
    warmUp: rowsBut(1), source: 'TA-Lib WMA',
  },
  {
    name: 'dema', title: 'Double exponential moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('DEMA'),
    formula: '2 e1 - e2, e1 = EMA(n) of x, e2 = EMA(n) of e1',
    warmUp: (p) => 2 * (parameterAt(p, 0) - 1), source: 'TA-Lib DEMA',
  },
  {
    name: 'tema', title: 'Triple exponential moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('TEMA'),
    formula: '3 e1 - 3 e2 + e3, e1 = EMA(n) of x, e2 = EMA(n) of e1, e3 = EMA(n) of e2',
    warmUp: (p) => 3 * (parameterAt(p, 0) - 1), source: 'TA-Lib TEMA',
  },
  {
    name: 'trima', title: 'Triangular moving average', group: 'average', inputs: value, parameters: [period(30, 1)], outputs: own('TRIMA'),
    formula: 'SMA(b) of SMA(a) of x, a = floor(n / 2) + 1, b = n + 1 - a',
    warmUp: rowsBut(1), source: 'TA-Lib TRIMA',
  },
  {
    name: 'kama', title: 'Kaufman adaptive moving average', group: 'average', inputs: value,
    parameters: [period(30, 1), rows('fast', 'Fast period', 2, 1), rows('slow', 'Slow period', 30, 1)], outputs: own('KAMA'),
    formula: 'k = k[-1] + s² (x - k[-1]), s = E (2 / (fast + 1) - 2 / (slow + 1)) + 2 / (slow + 1), E = |x - x[-n]| / (sum of |x - x[-1]| over n), at most 1, and 1 where the sum is zero; k is x at row n - 1, and the first value is at row n',
    warmUp: rowsBut(0), source: 'TA-Lib KAMA, whose fast and slow are always 2 and 30',
  },
  {
    name: 't3', title: 'T3 moving average', group: 'average', inputs: value,
    parameters: [period(5, 1), factor('factor', 'Volume factor', 0.7, 0, 1)], outputs: own('T3'),
    formula: '-f³ e6 + 3 (f² + f³) e5 - 3 (2 f² + f + f³) e4 + (1 + 3 f + f³ + 3 f²) e3, e1 = EMA(n) of x, each further one EMA(n) of the one before',
    warmUp: (p) => 6 * (parameterAt(p, 0) - 1), source: 'TA-Lib T3',
  },
  {
    name: 'hma', title: 'Hull moving average', group: 'average', inputs: value, parameters: [period(16)], outputs: own('HMA'),
    formula: 'WMA(floor(√n)) of 2 WMA(floor(n / 2)) of x - WMA(n) of x; a WMA of one row is that row',
    warmUp: (p) => parameterAt(p, 0) - 1 + Math.floor(Math.sqrt(parameterAt(p, 0))) - 1, source: 'Hull 2005',
  },
  {
    name: 'alma', title: 'Arnaud Legoux moving average', group: 'average', inputs: value,
    parameters: [period(9, 1), factor('offset', 'Offset', 0.85, 0, 1), factor('sigma', 'Sigma', 6, 0.01, 1000)], outputs: own('ALMA'),
    formula: 'sum of w(i) x(i) / sum of w(i), i = 0 … n - 1 from the oldest row, w(i) = exp(-(i - offset (n - 1))² / (2 (n / sigma)²))',
    warmUp: rowsBut(1), source: 'Legoux and Kouzis-Loukas 2009',
  },
  {
    name: 'zlema', title: 'Zero-lag exponential moving average', group: 'average', inputs: value, parameters: [period(20, 1)], outputs: own('ZLEMA'),
    formula: 'EMA(n) of x + (x - x[-k]), k = floor((n - 1) / 2); the EMA’s first row is row k',
    warmUp: (p) => Math.floor((parameterAt(p, 0) - 1) / 2) + parameterAt(p, 0) - 1, source: 'Ehlers and Way 2010',
  },
  {
    name: 'vwma', title: 'Volume-weighted moving average', group: 'average', inputs: ['close', 'volume'], parameters: [period(20, 1)], outputs: own('VWMA'),
    formula: 'sum of c v over n / sum of v over n; missing where that sum is zero',
    warmUp: rowsBut(1), source: 'usual definition',
  },
  {
    name: 'vwap', title: 'Volume-weighted average price', group: 'average', inputs: ['high', 'low', 'close', 'volume'],
    parameters: [{ ...period(0, 0), title: 'Period, or 0 for all rows so far' }], outputs: own('VWAP'),
    formula: 'sum of p v / sum of v, p = (h + l + c) / 3, over n, or over all rows so far where n is 0; missing where the sum of v is zero',
    warmUp: (p) => Math.max(0, parameterAt(p, 0) - 1), source: 'usual definition',
  },
];
