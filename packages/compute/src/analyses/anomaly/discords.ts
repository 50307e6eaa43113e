/** The windows that are like no other: E. Keogh, J. Lin and A. Fu, "HOT SAX: efficiently finding the most unusual time series subsequence" (2005). */
import type { Event, Scored } from './scored.ts';

/** What a matrix profile says of one series of `length` rows: the `most` windows of largest distance that do not overlap, from the threshold on. */
export function discords(distance: Float64Array, neighbour: Int32Array, length: number, window: number, most: number, threshold: number): Scored {
  const score = new Float64Array(length).fill(Number.NaN);
  score.set(distance);
  const flags = new Uint8Array(length);
  // Of equal distances the first window.
  const order = Int32Array.from(distance.keys())
    .filter((i) => (distance[i] ?? Number.NaN) >= threshold)
    .sort((a, b) => (distance[b] ?? 0) - (distance[a] ?? 0) || a - b);
  const events: Event[] = [];
  for (const start of order) {
    if (events.length === most) break;
    const end = start + window - 1;
    if (flags[start] === 1 || flags[end] === 1) continue;
    flags.fill(1, start, end + 1);
    events.push({ start, end, peak: start, score: distance[start] ?? Number.NaN, neighbour: neighbour[start] ?? null });
  }
  return { score, flagged: flags, expected: null, events: events.sort((a, b) => a.start - b.start) };
}
