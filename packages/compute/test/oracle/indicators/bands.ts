/** Levels above and below the price. */
import { at, combine, ema, from, highest, lowest, middle, nth, over, sma, trueRange, variance, wilder, type Formula, type Series } from './series.ts';

const half = (a: Series, b: Series): Series => combine(a, b, (x, y) => (x + y) / 2);
const shifted = (series: Series, rows: number): Series => from(series.length, rows, (row) => at(series, row - rows));
const empty = (length: number): Series => from(length, length, () => Number.NaN);

function bollinger(x: Series, n: number, up: number, down: number): Series[] {
  const centre = sma(x, n);
  const deviation = over(x, n, (window) => Math.sqrt(variance(window)));
  return [combine(centre, deviation, (m, s) => m + up * s), centre, combine(centre, deviation, (m, s) => m - down * s)];
}

function keltner([high, low, close]: readonly [Series, Series, Series], n: number, range: number, multiplier: number): Series[] {
  const reach = wilder(trueRange(high, low, close), range).map((value) => multiplier * value);
  const centre = ema(close, n);
  const upper = combine(centre, reach, (m, r) => m + r);
  return [upper, combine(centre, upper, (m, u) => (Number.isNaN(u) ? u : m)), combine(centre, reach, (m, r) => m - r)];
}

/** Wilder 1978, as TA-Lib starts it. */
function sar(high: Series, low: Series, acceleration: number, maximum: number): Series {
  const result = empty(high.length);
  const fall = at(low, 0) - at(low, 1);
  let isLong = !(fall > 0 && fall > at(high, 1) - at(high, 0));
  let stop = isLong ? at(low, 0) : at(high, 0);
  let extreme = isLong ? at(high, 1) : at(low, 1);
  let factor = Math.min(acceleration, maximum);
  for (let row = 1; row < high.length; row++) {
    // At row 1 there is no bar before to hold the stop back.
    const before = Math.max(1, row - 1);
    const [highs, lows] = [Math.max(at(high, before), at(high, row)), Math.min(at(low, before), at(low, row))];
    const turns = isLong ? at(low, row) <= stop : at(high, row) >= stop;
    if (turns) {
      isLong = !isLong;
      stop = isLong ? Math.min(extreme, lows) : Math.max(extreme, highs);
      factor = Math.min(acceleration, maximum);
      extreme = isLong ? at(high, row) : at(low, row);
      result[row] = stop;
    } else {
      result[row] = stop;
      const reached = isLong ? at(high, row) : at(low, row);
      if (isLong ? reached > extreme : reached < extreme) {
        extreme = reached;
        factor = Math.min(maximum, factor + acceleration);
      }
    }
    stop += factor * (extreme - stop);
    stop = isLong ? Math.min(stop, lows) : Math.max(stop, highs);
  }
  return result;
}

function supertrend([high, low, close]: readonly [Series, Series, Series], n: number, multiplier: number): Series[] {
  const range = wilder(trueRange(high, low, close), n);
  const centre = middle(high, low);
  const [value, direction] = [empty(high.length), empty(high.length)];
  let [upper, lower, way] = [Number.NaN, Number.NaN, -1];
  for (let row = n; row < high.length; row++) {
    const [above, below] = [at(centre, row) + multiplier * at(range, row), at(centre, row) - multiplier * at(range, row)];
    const before = at(close, row - 1);
    if (row === n) [upper, lower] = [above, below];
    else {
      if (below > lower || before < lower) lower = below;
      if (above < upper || before > upper) upper = above;
      if (way < 0 && at(close, row) > upper) way = 1;
      else if (way > 0 && at(close, row) < lower) way = -1;
    }
    direction[row] = way;
    value[row] = way > 0 ? lower : upper;
  }
  return [value, direction];
}

function ichimoku(high: Series, low: Series, p: readonly number[]): Series[] {
  const centre = (n: number): Series => half(highest(high, n), lowest(low, n));
  const [conversion, base] = [centre(nth(p, 0)), centre(nth(p, 1))];
  return [conversion, base, shifted(half(conversion, base), nth(p, 3)), shifted(centre(nth(p, 2)), nth(p, 3))];
}

const bars = (inputs: readonly Series[]): [Series, Series, Series] => [nth(inputs, 0), nth(inputs, 1), nth(inputs, 2)];

export const bands: ReadonlyArray<readonly [string, Formula]> = [
  ['midpoint', ([x = new Float64Array(0)], p) => [half(highest(x, nth(p, 0)), lowest(x, nth(p, 0)))]],
  ['midprice', (inputs, p) => [half(highest(nth(inputs, 0), nth(p, 0)), lowest(nth(inputs, 1), nth(p, 0)))]],
  ['bollinger', (inputs, p) => bollinger(nth(inputs, 0), nth(p, 0), nth(p, 1), nth(p, 2))],
  ['keltner', (inputs, p) => keltner(bars(inputs), nth(p, 0), nth(p, 1), nth(p, 2))],
  [
    'donchian',
    (inputs, p) => {
      const [upper, lower] = [highest(nth(inputs, 0), nth(p, 0)), lowest(nth(inputs, 1), nth(p, 0))];
      return [upper, half(upper, lower), lower];
    },
  ],
  ['sar', (inputs, p) => [sar(nth(inputs, 0), nth(inputs, 1), nth(p, 0), nth(p, 1))]],
  ['supertrend', (inputs, p) => supertrend(bars(inputs), nth(p, 0), nth(p, 1))],
  ['ichimoku', (inputs, p) => ichimoku(nth(inputs, 0), nth(inputs, 1), p)],
];
