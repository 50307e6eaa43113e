/** Price and volume together. */
import { factor, own, parameterAt, period, rows, type Indicator, type IndicatorInput } from './indicator.ts';

const barAndVolume: readonly IndicatorInput[] = ['high', 'low', 'close', 'volume'];
const flow = '((c - l) - (h - c)) / (h - l) × v, 0 where h - l is not positive';

export const volume: readonly Indicator[] = [
  {
    name: 'obv', title: 'On balance volume', group: 'volume', inputs: ['value', 'volume'], parameters: [], outputs: own('OBV'),
    formula: 'first v, then the value before + v where x > x[-1], - v where x < x[-1]',
    warmUp: () => 0, source: 'TA-Lib OBV',
  },
  {
    name: 'ad', title: 'Accumulation/distribution line', group: 'volume', inputs: barAndVolume, parameters: [], outputs: own('A/D'),
    formula: `sum over all rows so far of ${flow}`,
    warmUp: () => 0, source: 'TA-Lib AD',
  },
  {
    name: 'adosc', title: 'Accumulation/distribution oscillator', group: 'volume', inputs: barAndVolume,
    parameters: [rows('fast', 'Fast period', 3), rows('slow', 'Slow period', 10)], outputs: own('A/D oscillator'),
    formula: 'e(fast) - e(slow), e(n) = e(n)[-1] + 2 / (n + 1) (ad - e(n)[-1]), beginning with the first row of ad',
    warmUp: (p) => Math.max(parameterAt(p, 0), parameterAt(p, 1)) - 1, source: 'TA-Lib ADOSC',
  },
  {
    name: 'cmf', title: 'Chaikin money flow', group: 'volume', inputs: barAndVolume, parameters: [period(20)], outputs: own('CMF'),
    formula: `sum over n of ${flow} / sum of v over n; missing where that sum is zero`,
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'Chaikin',
  },
  {
    name: 'force-index', title: 'Force index', group: 'volume', inputs: ['close', 'volume'], parameters: [period(13, 1)], outputs: own('Force index'),
    formula: 'EMA(n) of (c - c[-1]) v, whose first row is row 1',
    warmUp: (p) => parameterAt(p, 0), source: 'Elder 1993',
  },
  {
    name: 'ease-of-movement', title: 'Ease of movement', group: 'volume', inputs: ['high', 'low', 'volume'],
    parameters: [period(14, 1), factor('scale', 'Volume unit', 100_000_000, 1, 1e15)], outputs: own('Ease of movement'),
    formula: 'SMA(n) of (m - m[-1]) (h - l) scale / v, m = (h + l) / 2, 0 where v is 0; its first row is row 1',
    warmUp: (p) => parameterAt(p, 0), source: 'Arms',
  },
];
