/** Series with times of their own as one block over the times of all of them. */
import type { Block } from '@corrente/shared/portable/block';
import type { Points } from '../results/align-lines.ts';

export interface SharedRows {
  /** Microseconds since 1970, or row numbers; ascending. */
  readonly times: Float64Array;
  /** [series × times], NaN where a series has no value. */
  readonly block: Block;
}

/** Every time at which one of the series has a point. */
export function sharedRows(lines: readonly Points[]): SharedRows {
  const all = new Float64Array(lines.reduce((sum, { x }) => sum + x.length, 0));
  let end = 0;
  for (const { x } of lines) {
    all.set(x, end);
    end += x.length;
  }
  all.sort();
  const times = all.filter((time, i) => i === 0 || time !== all[i - 1]);
  const length = times.length;
  const values = new Float64Array(lines.length * length).fill(Number.NaN);
  for (const [s, { x, y }] of lines.entries()) {
    let row = 0;
    for (let i = 0; i < x.length; i++) {
      while (times[row]! < x[i]!) row += 1;
      values[s * length + row] = y[i]!;
    }
  }
  return { times, block: { values, series: lines.length, length, stride: length } };
}

/** The lines as they are drawn, straight between their points, read at `count` even steps of time. */
export function sampledRows(lines: readonly Points[], count: number): SharedRows {
  const [from, to] = [Math.min(...lines.map(({ x }) => x[0] ?? Infinity)), Math.max(...lines.map(({ x }) => x.at(-1) ?? -Infinity))];
  if (!(to > from)) return sharedRows(lines);
  const times = Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const values = new Float64Array(lines.length * count).fill(Number.NaN);
  for (const [s, { x, y }] of lines.entries()) {
    let next = 0;
    for (const [t, time] of times.entries()) {
      while (next < x.length && x[next]! < time) next += 1;
      if (next === x.length || (next === 0 && x[0]! > time)) continue;
      const share = next === 0 || time === x[next] ? 1 : (time - x[next - 1]!) / (x[next]! - x[next - 1]!);
      values[s * count + t] = share === 1 ? y[next]! : y[next - 1]! + (y[next]! - y[next - 1]!) * share;
    }
  }
  return { times, block: { values, series: lines.length, length: count, stride: count } };
}

/** Rows [from, to) whose times lie within the bounds. */
export function rowsWithin(times: Float64Array, from: number, to: number): { readonly from: number; readonly to: number } {
  return { from: firstNotBelow(times, (time) => time < from), to: firstNotBelow(times, (time) => time <= to) };
}

function firstNotBelow(times: Float64Array, below: (time: number) => boolean): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (below(times[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
