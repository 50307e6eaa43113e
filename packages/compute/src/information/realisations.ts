/**
 * Realisations: the values of variables x[p, t − lag] side by side, one column [N] for each variable, over all times t
 * at which every one of them exists. Trials lie one after the other on the frame's time axis; no realisation reaches
 * across the border of two.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Columns } from '../engine/contract.ts';

/** x[series, t − lag]; `series` is its place in the block. */
export interface Variable {
  readonly series: number;
  /** Rows before the current one; at least 0. */
  readonly lag: number;
}

/** A block whose rows are `trials` trials of equal length, one after the other; one where it does not say. */
export interface TrialColumns extends Columns {
  readonly trials?: number;
}

/** Where the realisations lie: realisation i of trial r is at row r · rowsPerTrial + first + i, 0 ≤ i < perTrial. */
export interface Span {
  readonly trials: number;
  readonly rowsPerTrial: number;
  /** The first current row within each trial: the longest lag. */
  readonly first: number;
  readonly perTrial: number;
  /** trials · perTrial. */
  readonly realisations: number;
}

/**
 * The span of variables whose longest lag is `longest`. Throws `too-few-samples` where a trial holds no current
 * row, `trials-differ` where the rows do not divide among the trials.
 */
export function spanOf(source: TrialColumns, longest: number): Span {
  const trials = source.trials ?? 1;
  const rowsPerTrial = source.length / trials;
  if (!Number.isInteger(rowsPerTrial)) throw new CorrenteError('trials-differ', `There are ${source.length} rows in ${trials} trials; they do not divide into trials of equal length.`);
  const perTrial = rowsPerTrial - longest;
  if (perTrial < 1) throw new CorrenteError('too-few-samples', `There are ${rowsPerTrial} rows${trials > 1 ? ' in each trial' : ''}; variables up to ${longest} rows back need at least ${longest + 1}.`);
  return { trials, rowsPerTrial, first: longest, perTrial, realisations: trials * perTrial };
}

export function longestLag(variables: readonly Variable[]): number {
  return variables.reduce((longest, { lag }) => Math.max(longest, lag), 0);
}

/** The realisations of the variables: [variables × N], trial after trial. */
export function embed(source: Columns, variables: readonly Variable[], span: Span): Columns {
  const { realisations, perTrial } = span;
  const values = new Float64Array(variables.length * realisations);
  for (const [v, { series, lag }] of variables.entries()) {
    for (let trial = 0; trial < span.trials; trial += 1) {
      const from = series * source.stride + trial * span.rowsPerTrial + span.first - lag;
      values.set(source.values.subarray(from, from + perTrial), v * realisations + trial * perTrial);
    }
  }
  return { values, series: variables.length, length: realisations, stride: realisations };
}

/** The frame's row of each realisation's current value. */
export function currentRows(span: Span): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: span.realisations }, (_, i) => Math.floor(i / span.perTrial) * span.rowsPerTrial + span.first + (i % span.perTrial));
}

/** Several blocks of the same length as one, their series in order. */
export function stack(blocks: readonly Columns[]): Columns {
  const length = blocks[0]?.length ?? 0;
  const series = blocks.reduce((sum, block) => sum + block.series, 0);
  const values = new Float64Array(series * length);
  let at = 0;
  for (const block of blocks) {
    for (let s = 0; s < block.series; s += 1) {
      values.set(block.values.subarray(s * block.stride, s * block.stride + length), at);
      at += length;
    }
  }
  return { values, series, length, stride: length };
}

/**
 * Each column z-scored over its own realisations, in place: JIDT's normalisation. With tied values the order of the
 * operations decides which distances are equal, so it is JIDT's: sums from left to right, the variance from the
 * differences to the mean over N − 1, then (x − mean) / deviation. A constant column is only centred.
 */
export function normaliseColumns(columns: Columns): Columns {
  for (let s = 0; s < columns.series; s += 1) standardise(columns.values.subarray(s * columns.stride, s * columns.stride + columns.length));
  return columns;
}

/** Each raw series z-scored over all samples and trials: IDTxl's normalisation. The block that comes back is a copy. */
export function standardiseSeries(source: Columns): Columns {
  return normaliseColumns(stack([source]));
}

function standardise(values: Float64Array): void {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += values[i] ?? 0;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) squares += ((values[i] ?? 0) - mean) * ((values[i] ?? 0) - mean);
  const deviation = Math.sqrt(squares / (n - 1));
  for (let i = 0; i < n; i += 1) values[i] = deviation > 0 ? ((values[i] ?? 0) - mean) / deviation : (values[i] ?? 0) - mean;
}
