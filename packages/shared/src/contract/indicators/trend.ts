/** Whether there is a trend, and which way: Wilder's directional movement, and Aroon. */
import { own, parameterAt, period, type Indicator, type IndicatorInput } from './indicator.ts';

const bar: readonly IndicatorInput[] = ['high', 'low', 'close'];
const highLow: readonly IndicatorInput[] = ['high', 'low'];
const times = (factor: number, less: number) => (parameters: readonly number[]) => factor * parameterAt(parameters, 0) - less;

const movement = '+m = h - h[-1] where that is positive and above l[-1] - l, else 0; -m = l[-1] - l where that is positive and above h - h[-1], else 0';
const smoothed = 'each first summed over rows 1 … n - 1, then s = s[-1] - s[-1] / n + the row’s';

export const trend: readonly Indicator[] = [
  {
    name: 'plus-dm', title: 'Plus directional movement', group: 'trend', inputs: highLow, parameters: [period(14)], outputs: own('+DM'),
    formula: `${movement}; +DM is +m, summed over rows 1 … n - 1 at first, then s = s[-1] - s[-1] / n + m`,
    warmUp: times(1, 1), source: 'TA-Lib PLUS_DM',
  },
  {
    name: 'minus-dm', title: 'Minus directional movement', group: 'trend', inputs: highLow, parameters: [period(14)], outputs: own('-DM'),
    formula: `${movement}; -DM is -m, summed over rows 1 … n - 1 at first, then s = s[-1] - s[-1] / n + m`,
    warmUp: times(1, 1), source: 'TA-Lib MINUS_DM',
  },
  {
    name: 'plus-di', title: 'Plus directional indicator', group: 'trend', inputs: bar, parameters: [period(14)], outputs: own('+DI'),
    formula: `100 +DM / TR, of plus-dm and of the true range, ${smoothed}; 0 where TR is zero`,
    warmUp: times(1, 0), source: 'TA-Lib PLUS_DI',
  },
  {
    name: 'minus-di', title: 'Minus directional indicator', group: 'trend', inputs: bar, parameters: [period(14)], outputs: own('-DI'),
    formula: `100 -DM / TR, of minus-dm and of the true range, ${smoothed}; 0 where TR is zero`,
    warmUp: times(1, 0), source: 'TA-Lib MINUS_DI',
  },
  {
    name: 'dx', title: 'Directional movement index', group: 'trend', inputs: bar, parameters: [period(14)], outputs: own('DX'),
    formula: '100 |+DI - -DI| / (+DI + -DI); the value before where TR or the divisor is zero, 0 on the first row',
    warmUp: times(1, 0), source: 'TA-Lib DX',
  },
  {
    name: 'adx', title: 'Average directional movement index', group: 'trend', inputs: bar, parameters: [period(14)], outputs: own('ADX'),
    formula: 'first the sum of dx over rows n … 2n - 1, divided by n (rows where TR or +DI + -DI is zero add nothing), then a = (a[-1] (n - 1) + dx) / n, and a = a[-1] on such rows',
    warmUp: times(2, 1), source: 'TA-Lib ADX',
  },
  {
    name: 'adxr', title: 'Average directional movement rating', group: 'trend', inputs: bar, parameters: [period(14)], outputs: own('ADXR'),
    formula: '(adx + adx[-(n - 1)]) / 2',
    warmUp: times(3, 2), source: 'TA-Lib ADXR',
  },
  {
    name: 'aroon', title: 'Aroon', group: 'trend', inputs: highLow, parameters: [period(14)],
    outputs: [{ name: 'down', title: 'Aroon down' }, { name: 'up', title: 'Aroon up' }],
    formula: 'down = 100 (n - rows since the min of l over n + 1) / n, up = 100 (n - rows since the max of h over n + 1) / n; of equal extremes the newest',
    warmUp: times(1, 0), source: 'TA-Lib AROON',
  },
  {
    name: 'aroon-oscillator', title: 'Aroon oscillator', group: 'trend', inputs: highLow, parameters: [period(14)], outputs: own('Aroon oscillator'),
    formula: 'aroon up - aroon down',
    warmUp: times(1, 0), source: 'TA-Lib AROONOSC',
  },
];
