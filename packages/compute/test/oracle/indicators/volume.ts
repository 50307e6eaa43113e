/** Price and volume together. */
import { at, combine, ema, from, middle, minus, nth, over, rowwise, sma, sum, type Formula, type Series } from './series.ts';

/** What of a row's volume went into the price: all of it at the high, minus all of it at the low. */
function flow([high, low, close, volume]: readonly Series[]): Series {
  if (high === undefined || low === undefined || close === undefined || volume === undefined) throw new Error('the flow needs high, low, close and volume');
  return rowwise(close.length, (row) => {
    const range = at(high, row) - at(low, row);
    return range > 0 ? ((at(close, row) - at(low, row) - (at(high, row) - at(close, row))) / range) * at(volume, row) : 0;
  });
}

function accumulated(series: Series): Series {
  let total = 0;
  return series.map((value) => (total += value));
}

function onBalance(x: Series, volume: Series): Series {
  return accumulated(rowwise(x.length, (row) => (row === 0 ? 1 : Math.sign(at(x, row) - at(x, row - 1))) * at(volume, row)));
}

/** An exponential average that begins with the first row. */
const fromFirst = (series: Series, n: number): Series => {
  let average = at(series, 0);
  return series.map((value) => (average += (2 / (n + 1)) * (value - average)));
};

function oscillator(line: Series, fast: number, slow: number): Series {
  const difference = minus(fromFirst(line, fast), fromFirst(line, slow));
  return from(line.length, Math.max(fast, slow) - 1, (row) => at(difference, row));
}

function ease(high: Series, low: Series, volume: Series, n: number, scale: number): Series {
  const centre = middle(high, low);
  const moved = (row: number): number => (at(centre, row) - at(centre, row - 1)) * (at(high, row) - at(low, row));
  return sma(from(high.length, 1, (row) => (at(volume, row) === 0 ? 0 : (moved(row) * scale) / at(volume, row))), n);
}

export const volume: ReadonlyArray<readonly [string, Formula]> = [
  ['obv', (inputs) => [onBalance(nth(inputs, 0), nth(inputs, 1))]],
  ['ad', (inputs) => [accumulated(flow(inputs))]],
  ['adosc', (inputs, p) => [oscillator(accumulated(flow(inputs)), nth(p, 0), nth(p, 1))]],
  ['cmf', (inputs, p) => [combine(over(flow(inputs), nth(p, 0), sum), over(nth(inputs, 3), nth(p, 0), sum), (moved, traded) => (traded === 0 ? Number.NaN : moved / traded))]],
  ['force-index', (inputs, p) => [ema(from(nth(inputs, 0).length, 1, (row) => (at(nth(inputs, 0), row) - at(nth(inputs, 0), row - 1)) * at(nth(inputs, 1), row)), nth(p, 0))]],
  ['ease-of-movement', (inputs, p) => [ease(nth(inputs, 0), nth(inputs, 1), nth(inputs, 2), nth(p, 0), nth(p, 1))]],
];
