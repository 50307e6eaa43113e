/**
 * Learning: a step for each fold, which trains on the rows before and predicts those of the fold; then what the folds
 * say together; then the model of all rows, which is kept.
 */
import { learn as contract, type LearnParams, type learnParams } from '@corrente/shared/contract/analyses/learn';
import { isTrees } from '@corrente/shared/contract/analyses/learn/models';
import type { Analysis, JsonValue, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import type { OpOptions } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import { buildFeatures, type FeatureTable } from '../../learning/features.ts';
import { fitModel } from '../../learning/fit.ts';
import type { Span } from '../../learning/folds.ts';
import { refuseMissing } from '../../learning/impute.ts';
import { gainOf, predict } from '../../learning/model.ts';
import { permutationImportance } from '../../learning/permutation-importance.ts';
import { type Fitted, type FitOptions, giveWay, quietly, type Range, rangeOf } from '../../learning/training-rows.ts';
import { refuseTrials } from '../series-group.ts';
import { emitCalibration, emitCoefficients, emitFold, emitImportances, emitLearnedModel, emitMetrics, emitPredictions } from './emit.ts';
import { evaluate, reliability } from './evaluate.ts';
import { type FoldOutcome, joinReliability, meanImportances, meanMetrics, readFoldOutcome, writeFoldOutcome } from './fold-outcome.ts';
import { type LearnProblem, learnProblem, partsOf, rangeOfSpan } from './problem.ts';

export const learn: Analysis<typeof learnParams> = {
  contract,
  validate,
  plan: (input) => Promise.resolve(new LearnPlan(input)),
};

function validate(params: LearnParams, frame: Frame): void {
  refuseTrials(frame);
  learnProblem(params, frame);
}

/** Shares of a step's progress: features (in the first step that is run), training, importances. */
const featuresShare = 0.2;
const trainingShare = 0.7;

class LearnPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<LearnParams>;
  readonly #problem: LearnProblem;
  /** What the folds' steps of this attempt found, and those of earlier ones returned. */
  readonly #found = new Map<number, FoldOutcome>();
  #table: Promise<FeatureTable> | null = null;

  constructor(input: PlanInput<LearnParams>) {
    this.#input = input;
    this.#problem = learnProblem(input.params, input.frame);
    const { folds, samples, span } = this.#problem;
    for (const [k, returned] of input.stored) if (k < folds.length) this.#found.set(k, readFoldOutcome(returned));
    const work = (rows: Span): number => {
      const { from, to } = rangeOfSpan(samples, rows);
      return Math.max(1, to - from);
    };
    this.steps = [
      ...folds.map(({ train }, k): Step => ({ title: `fold ${k + 1}`, work: work(train), independent: true, run: (context) => this.#fold(k, context) })),
      { title: 'importances', work: 1, run: (context) => Promise.resolve(this.#together(context)) },
      { title: 'model of all rows', work: work(span), independent: true, run: (context) => this.#final(context) },
    ];
  }

  close(): void {
    this.#table = null;
  }

  async #fold(k: number, context: StepContext): Promise<JsonValue> {
    const { params, frame, engine, seed } = this.#input;
    const { samples, folds, choice } = this.#problem;
    const fold = folds[k]!;
    const table = await this.#features(context);
    const train = rangeOfSpan(samples, fold.train);
    const test = rangeOfSpan(samples, fold.test);
    const { model, chosen } = await this.#fit(table, fold.train, k, context);
    const rows = rangeOf(table, test);
    await giveWay(context);
    const predicted = await predict(model, rows, engine, quietly(context));
    await giveWay(context);
    const metrics = evaluate(this.#problem, frame, train, test, predicted);
    await giveWay(context);
    const outcome: FoldOutcome = {
      metrics,
      gain: optionalList(gainOf(model)),
      permutation: (await this.#permuted(model, rows, test, k, context)).map((rises) => Array.from(rises)),
      reliability: choice.task === 'classification' ? reliability(samples.label.subarray(test.from, test.to), predicted, params.reliabilityBins) : [],
    };
    this.#found.set(k, outcome);
    await giveWay(context);
    emitFold(context, frame, k, fold, { train, test, chosen });
    emitPredictions(context, frame, this.#problem, { number: k + 1, test, ahead: params.target.ahead }, predicted);
    emitMetrics(context, String(k + 1), outcome.metrics);
    context.log('info', `Fold ${k + 1} of ${folds.length}: ${train.to - train.from} rows of training, ${test.to - test.from} of test, seed ${seed}${chosen === null ? '' : `, chosen ${chosen}`}.`);
    return writeFoldOutcome(outcome);
  }

  async #permuted(model: Fitted['model'], rows: FeatureRows, test: Range, draw: number, context: StepContext): Promise<Float64Array[]> {
    const { params, engine, seed } = this.#input;
    if (params.permutations === 0) return [];
    const came = this.#problem.samples.label.subarray(test.from, test.to);
    return permutationImportance(model, rows, came, { repeats: params.permutations, seed, draw }, engine, {
      ...quietly(context),
      onProgress: (fraction) => context.progress(featuresShare + trainingShare + (1 - featuresShare - trainingShare) * fraction, 'permuting features'),
    });
  }

  #together(context: StepContext): void {
    const { folds, features, classes } = this.#problem;
    const outcomes = folds.flatMap((_, k) => this.#found.get(k) ?? []);
    emitMetrics(context, 'all', meanMetrics(outcomes));
    emitImportances(context, features, meanImportances(outcomes, features.length));
    emitCalibration(context, classes, joinReliability(outcomes));
  }

  async #final(context: StepContext): Promise<void> {
    const { params, frame } = this.#input;
    const table = await this.#features(context);
    const { model } = await this.#fit(table, this.#problem.span, this.#problem.folds.length, context);
    emitCoefficients(context, this.#problem, model);
    emitLearnedModel(context, params, frame, this.#problem, model);
  }

  async #fit(table: FeatureTable, rows: Span, draw: number, context: StepContext): Promise<Fitted> {
    const { params, engine, seed } = this.#input;
    const options: FitOptions = { ...quietly(context), engine, seed, draw, onProgress: (fraction) => context.progress(featuresShare + trainingShare * fraction, 'training') };
    const { samples, classes } = this.#problem;
    return fitModel(params, { table, classes: classes.length, train: rangeOfSpan(samples, rows), parts: partsOf(params, this.#problem, rows) }, options);
  }

  /** The table that all steps read, made by the first of them. */
  #features(context: StepContext): Promise<FeatureTable> {
    const { params, frame, engine } = this.#input;
    const { samples, features } = this.#problem;
    const options: OpOptions = { ...quietly(context), onProgress: (fraction) => context.progress(featuresShare * fraction, 'features') };
    this.#table ??= buildFeatures(frame, samples, { features, target: params.target.series, ownClose: params.features.close !== null }, engine, options).then((table) => {
      if (!isTrees(this.#problem.choice.model) && params.impute === 'none') refuseMissing(rangeOf(table, { from: 0, to: table.length }), table.names, this.#problem.choice.model);
      return table;
    });
    return this.#table;
  }
}

type FeatureRows = ReturnType<typeof rangeOf>;

function optionalList(values: Float64Array | null): number[] | null {
  return values === null ? null : Array.from(values);
}
