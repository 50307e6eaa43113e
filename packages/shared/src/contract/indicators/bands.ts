/** Levels above and below the price: bands, channels and stops. */
import { factor, own, parameterAt, period, rows, type Indicator } from './indicator.ts';

const bandOutputs = [
  { name: 'upper', title: 'Upper band' },
  { name: 'middle', title: 'Middle band' },
  { name: 'lower', title: 'Lower band' },
] as const;

export const bands: readonly Indicator[] = [
  {
    name: 'midpoint', title: 'Midpoint over period', group: 'band', inputs: ['value'], parameters: [period(14)], outputs: own('Midpoint'),
    formula: '(max of x over n + min of x over n) / 2',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib MIDPOINT',
  },
  {
    name: 'midprice', title: 'Midpoint price over period', group: 'band', inputs: ['high', 'low'], parameters: [period(14)], outputs: own('Midprice'),
    formula: '(max of h over n + min of l over n) / 2',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib MIDPRICE',
  },
  {
    name: 'bollinger', title: 'Bollinger bands', group: 'band', inputs: ['value'],
    parameters: [period(5), factor('up', 'Deviations up', 2, 0, 1000), factor('down', 'Deviations down', 2, 0, 1000)], outputs: bandOutputs,
    formula: 'middle = SMA(n) of x, upper = middle + up s, lower = middle - down s, s = standard deviation of x over n, divided by n',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'TA-Lib BBANDS with simple averages',
  },
  {
    name: 'keltner', title: 'Keltner channels', group: 'band', inputs: ['high', 'low', 'close'],
    parameters: [period(20), rows('range', 'Period of the range', 10, 1), factor('multiplier', 'Multiplier', 2, 0, 1000)], outputs: bandOutputs,
    formula: 'middle = EMA(n) of c, upper and lower = middle ± multiplier × atr(range); all three begin where both have a value',
    warmUp: (p) => Math.max(parameterAt(p, 0) - 1, parameterAt(p, 1)), source: 'Keltner 1960, as Raschke has it',
  },
  {
    name: 'donchian', title: 'Donchian channels', group: 'band', inputs: ['high', 'low'], parameters: [period(20)], outputs: bandOutputs,
    formula: 'upper = max of h over n, lower = min of l over n, middle = (upper + lower) / 2',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'Donchian',
  },
  {
    name: 'sar', title: 'Parabolic stop and reverse', group: 'band', inputs: ['high', 'low'],
    parameters: [factor('acceleration', 'Acceleration', 0.02, 0, 1000), factor('maximum', 'Most acceleration', 0.2, 0, 1000)], outputs: own('SAR'),
    formula: 's + a (e - s), e the extreme of the running trend, a growing by the acceleration (at most to the maximum) with each new extreme, held outside the last two bars; the trend turns where a bar touches s. It begins upward, unless l[-1] - l of row 1 is positive and above h - h[-1]; then s is the low (downward: the high) of row 0, e the high (the low) of row 1',
    warmUp: () => 1, source: 'TA-Lib SAR',
  },
  {
    name: 'supertrend', title: 'Supertrend', group: 'band', inputs: ['high', 'low', 'close'],
    parameters: [period(10, 1), factor('multiplier', 'Multiplier', 3, 0, 1000)],
    outputs: [{ name: '', title: 'Supertrend' }, { name: 'direction', title: 'Direction: 1 up, -1 down' }],
    formula: 'bands (h + l) / 2 ± multiplier × atr(n); the lower one stays unless it rises or c[-1] < it[-1], the upper one unless it falls or c[-1] > it[-1]. First row: down. A down trend turns up where c > upper, an up trend down where c < lower; the value is the lower band in an up trend, the upper one in a down trend',
    warmUp: (p) => parameterAt(p, 0), source: 'Seban; the rule of TradingView’s ta.supertrend, over TA-Lib’s ATR',
  },
  {
    name: 'ichimoku', title: 'Ichimoku cloud', group: 'band', inputs: ['high', 'low'],
    parameters: [rows('conversion', 'Conversion', 9, 1), rows('base', 'Base', 26, 1), rows('span', 'Leading span B', 52, 1), rows('displacement', 'Displacement', 26, 0)],
    outputs: [
      { name: 'conversion', title: 'Conversion line (tenkan)' },
      { name: 'base', title: 'Base line (kijun)', warmUp: (p) => parameterAt(p, 1) - 1 },
      { name: 'span_a', title: 'Leading span A', warmUp: (p) => Math.max(parameterAt(p, 0), parameterAt(p, 1)) - 1 + parameterAt(p, 3) },
      { name: 'span_b', title: 'Leading span B', warmUp: (p) => parameterAt(p, 2) - 1 + parameterAt(p, 3) },
    ],
    formula: 'm(n) = (max of h over n + min of l over n) / 2; conversion and base are m of theirs; span_a = (conversion + base) / 2 and span_b = m(span), both of `displacement` rows before: they stand at the row where they are drawn. The lagging span is the close of later rows, and left out',
    warmUp: (p) => parameterAt(p, 0) - 1, source: 'Hosoda 1969',
  },
];
