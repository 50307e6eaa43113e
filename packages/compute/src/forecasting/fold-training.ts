/** The training of one fold: a session on its standardised series, and the best parameters so far. */
import { type ForecastParams, trainingSettings, type TrainingSettings } from '@corrente/shared/contract/analyses/forecast';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Precision } from '@corrente/shared/contract/engine';
import type { JsonValue } from '@corrente/shared/contract/json';
import { decoded, encodedArray } from '@corrente/shared/contract/model-file';
import { initialParameters, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { permutation, type RandomStream } from '@corrente/shared/portable/random';
import { z } from 'zod';
import type { Columns, Engine, OpOptions, Reals } from '../engine/contract.ts';
import type { TrainerSession } from '../engine/contract.trainer.ts';
import type { Frame } from '../frame/frame.ts';
import { type Evaluation, lossOver } from './evaluate.ts';
import { layeredModel } from './layered-models.ts';
import { type Channels, groupShape, openSession, type TrainedForm, windowsOf } from './open-session.ts';
import { paddedColumns } from './padded-columns.ts';
import { fitScaler, type Scaler, standardised } from './scaler.ts';
import { type Fold, originsIn, rowsOf } from './split.ts';
import { tfjsMemory } from './training.ts';

export interface FoldRequest {
  readonly params: ForecastParams;
  readonly frame: Frame;
  /** The series that are forecast, and those that are inputs only. */
  readonly targets: readonly number[];
  readonly exogenous: readonly number[];
  readonly engine: Engine;
  readonly precision: Precision;
  readonly seed: number;
  readonly number: number;
  readonly fold: Fold;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/** What the streams of a forecast are drawn by, apart from all others of the seed. */
const streams = { first: 0x66_6f_72_01, order: 0x66_6f_72_02, dropout: 0x66_6f_72_03 } as const;

/** Bytes of a note that an attempt which takes up begins with; a larger state is trained anew. */
const mostNoteBytes = 2 * 2 ** 20;

const reals = z.union([decoded('float64'), decoded('float32')]);
const note = z.object({ fold: z.int(), epochs: z.int(), state: reals, best: reals.nullable() });

export class FoldTraining {
  readonly number: number;
  readonly settings: TrainingSettings;
  readonly scaler: Scaler;
  readonly model: LayeredModel | null;
  readonly evaluation: Evaluation;
  readonly #request: FoldRequest;
  readonly #session: TrainerSession;
  readonly #train: Int32Array<ArrayBuffer>;
  readonly #validation: Int32Array<ArrayBuffer>;
  #epochs = 0;
  #best: Reals | null = null;

  static async open(request: FoldRequest, options: OpOptions): Promise<FoldTraining> {
    const { params, frame, targets, exogenous, fold, seed, number } = request;
    const settings = trainingSettings(params, rowsOf(fold.train));
    const which = [...targets, ...exogenous];
    const scaler = fitScaler(frame, frame.names, which, fold.train);
    // The forecast beyond the end is of rows that are not there; windows must lie within the columns.
    const columns = paddedColumns(standardised(frame, which, scaler), params.horizon);
    const channels: Channels = { mode: params.mode, targets: targets.length, exogenous: exogenous.length };
    const model = params.model === 'tfjs' ? null : layeredModel(trainedName(params.model), groupShape(channels), params, settings);
    const form: TrainedForm =
      model === null
        ? { kind: 'tfjs', topology: params.topology, request: { steps: settings.lookback, loss: params.loss, learningRate: settings.learningRate, seed, memoryLimit: tfjsMemory, batchSize: settings.batchSize, log: request.log } }
        : { kind: 'layered', model, parameters: initialParameters(model, [seed, streams.first, number, 0]) };
    const session = await openSession(request.engine, windowsOf(columns, channels, params.horizon), form, params.loss, options);
    return new FoldTraining(request, { settings, scaler, model, columns, session });
  }

  private constructor(request: FoldRequest, opened: { settings: TrainingSettings; scaler: Scaler; model: LayeredModel | null; columns: Columns; session: TrainerSession }) {
    const { params: { horizon }, fold, targets } = request;
    this.#request = request;
    this.number = request.number;
    this.settings = opened.settings;
    this.scaler = opened.scaler;
    this.model = opened.model;
    this.evaluation = { columns: opened.columns, series: targets.length, horizon };
    this.#session = opened.session;
    this.#train = originsIn({ from: this.settings.lookback, to: fold.train.to }, horizon);
    // The look-back of the first validation windows reaches into train, as that of the test windows into validation.
    this.#validation = originsIn(fold.validation, horizon).filter((origin) => origin >= this.settings.lookback);
  }

  /** Epochs done. */
  get epochs(): number {
    return this.#epochs;
  }

  get session(): TrainerSession {
    return this.#session;
  }

  get validation(): Int32Array<ArrayBuffer> {
    return this.#validation;
  }

  learningRate(epoch: number): number {
    return this.settings.learningRate * this.settings.learningRateDecay ** epoch;
  }

  /** The next epoch; returns its mean loss. */
  async train(options: OpOptions): Promise<number> {
    const { seed, number } = this.#request;
    const epoch = this.#epochs;
    const order = permutation([seed, streams.order, number, 0], epoch, this.#train.length);
    const stream: RandomStream = [seed, streams.dropout, number, epoch];
    const { batchSize, clipNorm } = this.settings;
    const loss = await this.#session.epoch({ origins: order.map((place) => this.#train[place]!), batchSize, learningRate: this.learningRate(epoch), clipNorm, stream }, options);
    this.#epochs += 1;
    return loss;
  }

  /** The mean loss over every validation window. */
  async validate(options: OpOptions): Promise<number> {
    return lossOver(this.#session, this.#validation, this.#request.params.loss, this.evaluation, options);
  }

  /** Keeps the parameters as they are as the best. */
  keepBest(): void {
    this.#best = this.#session.parameters();
  }

  /** Puts the best parameters back. */
  useBest(): void {
    if (this.#best !== null) this.#session.setParameters(this.#best);
  }

  /** What an attempt that takes up needs to go on from here, bit for bit; null where it would be large. */
  note(): JsonValue {
    const word = this.#request.precision === 'f32' ? 4 : 8;
    if (this.#session.parameterCount * 4 * word * (4 / 3) > mostNoteBytes) return null;
    return { fold: this.number, epochs: this.#epochs, state: encodedArray(this.#session.state()), best: this.#best === null ? null : encodedArray(this.#best) };
  }

  /**
   * Goes to where `epochs` were done, of which number `best` (from 0; -1 for none) was the best: by the note of an
   * earlier attempt where that is of here, otherwise by training those epochs again, which gives the same bits.
   */
  async takeUp(lastNote: unknown, epochs: number, best: number, options: OpOptions): Promise<void> {
    if (epochs === 0) return;
    const parsed = note.safeParse(lastNote);
    if (parsed.success && parsed.data.fold === this.number && parsed.data.epochs === epochs) {
      this.#session.restore(parsed.data.state);
      this.#best = parsed.data.best;
      this.#epochs = epochs;
      return;
    }
    this.#request.log('info', `The state of the training was not kept: ${epochs} epochs are trained again, with the same outcome.`);
    while (this.#epochs < epochs) {
      await this.train({ ...options, onProgress: () => {} });
      if (this.#epochs - 1 === best) this.keepBest();
    }
  }

  close(): void {
    this.#session.close();
  }
}

function trainedName(model: ForecastParams['model']): Parameters<typeof layeredModel>[0] {
  switch (model) {
    case 'linear':
    case 'nlinear':
    case 'dlinear':
    case 'mlp':
    case 'lstm':
    case 'gru':
    case 'tcn':
      return model;
    default:
      throw new CorrenteError('internal', `${model} is no chain of layers.`);
  }
}
