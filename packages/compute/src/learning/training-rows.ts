/** The rows that a model is trained on, and what training takes and gives. */
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, Engine, OpOptions } from '../engine/contract.ts';
import type { FeatureTable } from './features.ts';
import type { LearnedModel } from './model.ts';

/** Samples [from, to) of a table. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface TrainingRows {
  readonly table: FeatureTable;
  /** 0: regression. The target, which stands after the features, is then the class, 0 … classes − 1. */
  readonly classes: number;
  readonly train: Range;
  /** The parts of `train` that choose: samples a model is fitted to, and held-out ones after them. */
  readonly parts: { readonly fit: Range; readonly heldOut: Range };
}

export interface FitOptions extends OpOptions {
  readonly engine: Engine;
  readonly seed: number;
  /** Tells the trainings of one job apart. */
  readonly draw: number;
}

export interface Fitted {
  readonly model: LearnedModel;
  /** The penalty or the number of rounds that held-out rows chose; null where nothing was chosen. */
  readonly chosen: number | null;
}

/** Some samples of a table, over the same memory. */
export function rangeOf(table: Columns, { from, to }: Range): Columns {
  return { values: table.values.subarray(from), series: table.series, length: to - from, stride: table.stride };
}

/** The same with the target as one series more. */
export function withTarget(table: FeatureTable, range: Range): Columns {
  return { ...rangeOf(table, range), series: table.series + 1 };
}

export function targetOf(table: FeatureTable, { from, to }: Range): Float64Array<ArrayBuffer> {
  const start = table.series * table.stride;
  return table.values.subarray(start + from, start + to);
}

/** Options of an engine's operation without progress; learning is always in float64. */
export function quietly({ signal }: { readonly signal?: AbortSignal | undefined }): OpOptions {
  return { precision: 'f64', ...(signal === undefined ? {} : { signal }) };
}

/** Lets other work run, between pieces that each take all rows; throws `cancelled` where the signal has been aborted. */
export async function giveWay({ signal }: { readonly signal?: AbortSignal | undefined }): Promise<void> {
  await new Pace('learning', 1, { signal }).start();
}
