/** How fast the value moves: changes and differences of averages. */
import { own, parameterAt, period, rows, type Indicator, type IndicatorInput } from './indicator.ts';

const value: readonly IndicatorInput[] = ['value'];
const first = (parameters: readonly number[]): number => parameterAt(parameters, 0);
const slower = (parameters: readonly number[]): number => Math.max(parameterAt(parameters, 0), parameterAt(parameters, 1));
const fastAndSlow = [rows('fast', 'Fast period', 12), rows('slow', 'Slow period', 26)] as const;

export const momentum: readonly Indicator[] = [
  {
    name: 'rsi', title: 'Relative strength index', group: 'momentum', inputs: value, parameters: [period(14)], outputs: own('RSI'),
    formula: '100 g / (g + d), g and d = Wilder(n) of the rises and of the falls of x - x[-1]; 0 where both are zero',
    warmUp: first, source: 'TA-Lib RSI',
  },
  {
    name: 'cmo', title: 'Chande momentum oscillator', group: 'momentum', inputs: value, parameters: [period(14)], outputs: own('CMO'),
    formula: '100 (g - d) / (g + d), g and d = Wilder(n) of the rises and of the falls of x - x[-1]; 0 where both are zero',
    warmUp: first, source: 'TA-Lib CMO',
  },
  {
    name: 'macd', title: 'Moving average convergence/divergence', group: 'momentum', inputs: value,
    parameters: [...fastAndSlow, rows('signal', 'Signal period', 9, 1)],
    outputs: [{ name: '', title: 'MACD' }, { name: 'signal', title: 'Signal' }, { name: 'histogram', title: 'Histogram' }],
    formula: 'EMA(fast) - EMA(slow) of x, signal = EMA(signal) of that, histogram = their difference; both EMAs begin at row slow - 1, the fast one with the mean of the fast rows that end there, and the shorter period is the fast one; all three columns begin with the signal',
    warmUp: (p) => slower(p) - 1 + parameterAt(p, 2) - 1, source: 'TA-Lib MACD',
  },
  {
    name: 'apo', title: 'Absolute price oscillator', group: 'momentum', inputs: value, parameters: fastAndSlow, outputs: own('APO'),
    formula: 'SMA(fast) - SMA(slow) of x; the shorter period is the fast one',
    warmUp: (p) => slower(p) - 1, source: 'TA-Lib APO with simple averages, its default',
  },
  {
    name: 'ppo', title: 'Percentage price oscillator', group: 'momentum', inputs: value, parameters: fastAndSlow, outputs: own('PPO'),
    formula: '100 (SMA(fast) - SMA(slow)) / SMA(slow) of x; the shorter period is the fast one; 0 where the divisor is zero',
    warmUp: (p) => slower(p) - 1, source: 'TA-Lib PPO with simple averages, its default',
  },
  {
    name: 'momentum', title: 'Momentum', group: 'momentum', inputs: value, parameters: [period(10, 1)], outputs: own('Momentum'),
    formula: 'x - x[-n]',
    warmUp: first, source: 'TA-Lib MOM',
  },
  {
    name: 'roc', title: 'Rate of change', group: 'momentum', inputs: value, parameters: [period(10, 1)], outputs: own('ROC'),
    formula: '100 (x / x[-n] - 1); 0 where x[-n] is 0',
    warmUp: first, source: 'TA-Lib ROC',
  },
  {
    name: 'rocp', title: 'Rate of change, as a fraction', group: 'momentum', inputs: value, parameters: [period(10, 1)], outputs: own('ROCP'),
    formula: '(x - x[-n]) / x[-n]; 0 where x[-n] is 0',
    warmUp: first, source: 'TA-Lib ROCP',
  },
  {
    name: 'trix', title: 'Rate of change of a triple exponential average', group: 'momentum', inputs: value, parameters: [period(30)], outputs: own('TRIX'),
    formula: '100 (e3 / e3[-1] - 1), e3 = EMA(n) of EMA(n) of EMA(n) of x; 0 where e3[-1] is 0',
    warmUp: (p) => 3 * (first(p) - 1) + 1, source: 'TA-Lib TRIX',
  },
  {
    name: 'awesome-oscillator', title: 'Awesome oscillator', group: 'momentum', inputs: ['high', 'low'],
    parameters: [rows('fast', 'Fast period', 5, 1), rows('slow', 'Slow period', 34, 1)], outputs: own('Awesome oscillator'),
    formula: 'SMA(fast) - SMA(slow) of (h + l) / 2',
    warmUp: (p) => slower(p) - 1, source: 'Williams 1998',
  },
];
