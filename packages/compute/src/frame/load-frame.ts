/** From a stored data set to the frame: selection, resampling, one time axis, fill, transform. */
import type { FieldRead } from '@corrente/shared/contract/analysis';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobInput } from '@corrente/shared/contract/job';
import { bucketing, type Bucketing } from '@corrente/platform/datasets/buckets';
import { throwIfAborted, type Duck } from '@corrente/platform/datasets/duckdb';
import { indexCannotResample } from '@corrente/platform/datasets/input-shape';
import { connectReader } from '@corrente/platform/datasets/reader';
import { emptySelection, furtherField, select, type Selection } from '@corrente/platform/datasets/selection';
import { trialName } from '@corrente/platform/datasets/trials';
import type { Columns } from '../engine/contract.ts';
import { AxisBuilder } from './axis-builder.ts';
import { aggregatedCells, PlainCells, type Aggregate } from './cells.ts';
import { fillSeries } from './fill.ts';
import type { Frame } from './frame.ts';
import { eachBucket, readValues, timeText } from './read-values.ts';
import { timesOf } from './rows.ts';
import { rowsLost, transformSeries, type OutOfDomain } from './transform.ts';
import { requireEqualLengths, selectedTrials, type TrialPlace } from './trials.ts';

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Memory for the values of one field; its first byte should be aligned to 64. */
  readonly allocate?: ((bytes: number) => ArrayBuffer) | undefined;
  /** Bytes the values may take, those of all fields together. */
  readonly memoryLimit?: number | undefined;
  /** Fraction of the work done, 0 to 1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
  /** Further fields that the analysis reads; see `Frame.fields`. */
  readonly fields?: readonly FieldRead[] | undefined;
}

/** A series begins on a 64-byte line. */
const lineValues = 8;

/**
 * Loads the selected series of a stored data set on the union of their times, and of the further fields those values
 * that stand at these times. Of a data set with trials each trial is resampled, filled and transformed by itself (but
 * zscore and rank, which take the values of all trials together).
 *
 * @throws unknown-series, unknown-field, invalid-job, empty-selection, trials-differ, memory-exceeded,
 * infinite-values, transform-domain, cancelled
 */
export async function loadFrame(parquetPath: string, dataset: Dataset, input: JobInput, options: LoadOptions = {}): Promise<Frame> {
  const selection = select(dataset, input);
  const fields = (options.fields ?? []).map((read) => ({ ...read, fieldIndex: furtherField(dataset, read) }));
  if (input.resample && dataset.timeKind === 'index') throw indexCannotResample();
  throwIfAborted(options.signal);
  const duck = await connectReader(parquetPath);
  try {
    return await duck.cancellable(options.signal, () => load({ duck, path: parquetPath, dataset, input, selection, fields, options }));
  } finally {
    duck.disconnect();
  }
}

interface Loading {
  readonly duck: Duck;
  readonly path: string;
  readonly dataset: Dataset;
  readonly input: JobInput;
  readonly selection: Selection;
  readonly fields: ReadonlyArray<FieldRead & { readonly fieldIndex: number }>;
  readonly options: LoadOptions;
}

/** The rows that all blocks have. */
interface Rows {
  readonly buckets: Bucketing | null;
  readonly trials: readonly TrialPlace[];
  readonly axis: Float64Array;
}

async function load(loading: Loading): Promise<Frame> {
  const { duck, path, dataset, input, selection, fields, options } = loading;
  const buckets = input.resample ? bucketing(input.resample.every) : null;
  const trials = await selectedTrials(duck, path, dataset, selection, buckets);
  const axis = await readAxis(duck, path, dataset, selection, buckets, trials, options);
  if (axis.length === 0) throw emptySelection(dataset, 'The selection holds no row');
  requireEqualLengths(dataset, trials, axis);
  const lost = rowsLost(input.transform);
  if (axis.length === lost) throw emptySelection(dataset, `The selection holds one row${trials.length > 1 ? ' of each trial' : ''}, of which ${input.transform} leaves none`);
  refuseTooLarge(selection.names.length, strideOf(trials.length * axis.length), 1 + fields.length, options.memoryLimit);
  const rows = { buckets, trials, axis };
  const time = timesOfRows(axis.subarray(lost), trials);
  const block = await readBlock(loading, rows, selection, input.resample?.aggregate, 0);
  const present = new Uint32Array(selection.names.length);
  for (const [one, name] of selection.names.entries()) {
    const own = rowOf(block, one);
    const wrong = fillAndTransform(own, axis, trials, input);
    if (wrong !== null) throw outOfDomain(dataset, input, name, (axis[wrong.row] ?? 0) + wrong.trial.offset, trials.length > 1 ? ` in trial ${trialName(dataset, wrong.trial.trial)}` : '', wrong);
    present[one] = countPresent(own, time.length);
    if (input.resample) refuseOverflow(own, time, dataset, name);
  }
  const further = await readFurther(loading, rows, time);
  return { ...block, length: time.length, names: selection.names, time: bigTimes(time), timeKind: dataset.timeKind, trials: trials.length, present, fields: further };
}

/** The further fields one after the other, on the rows that the first has; filled, and not transformed. */
async function readFurther(loading: Loading, rows: Rows, time: Float64Array): Promise<Map<string, Columns>> {
  const { dataset, input, selection, fields } = loading;
  const further = new Map<string, Columns>();
  for (const [place, { role, fieldIndex, aggregate }] of fields.entries()) {
    const block = await readBlock(loading, rows, { ...selection, fieldIndex }, aggregate, place + 1);
    for (const [one, name] of selection.names.entries()) {
      const own = rowOf(block, one);
      fillTrials(own, rows.axis, rows.trials, input);
      if (input.resample) refuseOverflow(own, time, dataset, name);
    }
    further.set(role, { ...block, length: time.length });
  }
  return further;
}

/** One field of the selected series as it is stored, on every row of the axis; `place` is its number among the blocks. */
async function readBlock({ duck, path, dataset, selection, fields, options }: Loading, { buckets, trials, axis }: Rows, of: Selection, aggregate: Aggregate | undefined, place: number): Promise<Columns> {
  const series = selection.names.length;
  const length = trials.length * axis.length;
  const stride = strideOf(length);
  const values = allocateValues(series, stride, options);
  const cells = buckets === null || aggregate === undefined ? new PlainCells(values, stride) : aggregatedCells(aggregate, values, series, length, stride);
  const share = 0.8 / (1 + fields.length);
  await readValues(duck, path, dataset, of, { buckets, trials, axis, cells }, options.signal, (fraction) => options.onProgress?.(0.2 + share * (place + fraction)));
  return { values, series, length, stride };
}

function rowOf({ values, length, stride }: Columns, series: number): Float64Array {
  return values.subarray(series * stride, series * stride + length);
}

function strideOf(length: number): number {
  return Math.ceil(length / lineValues) * lineValues;
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

/** Of a further field: the rows that the transform of the values leaves out, the first of each trial, are left out too. */
function fillTrials(values: Float64Array, axis: Float64Array, trials: readonly TrialPlace[], { fill, transform }: JobInput): void {
  const rows = axis.length;
  const lost = rowsLost(transform);
  for (const place of trials.keys()) {
    fillSeries(values.subarray(place * rows, (place + 1) * rows), axis, fill);
    if (lost > 0) values.copyWithin(place * (rows - lost), place * rows + lost, (place + 1) * rows);
  }
  if (lost > 0) values.fill(Number.NaN, trials.length * (rows - lost));
}

function allocateValues(series: number, stride: number, { allocate }: LoadOptions): Float64Array {
  const bytes = series * stride * Float64Array.BYTES_PER_ELEMENT;
  try {
    const buffer = allocate === undefined ? new ArrayBuffer(bytes) : allocate(bytes);
    return new Float64Array(buffer, 0, series * stride).fill(Number.NaN);
  } catch (error) {
    throw tooLarge(series, stride, bytes, 'the machine does not give them', error);
  }
}

function refuseTooLarge(series: number, stride: number, fields: number, limit = Number.POSITIVE_INFINITY): void {
  const bytes = series * stride * fields * Float64Array.BYTES_PER_ELEMENT;
  if (bytes > limit) throw tooLarge(series, stride, bytes, `${limit} may be used`, undefined, fields);
}

function tooLarge(series: number, rows: number, bytes: number, why: string, cause?: unknown, fields = 1): CorrenteError {
  return new CorrenteError('memory-exceeded', `${fields > 1 ? `${fields} fields of ` : ''}${series} series of ${rows} rows take ${bytes} bytes; ${why}.`, { cause });
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

function outOfDomain(dataset: Dataset, { transform }: JobInput, name: string, time: number, trial: string, { value, reason }: OutOfDomain): CorrenteError {
  return new CorrenteError('transform-domain', `The ${transform} of ${name} at ${timeText(dataset, time)}${trial} is not defined: the value is ${value}, and ${reason}.`, { places: [{ pointer: '/input/transform', detail: `Not defined for ${name} at ${timeText(dataset, time)}.` }] });
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
