/** Frames for tests. */
import type { Columns } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';

interface FrameOptions {
  readonly names?: readonly string[];
  readonly timeKind?: Frame['timeKind'];
  readonly trials?: number;
  /** One per row, in microseconds. */
  readonly time?: Frame['time'];
  readonly fields?: Frame['fields'];
}

/** A block as a frame: series s0, s1, …, one row a day from 1970 on, or row numbers; times repeat in each trial. */
export function frameOf(columns: Columns, options: FrameOptions = {}): Frame {
  const timeKind = options.timeKind ?? 'timestamp';
  const trials = options.trials ?? 1;
  const rows = columns.length / trials;
  const step = timeKind === 'timestamp' ? 86_400_000_000n : 1n;
  const present = Uint32Array.from({ length: columns.series }, (_, s) => columns.values.subarray(s * columns.stride, s * columns.stride + columns.length).filter((value) => !Number.isNaN(value)).length);
  return {
    ...columns,
    names: options.names ?? Array.from({ length: columns.series }, (_, s) => `s${s}`),
    time: options.time ?? BigInt64Array.from({ length: columns.length }, (_, t) => BigInt(t % rows) * step),
    timeKind,
    trials,
    present,
    fields: options.fields ?? new Map(),
  };
}
