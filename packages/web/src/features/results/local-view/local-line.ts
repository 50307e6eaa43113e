/** Local values over time as a line. */
import type { Points } from '../align-lines.ts';

export interface LocalLine {
  readonly points: Points;
  readonly time: 'timestamp' | 'index';
}

/**
 * Over the times of the table; over its row numbers where these do not ascend, as where every trial begins anew, or
 * where one is missing.
 */
export function localLine(times: Float64Array, values: Float64Array, time: LocalLine['time']): LocalLine {
  const ascending = times.every((at, i) => !Number.isNaN(at) && (i === 0 || at > times[i - 1]!));
  if (ascending) return { points: { x: times, y: values }, time };
  return { points: { x: Float64Array.from(values, (_, row) => row), y: values }, time: 'index' };
}

/** The mean of the values that there are; NaN where there is none. */
export function meanOf(values: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count === 0 ? Number.NaN : sum / count;
}
