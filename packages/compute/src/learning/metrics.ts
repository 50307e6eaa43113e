/** How far predictions are from what came. Rows whose prediction is missing are left out by the caller. */
import { meanRanks } from './mean-ranks.ts';

export function meanSquaredError(came: Float64Array, predicted: Float64Array): number {
  return meanOver(came, (y, t) => (y - predicted[t]!) ** 2);
}

export function meanAbsoluteError(came: Float64Array, predicted: Float64Array): number {
  return meanOver(came, (y, t) => Math.abs(y - predicted[t]!));
}

/** 1 − squared error over that of the mean of what came; NaN where that does not vary. */
export function rSquared(came: Float64Array, predicted: Float64Array): number {
  const mean = meanOver(came, (y) => y);
  const spread = meanOver(came, (y) => (y - mean) ** 2);
  return spread > 0 ? 1 - meanSquaredError(came, predicted) / spread : Number.NaN;
}

/** Information coefficient: the rank correlation of prediction and outcome; NaN where either does not vary. */
export function informationCoefficient(came: Float64Array, predicted: Float64Array): number {
  const [a, b] = [meanRanks(came), meanRanks(predicted)];
  const middle = (came.length + 1) / 2;
  let [products, ofA, ofB] = [0, 0, 0];
  for (let t = 0; t < a.length; t++) {
    products += (a[t]! - middle) * (b[t]! - middle);
    ofA += (a[t]! - middle) ** 2;
    ofB += (b[t]! - middle) ** 2;
  }
  return ofA > 0 && ofB > 0 ? products / Math.sqrt(ofA * ofB) : Number.NaN;
}

/** Share of rows whose class was predicted. */
export function accuracy(came: Float64Array, predicted: Float64Array): number {
  return meanOver(came, (y, t) => (y === predicted[t] ? 1 : 0));
}

/** Mean of −ln of the probability of the class that came, which counts as at least this. */
const leastProbability = Number.EPSILON;

export function logLoss(came: Float64Array, probability: readonly Float64Array[]): number {
  return meanOver(came, (y, t) => -Math.log(Math.min(1 - leastProbability, Math.max(leastProbability, probability[y]![t]!))));
}

/** Brier (1950): of two classes the mean of (p − y)² of the second, of more the sum of it over the classes. */
export function brierScore(came: Float64Array, probability: readonly Float64Array[]): number {
  if (probability.length === 2) return meanOver(came, (y, t) => (probability[1]![t]! - y) ** 2);
  return meanOver(came, (y, t) => probability.reduce((sum, p, k) => sum + (p[t]! - (y === k ? 1 : 0)) ** 2, 0));
}

/**
 * Area under the curve of true against false positives: of two classes for the second, of more the mean over the
 * classes that came of each against all others. NaN where only one came.
 */
export function areaUnderCurve(came: Float64Array, probability: readonly Float64Array[]): number {
  const of = probability.length === 2 ? [1] : [...probability.keys()];
  const areas = of.map((k) => areaOf(came, k, probability[k]!)).filter((area) => !Number.isNaN(area));
  return areas.length === 0 ? Number.NaN : areas.reduce((sum, area) => sum + area, 0) / areas.length;
}

/** By the ranks of the positives (Mann and Whitney 1947). */
function areaOf(came: Float64Array, k: number, score: Float64Array): number {
  const rank = meanRanks(score);
  let [positives, ranks] = [0, 0];
  for (let t = 0; t < came.length; t++) {
    if (came[t] !== k) continue;
    positives += 1;
    ranks += rank[t]!;
  }
  const negatives = came.length - positives;
  return positives > 0 && negatives > 0 ? (ranks - (positives * (positives + 1)) / 2) / (positives * negatives) : Number.NaN;
}

function meanOver(values: Float64Array, of: (value: number, place: number) => number): number {
  let sum = 0;
  for (let t = 0; t < values.length; t++) sum += of(values[t]!, t);
  return sum / values.length;
}
