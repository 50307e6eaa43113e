/**
 * Fits a model to training rows. What has to be chosen (a penalty, the number of rounds) is chosen on held-out rows at
 * the end of them by a model of the rows before, which also tells how its probabilities are to be calibrated; the model
 * that stays is fitted to all training rows with what was chosen.
 */
import { holdsOut, learnChoice, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import { isTrees } from '@corrente/shared/contract/analyses/learn/models';
import { type Calibrator, fitCalibrator } from './calibration.ts';
import { columnOf, fitImputation, imputed } from './impute.ts';
import { fitLinear } from './fit-linear.ts';
import { fitTrees } from './fit-trees.ts';
import { type LearnedModel, predictRaw } from './model.ts';
import { fitNaiveBayes } from './naive-bayes.ts';
import { type FitOptions, type Fitted, giveWay, quietly, type Range, rangeOf, targetOf, type TrainingRows, withTarget } from './training-rows.ts';

/**
 * Without imputation only trees may meet missing features (`refuseMissing`). Throws `training-diverged`, and what the
 * engine throws.
 */
export async function fitModel(params: LearnParams, rows: TrainingRows, options: FitOptions): Promise<Fitted> {
  if (!holdsOut(params)) return fitRange(params, rows, rows.train, null, options);
  const half = (from: number, to: number): FitOptions => ({ ...options, onProgress: (fraction) => options.onProgress?.(from + (to - from) * fraction) });
  const first = await fitRange(params, rows, rows.parts.fit, rows.parts.heldOut, half(0, 0.5));
  const calibrators = params.calibration === 'none' ? null : await calibratorsOf(params.calibration, first.model, rows, options);
  const chosen = first.chosen === null ? null : first.chosen * growthOf(params, rows);
  const last = await fitRange(settled(params, chosen), rows, rows.train, null, half(0.5, 1));
  return { model: { ...last.model, calibrators }, chosen };
}

/** How much a chosen penalty grows with the rows: those of ridge and logistic stand beside sums over them. */
function growthOf(params: LearnParams, { train, parts }: TrainingRows): number {
  const { model } = learnChoice(params);
  return model === 'ridge' || model === 'logistic' ? (train.to - train.from) / (parts.fit.to - parts.fit.from) : 1;
}

/** The parameters with what was chosen in its place. */
function settled(params: LearnParams, chosen: number | null): LearnParams {
  if (chosen === null) return params;
  return learnChoice(params).model === 'gradient-boosting' ? { ...params, boosting: { ...params.boosting, rounds: chosen, patience: 0 } } : { ...params, alpha: chosen };
}

async function fitRange(params: LearnParams, rows: TrainingRows, train: Range, heldOut: Range | null, options: FitOptions): Promise<Fitted> {
  const { model } = learnChoice(params);
  const { table, classes } = rows;
  if (isTrees(model)) return fitTrees(params, rows, train, heldOut, options);
  const fills = fitImputation(rangeOf(table, train), params.impute);
  // The target stands after the features, and has no missing value.
  const block = imputed(withTarget(table, train), fills);
  if (model === 'gaussian-naive-bayes') {
    const of = await fitNaiveBayes({ ...block, series: table.series }, columnOf(block, table.series), classes, params.smoothing, options);
    return { model: { classes, features: table.series, predictor: { kind: 'naive-bayes', of }, fills, calibrators: null }, chosen: null };
  }
  const { predictor, chosen } = await fitLinear(params, block, classes, heldOut === null ? null : imputed(withTarget(table, heldOut), fills), options);
  return { model: { classes, features: table.series, predictor, fills, calibrators: null }, chosen };
}

/** One calibrator for the second of two classes, or one for each of more. */
async function calibratorsOf(kind: 'isotonic' | 'platt', model: LearnedModel, { table, classes, parts }: TrainingRows, options: FitOptions): Promise<Calibrator[]> {
  const probability = await predictRaw(model, rangeOf(table, parts.heldOut), options.engine, quietly(options));
  const target = targetOf(table, parts.heldOut);
  const of = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const calibrators: Calibrator[] = [];
  for (const k of of) {
    await giveWay(options);
    calibrators.push(fitCalibrator(kind, probability[k] ?? new Float64Array(0), target.map((one) => (one === k ? 1 : 0))));
  }
  return calibrators;
}
