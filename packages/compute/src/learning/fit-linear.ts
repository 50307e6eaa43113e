/** Linear and logistic models, with a penalty that is given or chosen on held-out rows. */
import { learnChoice, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import { Pace } from '@corrente/shared/portable/pace';
import type { Columns, Engine, OpOptions } from '../engine/contract.ts';
import { columnOf } from './impute.ts';
import { elasticNet, largestAlpha } from './linear/coordinate-descent.ts';
import { logistic, scoresOf } from './linear/logistic.ts';
import { meanOf, momentsOf } from './linear/moments.ts';
import { ridge } from './linear/ridge.ts';
import { logLoss, meanSquaredError } from './metrics.ts';
import { type LearnedModel, type LinearScores, predictRaw } from './model.ts';
import { quietly } from './training-rows.ts';

/** Penalties to choose from, from large to small: of ridge for each row, of logistic regression too, of lasso relative to the one that leaves no feature. */
const ridgePath = powersOfTen(2, -7, 2);
const logisticPath = powersOfTen(1, -6, 1);
const lassoPath = powersOfTen(0, -4, 8);

function powersOfTen(from: number, to: number, perDecade: number): number[] {
  return Array.from({ length: (from - to) * perDecade + 1 }, (_, i) => 10 ** (from - i / perDecade));
}

interface LinearOptions extends OpOptions {
  readonly engine: Engine;
}

/**
 * Fits to a block [features + 1 × rows] whose last series is the target, without missing values. With `heldOut`, rows of
 * the same kind, the penalty is the one of least squared error or log loss on them, of equal ones the largest.
 */
export async function fitLinear(params: LearnParams, block: Columns, classes: number, heldOut: Columns | null, options: LinearOptions): Promise<{ predictor: LinearScores; chosen: number | null }> {
  const { alpha } = params;
  const path = alpha === null ? null : [alpha];
  const { alphas, fitted } = classes > 0 ? await logisticPathOf(block, classes, path, options) : await regressionPathOf(params, block, path, options);
  if (alpha !== null || heldOut === null) return { predictor: fitted[0]!, chosen: null };
  let best = 0;
  let least = Infinity;
  const pace = new Pace('choice of a penalty', fitted.length, quietly(options));
  for (const [i, predictor] of fitted.entries()) {
    if (pace.due) await pace.turn();
    const loss = await lossOn(heldOut, predictor, classes, options);
    if (loss < least) [best, least] = [i, loss];
  }
  return { predictor: fitted[best]!, chosen: alphas[best]! };
}

async function lossOn(heldOut: Columns, predictor: LinearScores, classes: number, options: LinearOptions): Promise<number> {
  const features = heldOut.series - 1;
  const model: LearnedModel = { classes, features, predictor, fills: null, calibrators: null };
  const came = columnOf(heldOut, features);
  const predicted = await predictRaw(model, { ...heldOut, series: features }, options.engine, quietly(options));
  return classes > 0 ? logLoss(came, predicted) : meanSquaredError(came, predicted[0]!);
}

interface Path {
  readonly alphas: readonly number[];
  readonly fitted: readonly LinearScores[];
}

async function regressionPathOf(params: LearnParams, block: Columns, given: readonly number[] | null, options: LinearOptions): Promise<Path> {
  const { model } = learnChoice(params);
  const moments = await momentsOf(block, options.engine, options);
  const l1Ratio = model === 'lasso' ? 1 : params.l1Ratio;
  const alphas = given ?? (model === 'ridge' ? ridgePath.map((share) => share * moments.rows) : lassoPath.map((share) => share * largestAlpha(moments, l1Ratio)));
  const weights = model === 'ridge' ? await ridge(moments, alphas, options.engine, quietly(options)) : await elasticNet(moments, alphas, l1Ratio, quietly(options));
  return { alphas, fitted: weights.map((of) => ({ kind: 'linear', mean: Float64Array.from(moments.mean), scale: Float64Array.from(moments.scale), weights: Float64Array.from(of), intercepts: Float64Array.of(moments.targetMean) })) };
}

async function logisticPathOf(block: Columns, classes: number, given: readonly number[] | null, options: LinearOptions): Promise<Path> {
  const features = block.series - 1;
  const mean = Float64Array.from({ length: features }, (_, f) => meanOf(block, f));
  const scale = Float64Array.from({ length: features }, (_, f) => spreadOf(columnOf(block, f), mean[f]!));
  const columns = Array.from({ length: features }, (_, f) => columnOf(block, f).map((value) => (value - mean[f]!) / scale[f]!));
  const alphas = given ?? logisticPath.map((share) => share * block.length);
  const fitted = await logistic({ columns, target: columnOf(block, features), classes }, alphas, options.engine, quietly(options));
  return { alphas, fitted: fitted.map(({ weights, intercepts }) => ({ kind: 'linear', mean, scale, weights: Float64Array.from(weights), intercepts: Float64Array.from(intercepts.subarray(0, scoresOf(classes))) })) };
}

/** The standard deviation, 1 where there is none beyond rounding. */
function spreadOf(column: Float64Array, mean: number): number {
  let squares = 0;
  for (const value of column) squares += (value - mean) ** 2;
  const variance = squares / column.length;
  return variance <= (10 * Number.EPSILON * mean) ** 2 || variance === 0 ? 1 : Math.sqrt(variance);
}
