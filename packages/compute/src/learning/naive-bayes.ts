/** Gaussian naive Bayes: in each class the features are independent and normal. */
import type { Columns, OpOptions } from '../engine/contract.ts';
import { columnOf } from './impute.ts';
import { giveWay } from './training-rows.ts';

export interface GaussianClasses {
  /** Logarithms of the shares of the classes, [classes]. */
  readonly logPrior: Float64Array<ArrayBuffer>;
  /** [classes × features] */
  readonly mean: Float64Array<ArrayBuffer>;
  /** Smoothed variances, [classes × features]. */
  readonly variance: Float64Array<ArrayBuffer>;
}

/**
 * Fits the classes of a table [features × rows] without missing values, each of which has a row. To every variance
 * `smoothing` times the largest variance of a feature over all rows is added. Gives way between features.
 */
export async function fitNaiveBayes(table: Columns, target: Float64Array, classes: number, smoothing: number, options: Pick<OpOptions, 'signal'>): Promise<GaussianClasses> {
  const { series: features, length } = table;
  const count = new Float64Array(classes);
  for (let t = 0; t < length; t++) count[target[t] ?? 0]! += 1;
  const mean = new Float64Array(classes * features);
  const variance = new Float64Array(classes * features);
  let widest = 0;
  for (let f = 0; f < features; f++) {
    const column = columnOf(table, f);
    byClass(column, target, (k, value) => (mean[k * features + f]! += value / count[k]!));
    byClass(column, target, (k, value) => (variance[k * features + f]! += (value - mean[k * features + f]!) ** 2 / count[k]!));
    const centre = column.reduce((sum, value) => sum + value / length, 0);
    await giveWay(options);
    widest = Math.max(widest, column.reduce((sum, value) => sum + (value - centre) ** 2 / length, 0));
  }
  // A feature that is constant in a class is taken for nearly so, whatever the smoothing: its density has no value.
  const added = Math.max(smoothing * widest, Number.MIN_VALUE / Number.EPSILON);
  return { logPrior: count.map((rows) => Math.log(rows / length)), mean, variance: variance.map((value) => value + added) };
}

function byClass(column: Float64Array, target: Float64Array, visit: (k: number, value: number) => void): void {
  for (let t = 0; t < column.length; t++) visit(target[t]!, column[t]!);
}

/** The logarithm of the joint density of a row and each class, up to a constant of the row: [classes] arrays of [rows]. */
export function naiveBayesScores({ logPrior, mean, variance }: GaussianClasses, table: Columns): Float64Array[] {
  const { series: features, length } = table;
  return Array.from(logPrior, (prior, k) => {
    const score = new Float64Array(length).fill(prior);
    for (let f = 0; f < features; f++) {
      const column = columnOf(table, f);
      const [centre, spread] = [mean[k * features + f]!, variance[k * features + f]!];
      const level = -0.5 * Math.log(2 * Math.PI * spread);
      for (let t = 0; t < length; t++) score[t]! += level - (0.5 * (column[t]! - centre) ** 2) / spread;
    }
    return score;
  });
}
