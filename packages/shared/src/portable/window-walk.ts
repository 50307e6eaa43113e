/** Windows that are looked at one by one: any statistic of the values present in each. */
import type { RollingRequest } from './block.ts';
import type { Scan } from './scan.ts';
import type { WindowStatistic } from './window-statistics.ts';

/** Which rows each window holds, and how many of them must be present. */
export interface WindowRows {
  /** The first row of the window that ends at row t; it may lie before the series where all rows are needed. */
  readonly begin: (t: number) => number;
  /** Present values that a window needs; null: every row of it. */
  readonly least: number | null;
}

export function windowRows({ window, minPeriods, begins }: RollingRequest): WindowRows {
  if (begins !== undefined) return { begin: (t) => begins[t]!, least: Math.max(1, minPeriods ?? 1) };
  if (minPeriods !== undefined) return { begin: (t) => Math.max(0, t - window + 1), least: Math.max(1, minPeriods) };
  return { begin: (t) => t - window + 1, least: null };
}

/** Rows of the longest window, of `length` rows at most. */
export function longestWindow({ begin }: WindowRows, length: number): number {
  let longest = 0;
  for (let t = 0; t < length; t++) longest = Math.max(longest, t + 1 - Math.max(0, begin(t)));
  return longest;
}

/** Calls the statistic with the present values of each window; missing where there are too few. */
export function walkScan(values: Float64Array, out: Float64Array, rows: WindowRows, statistic: WindowStatistic, needsNewest = false): Scan {
  const present = new Float64Array(values.length);
  // The present values are kept in one run, with the place in it where each row's values begin.
  const before = new Float64Array(values.length + 1);
  for (let t = 0, count = 0; t < values.length; t++) {
    before[t] = count;
    if (values[t] === values[t]) present[count++] = values[t]!;
    before[t + 1] = count;
  }
  return {
    step: 1,
    valuesPerRow: longestWindow(rows, values.length),
    run(from, to) {
      for (let t = from; t < to; t++) {
        const begin = rows.begin(t);
        const [first, end] = [before[Math.max(0, begin)]!, before[t + 1]!];
        const enough = end - first >= (rows.least ?? t + 1 - begin);
        out[t] = enough && !(needsNewest && values[t] !== values[t]) ? statistic(present.subarray(first, end)) : Number.NaN;
      }
    },
  };
}
