/** The values of one field of a data set, placed into the rows of the frame. */
import { availableParallelism } from 'node:os';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Bucketing } from '@corrente/platform/datasets/buckets';
import { throwIfAborted, type Duck } from '@corrente/platform/datasets/duckdb';
import type { Selection } from '@corrente/platform/datasets/selection';
import { formatTime } from '@corrente/platform/datasets/time';
import { seek } from './axis-builder.ts';
import { PlainCells, type Cells } from './cells.ts';
import { partsOf, valuesOf, type Run } from './rows.ts';
import type { TrialPlace } from './trials.ts';

/** Where values go: to the row of their trial and their time. */
export interface Target {
  readonly buckets: Bucketing | null;
  readonly trials: readonly TrialPlace[];
  readonly axis: Float64Array;
  readonly cells: Cells;
}

/**
 * Reads the selected field of the selected series; `onProgress` is told the fraction of it that is read.
 *
 * @throws infinite-values, cancelled
 */
export async function readValues(duck: Duck, path: string, dataset: Dataset, selection: Selection, target: Target, signal: AbortSignal | undefined, onProgress: (fraction: number) => void): Promise<void> {
  const { buckets, trials, axis, cells } = target;
  const places = new Map(trials.map(({ trial, offset }, place) => [trial, { offset, base: place * axis.length }]));
  const positions = new Int32Array(selection.names.length);
  const infinite = new InfiniteValues(dataset, selection.names);
  const all = selection.names.length * axis.length * trials.length;
  const parts = partsOf(dataset, selection);
  let done = 0;
  const readParts = async (reader: Duck): Promise<void> => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      for await (const run of valuesOf(reader, path, dataset, selection, part)) {
        if (!run.continues) positions[run.series] = 0;
        const place = places.get(run.trial) ?? { offset: 0, base: 0 };
        if (buckets === null) placeRun(run, place, axis, positions, cells, infinite);
        else placeInBuckets(run, place, buckets, axis, positions, cells, infinite);
        done += run.time.length;
        throwIfAborted(signal);
        onProgress(Math.min(1, done / all));
      }
    }
  };
  // Many columns of few rows are read by one thread each time: several connections use several.
  const others = await Promise.all(Array.from({ length: Math.min(parts.length, availableParallelism()) - 1 }, () => duck.another()));
  try {
    const ends = await Promise.allSettled([readParts(duck), ...others.map((other) => other.cancellable(signal, () => readParts(other)))]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    for (const other of others) other.disconnect();
  }
  infinite.refuse();
  cells.finish();
  onProgress(1);
}

/** What a trial's times are less, and its first row. */
interface Place {
  readonly offset: number;
  readonly base: number;
}

function placeRun(run: Run, { offset, base }: Place, axis: Float64Array, positions: Int32Array, cells: Cells, infinite: InfiniteValues): void {
  const { series, time, values, validity, bitOffset } = run;
  let at = positions[series] ?? 0;
  const end = at + time.length - 1;
  // The axis holds every time of the run; where it has no more than those between the ends, they are the same.
  if (cells instanceof PlainCells && axis[at] === (time[0] ?? 0) - offset && axis[end] === (time[time.length - 1] ?? 0) - offset) {
    placeAligned(run, cells.row(series, base + at, time.length), infinite);
    positions[series] = end + 1;
    return;
  }
  for (let row = 0; row < time.length; row++) {
    const when = (time[row] ?? 0) - offset;
    if (axis[at] !== when) at = seek(axis, when, at);
    const value = values[row] ?? Number.NaN;
    if ((validity === null || isSet(validity, bitOffset + row)) && !Number.isNaN(value)) {
      if (value - value !== 0) infinite.found(series, when + offset, value);
      else cells.put(series, base + at, value);
    }
    at++;
  }
  positions[series] = at;
}

function placeAligned({ series, time, values, validity, bitOffset }: Run, target: Float64Array, infinite: InfiniteValues): void {
  for (let row = 0; row < target.length; row++) {
    if (validity !== null && !isSet(validity, bitOffset + row)) continue;
    const value = values[row] ?? 0;
    if (value - value === 0) target[row] = value;
    else if (value === value) infinite.found(series, time[row] ?? 0, value);
  }
}

function placeInBuckets({ series, time, values, validity, bitOffset }: Run, { offset, base }: Place, buckets: Bucketing, axis: Float64Array, positions: Int32Array, cells: Cells, infinite: InfiniteValues): void {
  let at = positions[series] ?? 0;
  eachBucket(time, buckets, (start, row) => {
    if (axis[at] !== start - offset) at = seek(axis, start - offset, at);
    const value = values[row] ?? Number.NaN;
    if ((validity !== null && !isSet(validity, bitOffset + row)) || Number.isNaN(value)) return;
    if (value - value !== 0) infinite.found(series, time[row] ?? 0, value);
    else cells.put(series, base + at, value);
  });
  positions[series] = at;
}

function isSet(bits: Uint8Array, index: number): boolean {
  return ((bits[index >> 3] ?? 0) >> (index & 7) & 1) === 1;
}

/** Infinite values: counted, the first ones named, all refused. */
class InfiniteValues {
  private readonly dataset: Dataset;
  private readonly names: readonly string[];
  private readonly first: string[] = [];
  private count = 0;

  constructor(dataset: Dataset, names: readonly string[]) {
    this.dataset = dataset;
    this.names = names;
  }

  found(series: number, time: number, value: number): void {
    this.count++;
    if (this.first.length < 5) this.first.push(`${this.names[series] ?? ''} at ${timeText(this.dataset, time)} is ${value}`);
  }

  refuse(): void {
    if (this.count > 0) throw new CorrenteError('infinite-values', `${this.count} values are infinite: ${this.first.join('; ')}${this.count > this.first.length ? '; …' : ''}.`);
  }
}

/** Tells for each time the beginning of its bucket. */
export function eachBucket(times: Float64Array, buckets: Bucketing, take: (start: number, row: number) => void): void {
  let bucket = { start: Infinity, end: -Infinity };
  for (let row = 0; row < times.length; row++) {
    const time = times[row] ?? 0;
    if (time >= bucket.end || time < bucket.start) bucket = buckets.of(time);
    take(bucket.start, row);
  }
}

/** A time of the data set in words. */
export function timeText(dataset: Dataset, time: number): string {
  return dataset.timeKind === 'index' ? `row ${time}` : formatTime(time, dataset.report.timeKind === 'date');
}
