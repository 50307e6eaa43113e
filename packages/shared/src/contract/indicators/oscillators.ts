/** Where the price stands within its recent range. */
import { own, parameterAt, period, rows, type Indicator, type IndicatorInput } from './indicator.ts';

const bar: readonly IndicatorInput[] = ['high', 'low', 'close'];
const kAndD = [{ name: 'k', title: '%K' }, { name: 'd', title: '%D' }] as const;
const place = '100 (c - L) / (H - L), H = max of h over fast, L = min of l over fast, 0 where they are equal';

export const oscillators: readonly Indicator[] = [
  {
    name: 'stochastic', title: 'Stochastic oscillator', group: 'momentum', inputs: bar,
    parameters: [rows('fast', 'Period of fast %K', 5, 1), rows('slow', 'Period of slow %K', 3, 1), rows('signal', 'Period of slow %D', 3, 1)], outputs: kAndD,
    formula: `k = SMA(slow) of ${place}; d = SMA(signal) of k; both begin with d`,
    warmUp: (p) => parameterAt(p, 0) + parameterAt(p, 1) + parameterAt(p, 2) - 3, source: 'TA-Lib STOCH with simple averages',
  },
  {
    name: 'stochastic-fast', title: 'Fast stochastic oscillator', group: 'momentum', inputs: bar,
    parameters: [rows('fast', 'Period of fast %K', 5, 1), rows('signal', 'Period of fast %D', 3, 1)], outputs: kAndD,
    formula: `k = ${place}; d = SMA(signal) of k; both begin with d`,
    warmUp: (p) => parameterAt(p, 0) + parameterAt(p, 1) - 2, source: 'TA-Lib STOCHF with simple averages',
  },
  {
    name: 'stochastic-rsi', title: 'Stochastic RSI', group: 'momentum', inputs: ['value'],
    parameters: [period(14), rows('fast', 'Period of fast %K', 5, 1), rows('signal', 'Period of fast %D', 3, 1)], outputs: kAndD,
    formula: 'stochastic-fast(fast, signal) with rsi(n) of x as high, low and close',
    warmUp: (p) => parameterAt(p, 0) + parameterAt(p, 1) + parameterAt(p, 2) - 2, source: 'TA-Lib STOCHRSI with simple averages',
  },
  {
    name: 'cci', title: 'Commodity channel index', group: 'momentum', inputs: bar, parameters: [period(14)], outputs: own('CCI'),
    formula: '(p - m) / (0.015 d), p = (h + l + c) / 3, m = mean of p over n, d = mean of |p - m| over n with this row’s m; 0 where p - m or d is exactly 0',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib CCI',
  },
  {
    name: 'mfi', title: 'Money flow index', group: 'momentum', inputs: ['high', 'low', 'close', 'volume'], parameters: [period(14)], outputs: own('MFI'),
    formula: '100 P / (P + N), P and N = sums over n of p v on rows where p rose and where it fell, p = (h + l + c) / 3; 0 where P + N is below 1',
    warmUp: (p) => parameterAt(p, 0), source: 'TA-Lib MFI',
  },
  {
    name: 'williams-r', title: 'Williams %R', group: 'momentum', inputs: bar, parameters: [period(14)], outputs: own('%R'),
    formula: '-100 (H - c) / (H - L), H = max of h over n, L = min of l over n; 0 where they are equal',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib WILLR',
  },
  {
    name: 'ultimate-oscillator', title: 'Ultimate oscillator', group: 'momentum', inputs: bar,
    parameters: [rows('short', 'Short period', 7, 1), rows('middle', 'Middle period', 14, 1), rows('long', 'Long period', 28, 1)], outputs: own('Ultimate oscillator'),
    formula: '100 (4 A(short) + 2 A(middle) + A(long)) / 7, A(n) = sum of c - min(l, c[-1]) over n / sum of the true range over n, 0 where that is zero; the periods are taken in ascending order',
    warmUp: (p) => Math.max(parameterAt(p, 0), parameterAt(p, 1), parameterAt(p, 2)), source: 'TA-Lib ULTOSC',
  },
  {
    name: 'bop', title: 'Balance of power', group: 'momentum', inputs: ['open', 'high', 'low', 'close'], parameters: [], outputs: own('Balance of power'),
    formula: '(c - o) / (h - l); 0 where h - l is below 1e-14',
    warmUp: () => 0, source: 'TA-Lib BOP',
  },
];
