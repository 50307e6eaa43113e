/** What indicators are made of: windows and running averages over a series whose first rows may be missing. */

export type Series = Float64Array<ArrayBuffer>;
/** From the inputs and the numbers of an indicator, both in the catalogue's order, to its outputs. */
export type Formula = (inputs: readonly Series[], parameters: readonly number[]) => Series[];

/** Divisors smaller than this count as zero. */
const nothing = 1e-14;
export const isZero = (value: number): boolean => Math.abs(value) < nothing;

export const at = (series: Series, row: number): number => series[row] ?? Number.NaN;
export const nth = <T>(list: readonly T[], i: number): T => {
  const found = list[i];
  if (found === undefined) throw new Error(`number ${i} of ${list.length} is asked for`);
  return found;
};

/** A series by a formula for each row. */
export const rowwise = (length: number, value: (row: number) => number): Series => Float64Array.from({ length }, (_, row) => value(row));
/** A series by a formula for each row from `first` on. */
export const from = (length: number, first: number, value: (row: number) => number): Series => rowwise(length, (row) => (row < first ? Number.NaN : value(row)));
export const combine = (a: Series, b: Series, make: (a: number, b: number) => number): Series => rowwise(a.length, (row) => make(at(a, row), at(b, row)));
export const minus = (a: Series, b: Series): Series => combine(a, b, (x, y) => x - y);

const firstPresent = (series: Series): number => {
  const found = series.findIndex((value) => !Number.isNaN(value));
  return found < 0 ? series.length : found;
};

export const sum = (values: Series): number => values.reduce((total, value) => total + value, 0);
/** Of equal values exactly that value. */
export const mean = (values: Series): number => at(values, 0) + sum(values.map((value) => value - at(values, 0))) / values.length;
export const largest = (values: Series): number => values.reduce((most, value) => Math.max(most, value), -Infinity);
export const smallest = (values: Series): number => values.reduce((least, value) => Math.min(least, value), Infinity);
/** Mean square about the mean. */
export const variance = (values: Series): number => {
  const centre = mean(values);
  return sum(values.map((value) => (value - centre) ** 2)) / values.length;
};

/** Of the last n rows at each row, where none is missing. */
export function over(series: Series, n: number, statistic: (window: Series) => number): Series {
  return from(series.length, n - 1, (row) => {
    const window = series.subarray(row - n + 1, row + 1);
    return window.some(Number.isNaN) ? Number.NaN : statistic(window);
  });
}

export const sma = (series: Series, n: number): Series => over(series, n, mean);
export const wma = (series: Series, n: number): Series => over(series, n, (window) => sum(window.map((value, i) => (i + 1) * value)) / ((n * (n + 1)) / 2));
export const highest = (series: Series, n: number): Series => over(series, n, largest);
export const lowest = (series: Series, n: number): Series => over(series, n, smallest);

/** `alpha` is the weight of the new value; the average begins at row `begin` with the mean of the n rows that end there. */
function smoothed(series: Series, n: number, alpha: number, begin: number): Series {
  const result = from(series.length, series.length, () => Number.NaN);
  if (begin >= series.length) return result;
  let average = mean(series.subarray(begin - n + 1, begin + 1));
  result[begin] = average;
  for (let row = begin + 1; row < series.length; row++) {
    average += alpha * (at(series, row) - average);
    result[row] = average;
  }
  return result;
}

/** Begins with the mean of the first n present values, or with that of the n rows that end at `begin`. */
export const ema = (series: Series, n: number, begin = firstPresent(series) + n - 1): Series => smoothed(series, n, 2 / (n + 1), begin);
/** Wilder's: the new value weighs 1 / n. */
export const wilder = (series: Series, n: number): Series => smoothed(series, n, 1 / n, firstPresent(series) + n - 1);

/** The change from one row to the next; none at row 0. */
export const change = (series: Series): Series => from(series.length, 1, (row) => at(series, row) - at(series, row - 1));

export function trueRange(high: Series, low: Series, close: Series): Series {
  return from(high.length, 1, (row) => {
    const before = at(close, row - 1);
    return Math.max(at(high, row) - at(low, row), Math.abs(at(high, row) - before), Math.abs(at(low, row) - before));
  });
}

export const typical = (high: Series, low: Series, close: Series): Series => rowwise(high.length, (row) => (at(high, row) + at(low, row) + at(close, row)) / 3);
export const middle = (high: Series, low: Series): Series => rowwise(high.length, (row) => (at(high, row) + at(low, row)) / 2);
