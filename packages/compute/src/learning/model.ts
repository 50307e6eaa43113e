/** A learnt model: numbers that can be kept, and how they are applied to a table of features. */
import type { Columns, Engine, OpOptions } from '../engine/contract.ts';
import type { TreeEnsemble } from '../engine/contract.trees.ts';
import { calibrateAll, type Calibrator } from './calibration.ts';
import { columnOf, imputed } from './impute.ts';
import { probabilities } from './linear/logistic.ts';
import { type GaussianClasses, naiveBayesScores } from './naive-bayes.ts';
import { walkTrees } from './walk-trees.ts';

/** Features are standardised, and scores are linear in them: [scores × features], one intercept each. */
export interface LinearScores {
  readonly kind: 'linear';
  readonly mean: Float64Array<ArrayBuffer>;
  readonly scale: Float64Array<ArrayBuffer>;
  readonly weights: Float64Array<ArrayBuffer>;
  readonly intercepts: Float64Array<ArrayBuffer>;
}

export type Predictor = LinearScores | { readonly kind: 'naive-bayes'; readonly of: GaussianClasses } | { readonly kind: 'trees'; readonly ensemble: TreeEnsemble };

export interface LearnedModel {
  /** 0: regression. Otherwise how many classes there are. */
  readonly classes: number;
  readonly features: number;
  readonly predictor: Predictor;
  /** What stands for a missing feature; null where it stays missing. */
  readonly fills: Float64Array<ArrayBuffer> | null;
  /** One of two classes, or one for each of more; null where probabilities are as the model gives them. */
  readonly calibrators: readonly Calibrator[] | null;
}

/**
 * Of a regression the values of the rows, [rows]; of a classification the probabilities of each class, as many arrays
 * of [rows]. Missing where a feature is that the model needs.
 */
export async function predict(model: LearnedModel, table: Columns, engine: Engine, options: OpOptions): Promise<Float64Array[]> {
  const raw = await predictRaw(model, table, engine, options);
  if (model.calibrators !== null) calibrateAll(model.calibrators, raw);
  return raw;
}

/** The same before calibration. */
export async function predictRaw({ classes, predictor, fills }: LearnedModel, table: Columns, engine: Engine, options: OpOptions): Promise<Float64Array[]> {
  if (predictor.kind === 'trees') return treeValues(predictor.ensemble, classes, table, engine, options);
  const whole = imputed(table, fills);
  if (predictor.kind === 'naive-bayes') return probabilities(naiveBayesScores(predictor.of, whole), 0);
  const scores = linearScores(predictor, whole);
  if (classes === 0) return scores;
  return bothClasses(probabilities(scores, classes), classes);
}

async function treeValues(ensemble: TreeEnsemble, classes: number, table: Columns, engine: Engine, options: OpOptions): Promise<Float64Array[]> {
  const values = engine.name === 'cpu' ? await engine.predictTrees(table, ensemble, { ...options, precision: 'f64' }) : await walkTrees(table, ensemble, options);
  const outputs = Array.from({ length: ensemble.outputs }, (_, k) => values.subarray(k * table.length, (k + 1) * table.length));
  // Forests give shares; boosting the log-odds of the second of two classes, or a score for each of more.
  if (classes === 0 || ensemble.combine === 'mean') return outputs;
  return bothClasses(probabilities(outputs, classes), classes);
}

function bothClasses(probability: Float64Array[], classes: number): Float64Array[] {
  const [second] = probability;
  return classes === 2 && probability.length === 1 && second !== undefined ? [second.map((p) => 1 - p), second] : probability;
}

function linearScores({ mean, scale, weights, intercepts }: LinearScores, table: Columns): Float64Array[] {
  return Array.from(intercepts, (intercept, k) => {
    const score = new Float64Array(table.length).fill(intercept);
    for (let f = 0; f < table.series; f++) {
      const [weight, centre] = [weights[k * table.series + f]! / scale[f]!, mean[f]!];
      const column = columnOf(table, f);
      for (let t = 0; t < column.length; t++) score[t]! += weight * (column[t]! - centre);
    }
    return score;
  });
}

/** The class of the largest probability of each row, the first of equal ones; missing where they are. */
export function mostProbable(probability: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: probability[0]?.length ?? 0 }, (_, t) => {
    let best = 0;
    for (let k = 0; k < probability.length; k++) {
      if (Number.isNaN(probability[k]![t]!)) return Number.NaN;
      if (probability[k]![t]! > probability[best]![t]!) best = k;
    }
    return best;
  });
}

/** Share of each feature in what all splits gained; null for models without trees. */
export function gainOf({ predictor, features }: LearnedModel): Float64Array<ArrayBuffer> | null {
  if (predictor.kind !== 'trees') return null;
  const { feature, gain } = predictor.ensemble;
  const sums = new Float64Array(features);
  for (let node = 0; node < feature.length; node++) if (feature[node]! >= 0) sums[feature[node]!]! += gain[node]!;
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total > 0 ? sums.map((value) => value / total) : sums;
}
