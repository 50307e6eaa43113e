/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): how much the loss on rows that were not
 * trained on rises where one feature is permuted among them.
 */
import { Pace } from '@corrente/shared/portable/pace';
import { permutation } from '@corrente/shared/portable/random';
import type { Columns, Engine, OpOptions } from '../engine/contract.ts';
import { columnOf } from './impute.ts';
import { logLoss, meanSquaredError } from './metrics.ts';
import { type LearnedModel, predict } from './model.ts';
import { quietly } from './training-rows.ts';

/** Says of which use of the seed the draws are. */
const importanceStream = 0x1a9e;

export interface ImportanceRequest {
  readonly repeats: number;
  readonly seed: number;
  /** Tells the test rows of one job apart. */
  readonly draw: number;
}

/**
 * The rise of the loss (mean squared error, or log loss), [features × repeats], over the rows [features × rows] whose
 * prediction is not missing; `came` is what they should be. Gives way to the event loop between repeats; throws `cancelled`.
 */
export async function permutationImportance(model: LearnedModel, rows: Columns, came: Float64Array, { repeats, seed, draw }: ImportanceRequest, engine: Engine, options: OpOptions): Promise<Float64Array[]> {
  const { series, length } = rows;
  const values = new Float64Array(series * length);
  for (let f = 0; f < series; f++) values.set(columnOf(rows, f), f * length);
  const table = { values, series, length, stride: length };
  const loss = async (): Promise<number> => lossOf(model, came, await predict(model, table, engine, quietly(options)));
  const pace = new Pace('permutation importance', series * repeats, options);
  await pace.start();
  const before = await loss();
  const rises: Float64Array[] = [];
  for (let f = 0; f < series; f++) {
    const own = values.subarray(f * length, (f + 1) * length);
    const kept = own.slice();
    const rise = new Float64Array(repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = permutation([seed, importanceStream, draw, f], repeat, length);
      for (let t = 0; t < length; t++) own[t] = kept[order[t]!]!;
      rise[repeat] = (await loss()) - before;
      pace.count(1);
      if (pace.due) await pace.turn();
    }
    own.set(kept);
    rises.push(rise);
  }
  return rises;
}

function lossOf({ classes }: LearnedModel, came: Float64Array, predicted: readonly Float64Array[]): number {
  const present = predicted[0]!.map((value, t) => (Number.isNaN(value) ? -1 : t)).filter((t) => t >= 0);
  const pick = (values: Float64Array): Float64Array => (present.length === values.length ? values : present.map((t) => values[t]!));
  return classes > 0 ? logLoss(pick(came), predicted.map(pick)) : meanSquaredError(pick(came), pick(predicted[0]!));
}
