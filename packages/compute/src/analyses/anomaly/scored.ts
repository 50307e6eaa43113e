/** What a method says of one series, and the events that flagged rows are. */

export interface Scored {
  /** NaN where a row has none. */
  readonly score: Float64Array<ArrayBuffer>;
  readonly flagged: Uint8Array;
  /** What was expected of each row; null where the method does not tell. */
  readonly expected: Float64Array<ArrayBuffer> | null;
  readonly events: readonly Event[];
}

/** Rows [start, end], the largest score among them. */
export interface Event {
  readonly start: number;
  readonly end: number;
  readonly peak: number;
  readonly score: number;
  /** matrix-profile: where the most similar window begins. */
  readonly neighbour: number | null;
}

/** Flags the scores from a threshold on; those with up to `gap` other rows between them are one event. */
export function flagged(score: Float64Array<ArrayBuffer>, threshold: number, gap: number, expected: Float64Array<ArrayBuffer> | null): Scored {
  const flags = Uint8Array.from(score, (value) => (value >= threshold ? 1 : 0));
  const events: Event[] = [];
  for (const [row, flag] of flags.entries()) {
    if (flag === 0) continue;
    const value = score[row] ?? Number.NaN;
    const last = events.at(-1);
    if (last !== undefined && row - last.end <= gap + 1) events[events.length - 1] = { ...last, end: row, ...(value > last.score ? { peak: row, score: value } : {}) };
    else events.push({ start: row, end: row, peak: row, score: value, neighbour: null });
  }
  return { score, flagged: flags, expected, events };
}
