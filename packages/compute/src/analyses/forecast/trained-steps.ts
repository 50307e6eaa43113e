/** Trained models: for each fold an epoch is a step, then the best parameters are judged; at last the metrics. */
import { type ForecastParams, trainingSettings } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { scoresOver, widthsOver } from '../../forecasting/evaluate.ts';
import { FoldTraining } from '../../forecasting/fold-training.ts';
import { forecastColumns } from '../../forecasting/rows.ts';
import { scores, type Scores } from '../../forecasting/scores.ts';
import { type Fold, foldsOf, originsIn, rowsOf } from '../../forecasting/split.ts';
import type { JsonValue, Plan, PlanInput, Step, StepContext } from '../analysis.ts';
import { emitModel } from '../model-table.ts';
import { backtestOrigins } from './backtests.ts';
import { courseOf, epochRecord, type EpochRecord } from './early-stopping.ts';
import { emitScores } from './emit-scores.ts';
import { trainedDocument } from './trained-document.ts';
import { type Subject, subjectOf } from './validate.ts';

/** What judging costs, in epochs. */
const judgingWork = 0.7;

export class TrainedPlan implements Plan {
  readonly steps: readonly Step[];
  readonly #input: PlanInput<ForecastParams>;
  readonly #subject: Subject;
  readonly #folds: readonly Fold[];
  /** By fold, what its epochs returned: of this attempt, and stored by earlier ones. */
  readonly #records: readonly EpochRecord[][];
  readonly #scores = new Map<number, Scores>();
  #training: FoldTraining | null = null;

  constructor(input: PlanInput<ForecastParams>) {
    const { params, frame, stored } = input;
    this.#input = input;
    this.#subject = subjectOf(params, frame);
    this.#folds = foldsOf(params, frame);
    this.#records = this.#folds.map(() => []);
    const steps: Step[] = [];
    for (const [fold, { train }] of this.#folds.entries()) {
      const { epochs } = trainingSettings(params, rowsOf(train));
      const of = this.#folds.length === 1 ? '' : `fold ${fold + 1} of ${this.#folds.length}, `;
      for (let epoch = 0; epoch < epochs; epoch++) {
        const number = steps.length;
        if (stored.has(number)) this.#records[fold]?.push(epochRecord.parse(stored.get(number)));
        steps.push({ title: `${of}epoch ${epoch + 1} of ${epochs}`, work: rowsOf(train), run: (context) => this.#epoch(fold, context) });
      }
      const number = steps.length;
      if (stored.has(number)) this.#scores.set(fold, scores.parse(stored.get(number)));
      steps.push({ title: `${of}test`, work: judgingWork * rowsOf(train), run: (context) => this.#judge(fold, context) });
    }
    steps.push({ title: 'metrics', work: 1, run: (context) => this.#metrics(context) });
    this.steps = steps;
  }

  close(): void {
    this.#training?.close();
    this.#training = null;
  }

  #recordsOf(fold: number): EpochRecord[] {
    return this.#records[fold] ?? [];
  }

  /** The training of this fold, at where its steps so far have brought it. */
  async #trainingOf(fold: number, context: StepContext): Promise<FoldTraining> {
    if (this.#training?.number === fold) return this.#training;
    this.close();
    const { params, frame, engine, precision, seed } = this.#input;
    const rows = this.#folds[fold];
    if (rows === undefined) throw new CorrenteError('internal', `There is no fold ${fold} among ${this.#folds.length}.`);
    const options = { precision, signal: context.signal };
    const training = await FoldTraining.open({ params, frame, ...this.#subject, engine, precision, seed, number: fold, fold: rows, log: (level, message) => context.log(level, message) }, options);
    this.#training = training;
    const { epochs, best } = courseOf(this.#recordsOf(fold), training.settings.patience);
    await training.takeUp(context.lastCheckpoint, epochs, best, options);
    return training;
  }

  async #epoch(fold: number, context: StepContext): Promise<JsonValue> {
    const records = this.#recordsOf(fold);
    const patience = trainingSettings(this.#input.params, rowsOf(this.#folds[fold]?.train ?? { from: 0, to: 0 })).patience;
    const before = courseOf(records, patience);
    if (before.ended) {
      records.push(null);
      return null;
    }
    try {
      const record = await this.#trainEpoch(fold, before.bestLoss, context);
      records.push(record);
      return record;
    } catch (error) {
      if (context.signal.aborted && before.best >= 0) context.log('info', `Cancelled in epoch ${before.epochs + 1}: the best model so far is that of epoch ${before.best + 1}, with a validation loss of ${before.bestLoss.toPrecision(5)}; it is the last one in the table model.`);
      throw error;
    }
  }

  async #trainEpoch(fold: number, bestLoss: number, context: StepContext): Promise<EpochRecord> {
    const training = await this.#trainingOf(fold, context);
    // Told before the epoch: an attempt that finds this step unfinished goes on from here.
    const note = training.epochs === 0 ? null : training.note();
    if (note !== null) context.checkpoint(note);
    const epoch = training.epochs;
    const { precision } = this.#input;
    const started = performance.now();
    const part = (from: number, share: number) => ({ precision, signal: context.signal, onProgress: (fraction: number) => context.progress(from + share * fraction, `${this.#title(fold)}epoch ${epoch + 1}`) });
    const trainLoss = await training.train(part(0, 0.85));
    const valLoss = await training.validate(part(0.85, 0.15));
    if (!Number.isFinite(trainLoss) || !Number.isFinite(valLoss)) {
      throw new CorrenteError('training-diverged', `In epoch ${epoch + 1} the training loss became ${trainLoss} and the validation loss ${valLoss}, at a learning rate of ${training.learningRate(epoch)}.`);
    }
    const seconds = (performance.now() - started) / 1000;
    context.emit('history', [Int32Array.of(epoch + 1), Float64Array.of(trainLoss), Float64Array.of(valLoss), Float64Array.of(seconds), Float64Array.of(training.learningRate(epoch)), Int32Array.of(fold + 1)]);
    if (valLoss < bestLoss) {
      training.keepBest();
      // What remains of a training that is cancelled; gone when the job has succeeded.
      emitModel({ emit: (table, columns) => context.emitProvisional(table, columns) }, trainedDocument(this.#input, this.#subject, training, { epoch: epoch + 1, validationLoss: valLoss, widths: null }));
    }
    return { trainLoss, valLoss };
  }

  #title(fold: number): string {
    return this.#folds.length === 1 ? '' : `fold ${fold + 1} of ${this.#folds.length}, `;
  }

  async #judge(fold: number, context: StepContext): Promise<JsonValue> {
    const training = await this.#trainingOf(fold, context);
    const note = training.note();
    if (note !== null) context.checkpoint(note);
    const { params, frame, precision } = this.#input;
    const { horizon, coverage, backtests } = params;
    const { best, bestLoss, epochs } = courseOf(this.#recordsOf(fold), training.settings.patience);
    context.log('info', `${this.#title(fold)}epoch ${best + 1} of ${epochs} was the best, with a validation loss of ${bestLoss.toPrecision(5)}.`);
    training.useBest();
    const part = (from: number, share: number) => ({ precision, signal: context.signal, onProgress: (fraction: number) => context.progress(from + share * fraction) });
    const { session, evaluation } = training;
    const scaled = await widthsOver(session, training.validation, coverage, evaluation, part(0, 0.45));
    const test = originsIn(this.#folds[fold]?.test ?? { from: 0, to: 0 }, horizon);
    const found = await scoresOver(session, test, scaled, evaluation, part(0.45, 0.45));
    const last = fold === this.#folds.length - 1;
    const shown = Int32Array.from([...(backtestOrigins(this.#folds, horizon, backtests)[fold] ?? []), ...(last ? [frame.length] : [])]);
    const { mean, deviation } = training.scaler;
    const unscaled = await session.forecast(shown, part(0.9, 0.1));
    const series = this.#subject.targets.map((place) => frame.names[place] ?? '');
    const values = Float64Array.from(unscaled, (value, k) => {
      const s = Math.floor(k / horizon) % series.length;
      return value * deviation[s]! + mean[s]!;
    });
    const widths = scaled.map((width, k) => width * deviation[Math.floor(k / horizon)]!);
    context.emit('forecast', forecastColumns(frame, { series, horizon, origins: shown, values, widths }));
    if (last) emitModel(context, trainedDocument(this.#input, this.#subject, training, { epoch: best + 1, validationLoss: bestLoss, widths }));
    this.#scores.set(fold, found);
    return found;
  }

  #metrics(context: StepContext): Promise<void> {
    const { params, frame } = this.#input;
    const byFold = this.#folds.map((_, fold) => this.#scores.get(fold)).filter((each) => each !== undefined);
    emitScores(context, { params, names: this.#subject.targets.map((place) => frame.names[place] ?? ''), folds: this.#folds }, byFold);
    return Promise.resolve();
  }
}
