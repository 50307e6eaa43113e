/** How good the predictions of one fold are, beside those of what needs no model. */
import type { Frame } from '../../frame/frame.ts';
import { accuracy, areaUnderCurve, brierScore, informationCoefficient, logLoss, meanAbsoluteError, meanSquaredError, rSquared } from '../../learning/metrics.ts';
import { mostProbable } from '../../learning/model.ts';
import { repeatOf, valueAt } from '../../learning/samples.ts';
import type { Range } from '../../learning/training-rows.ts';
import type { LearnProblem } from './problem.ts';

export interface Metric {
  readonly metric: string;
  readonly value: number;
  readonly baseline: number;
  readonly baselineName: string;
  /** Rows that were predicted. */
  readonly rows: number;
}

/** The metrics of predictions [outputs × rows] of the samples `test`; rows without a prediction are left out. */
export function evaluate(problem: LearnProblem, frame: Frame, train: Range, test: Range, predicted: readonly Float64Array[]): Metric[] {
  const places = Int32Array.from({ length: test.to - test.from }, (_, i) => i).filter((i) => !Number.isNaN(predicted[0]![i]!));
  const pick = (values: Float64Array): Float64Array => Float64Array.from(places, (i) => values[i]!);
  const came = pick(problem.samples.label.subarray(test.from, test.to));
  const seen = problem.samples.label.subarray(train.from, train.to);
  if (problem.choice.task === 'classification') return classificationMetrics(came, predicted.map(pick), frequencies(seen, problem.classes.length));
  const { row, series } = problem.samples;
  const repeat = Float64Array.from(places, (i) => repeatOf(problem.choice.kind, valueAt(frame, series[test.from + i]!, row[test.from + i]!)));
  return regressionMetrics(came, pick(predicted[0]!), repeat, seen);
}

function regressionMetrics(came: Float64Array, predicted: Float64Array, repeat: Float64Array, seen: Float64Array): Metric[] {
  const mean = came.map(() => seen.reduce((sum, value) => sum + value / seen.length, 0));
  const repeats = meanSquaredError(came, repeat) < meanSquaredError(came, mean);
  const [baseline, baselineName] = repeats ? [repeat, 'repeat of the newest value'] : [mean, 'mean of the training rows'];
  const measures = { mse: meanSquaredError, mae: meanAbsoluteError, r2: rSquared, ic: informationCoefficient };
  return Object.entries(measures).map(([metric, measure]) => ({ metric, value: measure(came, predicted), baseline: measure(came, baseline), baselineName, rows: came.length }));
}

function classificationMetrics(came: Float64Array, probability: readonly Float64Array[], shares: Float64Array): Metric[] {
  const constant = Array.from(shares, (share) => came.map(() => share));
  const rows = came.length;
  const byFrequency = { baselineName: 'frequencies of the training rows', rows };
  return [
    { metric: 'accuracy', value: accuracy(came, mostProbable(probability)), baseline: accuracy(came, mostProbable(constant)), baselineName: 'majority class', rows },
    { metric: 'log_loss', value: logLoss(came, probability), baseline: logLoss(came, constant), ...byFrequency },
    { metric: 'brier', value: brierScore(came, probability), baseline: brierScore(came, constant), ...byFrequency },
    { metric: 'auc', value: areaUnderCurve(came, probability), baseline: 0.5, baselineName: 'chance', rows },
  ];
}

function frequencies(labels: Float64Array, classes: number): Float64Array {
  const shares = new Float64Array(classes);
  for (const label of labels) shares[label]! += 1 / labels.length;
  return shares;
}

/** Of each class whose probability is judged (of two the second) and each bin: rows, and sums over them. */
export interface Reliability {
  readonly place: number;
  readonly bins: ReadonlyArray<{ readonly rows: number; readonly predicted: number; readonly observed: number }>;
}

/** How often what was predicted with a probability came, in bins of equal width. */
export function reliability(came: Float64Array, probability: readonly Float64Array[], bins: number): Reliability[] {
  const places = probability.length === 2 ? [1] : [...probability.keys()];
  return places.map((place) => {
    const sums = Array.from({ length: bins }, () => ({ rows: 0, predicted: 0, observed: 0 }));
    for (const [t, p] of probability[place]!.entries()) {
      const bin = sums[Math.min(bins - 1, Math.floor(p * bins))];
      if (bin === undefined) continue;
      bin.rows += 1;
      bin.predicted += p;
      bin.observed += came[t] === place ? 1 : 0;
    }
    return { place, bins: sums };
  });
}
