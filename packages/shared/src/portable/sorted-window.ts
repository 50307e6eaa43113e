/** Order statistics of a sliding window: its present values kept sorted, by insertion and removal. */
import type { Scan } from './scan.ts';
import { longestWindow, type WindowRows } from './window-walk.ts';

/** What is read off the sorted values of a window; `newest` is the value of its last row. */
type Reading = (sorted: Float64Array, count: number, newest: number) => number;

/** The first place whose value is not below `value`. */
function lowerPlace(sorted: Float64Array, count: number, value: number): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Linear between the two nearest order statistics, as numpy's. */
export const quantileReading =
  (q: number): Reading =>
  (sorted, count) => {
    const place = q * (count - 1);
    const below = Math.floor(place);
    const [low, share] = [sorted[below]!, place - below];
    return share === 0 ? low : low + (sorted[below + 1]! - low) * share;
  };

/** Half the two middle ones, of an even number. */
export const medianReading: Reading = (sorted, count) => (count % 2 === 1 ? sorted[count >> 1]! : sorted[count / 2 - 1]! / 2 + sorted[count / 2]! / 2);

/** 1 for the smallest; equal values have the mean of their ranks. */
export const rankReading: Reading = (sorted, count, newest) => {
  const first = lowerPlace(sorted, count, newest);
  let last = first;
  while (last + 1 < count && sorted[last + 1] === newest) last += 1;
  return (first + last) / 2 + 1;
};

/** Each step costs a move of half the window, which is fast for windows of thousands. */
export function sortedScan(values: Float64Array, out: Float64Array, rows: WindowRows, reading: Reading, needsNewest: boolean): Scan {
  const { begin, least } = rows;
  const sorted = new Float64Array(values.length);
  let count = 0;
  let oldest = 0;
  return {
    step: 1,
    // A move takes sixteen values in the time of one that is computed with.
    valuesPerRow: longestWindow(rows, values.length) / 16,
    run(from, to) {
      for (let t = from; t < to; t++) {
        const newest = values[t]!;
        if (newest === newest) {
          const place = lowerPlace(sorted, count, newest);
          sorted.copyWithin(place + 1, place, count);
          sorted[place] = newest;
          count += 1;
        }
        const first = begin(t);
        for (; oldest < first; oldest++) {
          const gone = values[oldest]!;
          if (gone !== gone) continue;
          const place = lowerPlace(sorted, count, gone);
          sorted.copyWithin(place, place + 1, count);
          count -= 1;
        }
        const enough = count >= (least ?? t + 1 - first);
        out[t] = enough && !(needsNewest && newest !== newest) ? reading(sorted, count, newest) : Number.NaN;
      }
    },
  };
}
