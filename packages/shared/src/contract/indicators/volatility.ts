/** How far the price moves. */
import { factor, own, parameterAt, period, type Indicator, type IndicatorInput } from './indicator.ts';

const bar: readonly IndicatorInput[] = ['high', 'low', 'close'];

export const volatility: readonly Indicator[] = [
  {
    name: 'true-range', title: 'True range', group: 'volatility', inputs: bar, parameters: [], outputs: own('True range'),
    formula: 'max of h - l, |h - c[-1]| and |l - c[-1]|',
    warmUp: () => 1, source: 'TA-Lib TRANGE',
  },
  {
    name: 'atr', title: 'Average true range', group: 'volatility', inputs: bar, parameters: [period(14, 1)], outputs: own('ATR'),
    formula: 'Wilder(n) of the true range: a = (a[-1] (n - 1) + tr) / n, first the mean of rows 1 … n',
    warmUp: (p) => parameterAt(p, 0), source: 'TA-Lib ATR',
  },
  {
    name: 'natr', title: 'Normalised average true range', group: 'volatility', inputs: bar, parameters: [period(14, 1)], outputs: own('NATR'),
    formula: '100 atr(n) / c; 0 where c is zero',
    warmUp: (p) => parameterAt(p, 0), source: 'TA-Lib NATR',
  },
  {
    name: 'stddev', title: 'Standard deviation', group: 'volatility', inputs: ['value'],
    parameters: [period(5), factor('deviations', 'Deviations', 1, 0, 1000)], outputs: own('Standard deviation'),
    formula: 'deviations × √(variance of x over n)',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib STDDEV',
  },
  {
    name: 'variance', title: 'Variance', group: 'volatility', inputs: ['value'], parameters: [period(5, 1)], outputs: own('Variance'),
    formula: 'mean of (x - mean of x over n)² over n',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib VAR',
  },
];
