/** The rows of the result tables. */
import { learnChoice, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import { type Feature, otherSeries } from '@corrente/shared/contract/analyses/learn/features';
import type { Frame } from '../../frame/frame.ts';
import type { Fold } from '../../learning/folds.ts';
import { type LearnedModel, mostProbable } from '../../learning/model.ts';
import { writeLearnDocument } from '../../learning/model-document.ts';
import type { Range } from '../../learning/training-rows.ts';
import type { IndexedStrings, StepContext } from '../analysis.ts';
import { emitModel } from '../model-table.ts';
import type { Metric, Reliability } from './evaluate.ts';
import type { Importances } from './fold-outcome.ts';
import type { LearnProblem } from './problem.ts';

export function emitFold(context: StepContext, { time }: Frame, k: number, { train, test }: Fold, found: { readonly train: Range; readonly test: Range; readonly chosen: number | null }): void {
  const at = (row: number): BigInt64Array => BigInt64Array.of(time[row] ?? 0n);
  context.emit('folds', [Int32Array.of(k + 1), at(train.from), at(train.to - 1), at(test.from), at(test.to - 1), Int32Array.of(found.train.to - found.train.from), Int32Array.of(found.test.to - found.test.from), Float64Array.of(found.chosen ?? Number.NaN)]);
}

export function emitMetrics(context: StepContext, fold: string, metrics: readonly Metric[]): void {
  context.emit('metrics', [metrics.map(() => fold), metrics.map(({ metric }) => metric), Float64Array.from(metrics, ({ value }) => value), Float64Array.from(metrics, ({ baseline }) => baseline), metrics.map(({ baselineName }) => baselineName), Int32Array.from(metrics, ({ rows }) => rows)]);
}

/** The predictions of samples `test`: of a classification the classes by their values, and each one's probability. */
export function emitPredictions(context: StepContext, frame: Frame, { samples, classes, choice }: LearnProblem, fold: { readonly number: number; readonly test: Range; readonly ahead: number }, predicted: readonly Float64Array[]): void {
  const { test, ahead } = fold;
  const rows = samples.row.subarray(test.from, test.to);
  const time = BigInt64Array.from(rows, (row) => frame.time[row + ahead] ?? 0n);
  const origin = BigInt64Array.from(rows, (row) => frame.time[row] ?? 0n);
  const series: IndexedStrings = { names: frame.names, indices: samples.series.slice(test.from, test.to) };
  const number = new Int32Array(rows.length).fill(fold.number);
  const label = samples.label.slice(test.from, test.to);
  if (choice.task === 'regression') {
    context.emit('predictions', [time, series, number, label, Float64Array.from(predicted[0]!), origin]);
    return;
  }
  const valueOf = (places: Float64Array): Float64Array<ArrayBuffer> => Float64Array.from(places, (place) => classes[place] ?? Number.NaN);
  context.emit('predictions', [time, series, number, valueOf(label), valueOf(mostProbable(predicted)), origin, shownProbability(predicted)]);
  for (const [place, probability] of predicted.entries()) context.emit('probabilities', [time, series, number, new Float64Array(rows.length).fill(classes[place] ?? Number.NaN), Float64Array.from(probability)]);
}

/** Of two classes the probability of the second; of more that of the most probable. */
export function shownProbability(probability: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const best = mostProbable(probability);
  return Float64Array.from(best, (place, t) => (probability.length === 2 ? probability[1]![t]! : (probability[place]?.[t] ?? Number.NaN)));
}

export function emitImportances(context: StepContext, features: readonly Feature[], { gain, permutation, spread }: Importances): void {
  context.emit('importances', [features.map(({ name }) => name), gain, permutation, spread]);
}

export function emitCalibration(context: StepContext, classes: Float64Array, judged: readonly Reliability[]): void {
  for (const { place, bins } of judged) {
    context.emit('calibration', [bins.map(() => String(classes[place])), Int32Array.from(bins.keys()), Float64Array.from(bins, ({ predicted, rows }) => predicted / rows), Float64Array.from(bins, ({ observed, rows }) => observed / rows), Int32Array.from(bins, ({ rows }) => rows)]);
  }
}

/** Of linear models: what each feature adds, as it is and in standard deviations. */
export function emitCoefficients(context: StepContext, { features, classes }: LearnProblem, { predictor }: LearnedModel): void {
  if (predictor.kind !== 'linear') return;
  const { intercepts, weights, mean, scale } = predictor;
  const width = features.length;
  for (const [k, intercept] of intercepts.entries()) {
    const own = weights.subarray(k * width, (k + 1) * width);
    const raw = own.map((weight, f) => weight / scale[f]!);
    const constant = intercept - raw.reduce((sum, weight, f) => sum + weight * mean[f]!, 0);
    const of = classes.length === 0 ? null : String(classes[intercepts.length === 1 ? 1 : k]);
    context.emit('coefficients', [new Array<string | null>(width + 1).fill(of), [...features.map(({ name }) => name), '(intercept)'], Float64Array.of(...raw, constant), Float64Array.of(...own, intercept)]);
  }
}

export function emitLearnedModel(context: StepContext, params: LearnParams, frame: Frame, { features, classes, samples }: LearnProblem, model: LearnedModel): void {
  const { task, model: name, kind } = learnChoice(params);
  const { target } = params;
  const others = { ...params.features.others, series: [...otherSeries(params.features, target.series, frame.names)] };
  const last = frame.time[samples.row.at(-1) ?? 0] ?? 0n;
  emitModel(context, writeLearnDocument({ task, model: name, target: { series: target.series, kind, ahead: target.ahead }, features: { ...params.features, others }, names: features.map((feature) => feature.name), classes: Float64Array.from(classes), lastTime: String(last) }, model));
}
