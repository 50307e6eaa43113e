/** From a stored data set to the frame: selection, resampling, one time axis, fill, transform. */
import { availableParallelism } from 'node:os';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobInput } from '@corrente/shared/contract/job';
import { bucketing, type Bucketing } from '@corrente/platform/datasets/buckets';
import { throwIfAborted, type Duck } from '@corrente/platform/datasets/duckdb';
import { indexCannotResample } from '@corrente/platform/datasets/input-shape';
import { connectReader } from '@corrente/platform/datasets/reader';
import { emptySelection, select, type Selection } from '@corrente/platform/datasets/selection';
import { formatTime } from '@corrente/platform/datasets/time';
import { trialName } from '@corrente/platform/datasets/trials';
import { AxisBuilder, seek } from './axis-builder.ts';
import { aggregatedCells, PlainCells, type Cells } from './cells.ts';
import { fillSeries } from './fill.ts';
import type { Frame } from './frame.ts';
import { partsOf, timesOf, valuesOf, type Run } from './rows.ts';
import { rowsLost, transformSeries, type OutOfDomain } from './transform.ts';
import { requireEqualLengths, selectedTrials, type TrialPlace } from './trials.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Memory for the values; its first byte should be aligned to 64. */
  readonly allocate?: ((bytes: number) => ArrayBuffer) | undefined;
  /** Bytes the values may take. */
  readonly memoryLimit?: number | undefined;
  /** Fraction of the work done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** A series begins on a 64-byte line. */
const lineValues = 8;

/**
 * Loads the selected series of a stored data set on the union of their times. Of a data set with trials each trial is
 * resampled, filled and transformed by itself (but zscore and rank, which take the values of all trials together).
 *
 * @throws unknown-series, unknown-field, invalid-job, empty-selection, trials-differ, memory-exceeded,
 * infinite-values, transform-domain, cancelled
 */
export async function loadFrame(parquetPath: string, dataset: Dataset, input: JobInput, options: LoadOptions = {}): Promise<Frame> {
  const selection = select(dataset, input);
  if (input.resample && dataset.timeKind === 'index') throw indexCannotResample();
  throwIfAborted(options.signal);
  const duck = await connectReader(parquetPath);
  try {
    return await duck.cancellable(options.signal, () => load(duck, parquetPath, dataset, input, selection, options));
  } finally {
    duck.disconnect();
  }
}

async function load(duck: Duck, path: string, dataset: Dataset, input: JobInput, selection: Selection, options: LoadOptions): Promise<Frame> {
  const buckets = input.resample ? bucketing(input.resample.every) : null;
  const trials = await selectedTrials(duck, path, dataset, selection, buckets);
  const axis = await readAxis(duck, path, dataset, selection, buckets, trials, options);
  if (axis.length === 0) throw emptySelection(dataset, 'The selection holds no row');
  requireEqualLengths(dataset, trials, axis);
  const lost = rowsLost(input.transform);
  if (axis.length === lost) throw emptySelection(dataset, `The selection holds one row${trials.length > 1 ? ' of each trial' : ''}, of which ${input.transform} leaves none`);
  const series = selection.names.length;
  const rows = trials.length * axis.length;
  const stride = Math.ceil(rows / lineValues) * lineValues;
  const values = allocateValues(series, stride, options);
  const cells = input.resample ? aggregatedCells(input.resample.aggregate, values, series, rows, stride) : new PlainCells(values, stride);
  await readValues(duck, path, dataset, selection, { buckets, trials, axis, cells }, options);
  const present = new Uint32Array(series);
  const time = timesOfRows(axis.subarray(lost), trials);
  for (let one = 0; one < series; one++) {
    const own = values.subarray(one * stride, one * stride + rows);
    const wrong = fillAndTransform(own, axis, trials, input);
    if (wrong !== null) throw outOfDomain(dataset, input, selection.names[one] ?? '', (axis[wrong.row] ?? 0) + wrong.trial.offset, trials.length > 1 ? ` in trial ${trialName(dataset, wrong.trial.trial)}` : '', wrong);
    present[one] = countPresent(own, time.length);
    if (input.resample) refuseOverflow(own, time, dataset, selection.names[one] ?? '');
  }
  return { values, series, length: time.length, stride, names: selection.names, time: bigTimes(time), timeKind: dataset.timeKind, trials: trials.length, present };
}

/** The times of all rows, one trial after the other. */
function timesOfRows(axis: Float64Array, trials: readonly TrialPlace[]): Float64Array {
  const time = new Float64Array(axis.length * trials.length);
  for (const [place, { offset }] of trials.entries()) {
    for (let row = 0; row < axis.length; row++) time[place * axis.length + row] = (axis[row] ?? 0) + offset;
  }
  return time;
}

/** Nothing of one trial reaches another. Where a transform leaves out rows, those of the trials close up. */
function fillAndTransform(values: Float64Array, axis: Float64Array, trials: readonly TrialPlace[], { fill, transform }: JobInput): (OutOfDomain & { trial: TrialPlace }) | null {
  const rows = axis.length;
  const lost = rowsLost(transform);
  for (const [place, trial] of trials.entries()) {
    const own = values.subarray(place * rows, (place + 1) * rows);
    fillSeries(own, axis, fill);
    if (lost === 0) continue;
    const wrong = transformSeries(own, transform);
    if (wrong !== null) return { ...wrong, trial };
    values.copyWithin(place * (rows - lost), place * rows, (place + 1) * rows - lost);
  }
  if (lost > 0) values.fill(Number.NaN, trials.length * (rows - lost));
  else transformSeries(values, transform);
  return null;
}

function allocateValues(series: number, stride: number, { allocate, memoryLimit }: LoadOptions): Float64Array {
  const bytes = series * stride * Float64Array.BYTES_PER_ELEMENT;
  if (memoryLimit !== undefined && bytes > memoryLimit) throw tooLarge(series, stride, bytes, `${memoryLimit} may be used`);
  try {
    const buffer = allocate === undefined ? new ArrayBuffer(bytes) : allocate(bytes);
    return new Float64Array(buffer, 0, series * stride).fill(Number.NaN);
  } catch (error) {
    throw tooLarge(series, stride, bytes, 'the machine does not give them', error);
  }
}

function tooLarge(series: number, rows: number, bytes: number, why: string, cause?: unknown): CorrenteError {
  return new CorrenteError('memory-exceeded', `${series} series of ${rows} rows take ${bytes} bytes; ${why}.`, { cause });
}

async function readAxis(duck: Duck, path: string, dataset: Dataset, selection: Selection, buckets: Bucketing | null, trials: readonly TrialPlace[], { signal, onProgress }: LoadOptions): Promise<Float64Array> {
  const builder = new AxisBuilder();
  const offsets = new Map(trials.map(({ trial, offset }) => [trial, offset]));
  let rows = 0;
  let previous = -1;
  for await (const run of timesOf(duck, path, dataset, selection)) {
    if (!run.continues || run.series !== previous) builder.startSeries();
    previous = run.series;
    const offset = offsets.get(run.trial) ?? 0;
    if (buckets === null) for (const time of run.time) builder.add(time - offset);
    else eachBucket(run.time, buckets, (start) => builder.add(start - offset));
    rows += run.time.length;
    throwIfAborted(signal);
    onProgress?.(Math.min(0.2, (0.2 * rows) / Math.max(1, dataset.rows)));
  }
  return builder.finish();
}

function eachBucket(times: Float64Array, buckets: Bucketing, take: (start: number, row: number) => void): void {
  let bucket = { start: Infinity, end: -Infinity };
  for (let row = 0; row < times.length; row++) {
    const time = times[row] ?? 0;
    if (time >= bucket.end || time < bucket.start) bucket = buckets.of(time);
    take(bucket.start, row);
  }
}

/** Where values go: to the row of their trial and their time. */
interface Target {
  readonly buckets: Bucketing | null;
  readonly trials: readonly TrialPlace[];
  readonly axis: Float64Array;
  readonly cells: Cells;
}

async function readValues(duck: Duck, path: string, dataset: Dataset, selection: Selection, target: Target, { signal, onProgress }: LoadOptions): Promise<void> {
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
        onProgress?.(Math.min(0.95, 0.2 + (0.75 * done) / all));
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
  onProgress?.(1);
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

function outOfDomain(dataset: Dataset, { transform }: JobInput, name: string, time: number, trial: string, { value, reason }: OutOfDomain): CorrenteError {
  return new CorrenteError('transform-domain', `The ${transform} of ${name} at ${timeText(dataset, time)}${trial} is not defined: the value is ${value}, and ${reason}.`, { places: [{ pointer: '/input/transform', detail: `Not defined for ${name} at ${timeText(dataset, time)}.` }] });
}

function timeText(dataset: Dataset, time: number): string {
  return dataset.timeKind === 'index' ? `row ${time}` : formatTime(time, dataset.report.timeKind === 'date');
}

function countPresent(values: Float64Array, length: number): number {
  let count = 0;
  for (let row = 0; row < length; row++) {
    const value = values[row] ?? Number.NaN;
    if (value === value) count++;
  }
  return count;
}

/** Finite values whose sum is not. */
function refuseOverflow(values: Float64Array, time: Float64Array, dataset: Dataset, name: string): void {
  const row = values.subarray(0, time.length).findIndex((value) => value === Infinity || value === -Infinity);
  if (row >= 0) throw new CorrenteError('infinite-values', `The values of ${name} in the bucket at ${timeText(dataset, time[row] ?? 0)} are too large for their aggregate to be a double.`);
}

/** Whole doubles as 64-bit integers, by halves: a BigInt per value would cost more than reading it. */
export function bigTimes(times: Float64Array): BigInt64Array<ArrayBuffer> {
  const result = new BigInt64Array(times.length);
  const halves = new Int32Array(result.buffer);
  for (let index = 0; index < times.length; index++) {
    const time = times[index] ?? 0;
    const high = Math.floor(time * 2 ** -32);
    halves[2 * index] = time - high * 2 ** 32;
    halves[2 * index + 1] = high;
  }
  return result;
}
