/** Rows that a transform left empty: the first of each trial has no difference and no return. */
import type { Frame } from './frame.ts';

/** How many rows at the beginning of every trial hold no value of any of these series; at most all but one. */
export function emptyLeadingRows({ values, stride, length, trials }: Frame, series: readonly number[]): number {
  const rows = length / trials;
  let empty = 0;
  for (; empty < rows - 1; empty += 1) {
    for (let trial = 0; trial < trials; trial += 1) {
      if (series.some((s) => !Number.isNaN(values[s * stride + trial * rows + empty]))) return empty;
    }
  }
  return empty;
}

/** The frame without so many rows at the beginning of each trial; itself where that is none. */
export function withoutLeadingRows(frame: Frame, count: number): Frame {
  if (count === 0) return frame;
  const { series, trials, stride } = frame;
  const rows = frame.length / trials;
  const kept = rows - count;
  const length = kept * trials;
  const values = new Float64Array(series * length);
  const present = new Uint32Array(series);
  const time = new BigInt64Array(length);
  for (let trial = 0; trial < trials; trial += 1) {
    time.set(frame.time.subarray(trial * rows + count, (trial + 1) * rows), trial * kept);
    for (let s = 0; s < series; s += 1) {
      values.set(frame.values.subarray(s * stride + trial * rows + count, s * stride + (trial + 1) * rows), s * length + trial * kept);
    }
  }
  for (let s = 0; s < series; s += 1) for (let t = 0; t < length; t += 1) if (!Number.isNaN(values[s * length + t])) present[s] = (present[s] ?? 0) + 1;
  return { ...frame, values, length, stride: length, time, present };
}
