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
  const { row, series, label } = problem.samples;
  if (problem.choice.task === 'classification') {
    const frequent = [frequencies(label.subarray(train.from, train.to), problem.classes.length, came.length)];
    if (problem.choice.kind === 'direction') frequent.push(frequenciesBySide(problem, frame, train, places.map((i) => test.from + i)));
    return classificationMetrics(came, predicted.map(pick), frequent);
  }
  const repeat = Float64Array.from(places, (i) => repeatOf(problem.choice.kind, valueAt(frame, series[test.from + i]!, row[test.from + i]!)));
  return regressionMetrics(came, pick(predicted[0]!), repeat, label.subarray(train.from, train.to));
}

function regressionMetrics(came: Float64Array, predicted: Float64Array, repeat: Float64Array, seen: Float64Array): Metric[] {
  const mean = new Float64Array(came.length).fill(seen.reduce((sum, value) => sum + value / seen.length, 0));
  const repeats = meanSquaredError(came, repeat) < meanSquaredError(came, mean);
  const [baseline, baselineName] = repeats ? [repeat, 'repeat of the newest value'] : [mean, 'mean of the training rows'];
  const measures = { mse: meanSquaredError, mae: meanAbsoluteError, r2: rSquared, ic: informationCoefficient };
  return Object.entries(measures).map(([metric, measure]) => ({ metric, value: measure(came, predicted), baseline: measure(came, baseline), baselineName, rows: came.length }));
}

interface Frequencies {
  readonly name: string;
  /** [classes] arrays of [rows] */
  readonly probability: readonly Float64Array[];
}

/** Beside the frequencies that lose least on these rows. */
function classificationMetrics(came: Float64Array, probability: readonly Float64Array[], candidates: readonly Frequencies[]): Metric[] {
  const { name, probability: frequent } = candidates.reduce((best, one) => (logLoss(came, one.probability) < logLoss(came, best.probability) ? one : best));
  const rows = came.length;
  const bySide = candidates.length > 1 && name === sideName;
  return [
    { metric: 'accuracy', value: accuracy(came, mostProbable(probability)), baseline: accuracy(came, mostProbable(frequent)), baselineName: bySide ? name : 'majority class', rows },
    { metric: 'log_loss', value: logLoss(came, probability), baseline: logLoss(came, frequent), baselineName: name, rows },
    { metric: 'brier', value: brierScore(came, probability), baseline: brierScore(came, frequent), baselineName: name, rows },
    { metric: 'auc', value: areaUnderCurve(came, probability), baseline: areaUnderCurve(came, frequent), baselineName: bySide ? name : 'chance', rows },
  ];
}

/** The shares of the classes in training, for each of so many rows. */
function frequencies(labels: Float64Array, classes: number, rows: number): Frequencies {
  const shares = new Float64Array(classes);
  for (const label of labels) shares[label]! += 1 / labels.length;
  return { name: 'frequencies of the training rows', probability: Array.from(shares, (share) => new Float64Array(rows).fill(share)) };
}

function shareOf(counts: Float64Array, k: number): number {
  return counts[k]! / counts.reduce((total, one) => total + one, 0);
}

const sideName = 'frequencies by the side of the mean';

/**
 * The same apart for newest values above and below the mean that the series had in training. A series that returns to
 * its mean goes up from below and down from above, which is no merit of a model that says so.
 */
function frequenciesBySide({ samples, classes }: LearnProblem, frame: Frame, train: Range, rows: Int32Array): Frequencies {
  const { row, series, label } = samples;
  const valueOf = (i: number): number => valueAt(frame, series[i]!, row[i]!);
  const [sum, count] = [new Float64Array(frame.series), new Float64Array(frame.series)];
  for (let i = train.from; i < train.to; i++) {
    sum[series[i]!]! += valueOf(i);
    count[series[i]!]! += 1;
  }
  const isAbove = (i: number): boolean => valueOf(i) > sum[series[i]!]! / count[series[i]!]!;
  // One of each class beforehand, so that no side is without.
  const [above, below] = [new Float64Array(classes.length).fill(1), new Float64Array(classes.length).fill(1)];
  for (let i = train.from; i < train.to; i++) (isAbove(i) ? above : below)[label[i]!]! += 1;
  return { name: sideName, probability: Array.from(classes, (_, k) => Float64Array.from(rows, (i) => shareOf(isAbove(i) ? above : below, k))) };
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
