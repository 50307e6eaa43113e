/** Training sessions of TensorFlow.js: a Keras-style model that a person brings, with the contract of `TrainerSession`. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Pace } from '@corrente/shared/portable/pace';
import { checkLayersJson, type ModelUse } from '@corrente/shared/tfjs/model-cost';
import type { OpOptions, Reals } from '../../engine/contract.ts';
import type { EpochRequest, ForecastErrors, TrainerSession, TrainingWindows } from '../../engine/contract.trainer.ts';
import type { OpenTfjsTrainer, TfjsTrainerRequest } from '../training.ts';
import { Adam, clipToNorm } from './adam.ts';
import { loadTfjs, type Tfjs, type TfjsBackend, useBackend } from './load-tfjs.ts';
import { TfjsModel } from './tfjs-model.ts';
import { gatherInputs, gatherTargets } from './window-batches.ts';

/** What a layers JSON is checked against: the windows, and the batches that a request cuts of them. */
export function modelUse({ horizon, groups }: Pick<TrainingWindows, 'horizon' | 'groups'>, { steps, batchSize, memoryLimit }: Pick<TfjsTrainerRequest, 'steps' | 'batchSize' | 'memoryLimit'>): ModelUse {
  const [group] = groups;
  return { steps, features: group?.inputs.length ?? 0, outputs: (group?.targets.length ?? 0) * horizon, batch: batchSize * groups.length, memoryLimit };
}

/** See `OpenTfjsTrainer`. It computes in float32, whatever the precision; its lists are of the precision's type. */
export const openTfjsTrainer: OpenTfjsTrainer = async (windows, layersJson, request, options) => {
  const use = modelUse(windows, request);
  const checked = checkLayersJson(layersJson, use);
  const tfjs = await loadTfjs();
  for (const note of tfjs.notes) request.log('warn', note);
  const { model, backend } = await TfjsModel.build(tfjs, checked, { outputs: use.outputs, seed: request.seed, loss: request.loss, log: request.log });
  request.log('info', `The model of ${model.parameterCount} weights trains in TensorFlow.js ${tfjs.core.version_core} on its backend ${backend}, in float32.`);
  return new TfjsSession(tfjs, backend, model, windows, request, options);
};

class TfjsSession implements TrainerSession {
  readonly parameterCount: number;
  readonly #tfjs: Tfjs;
  readonly #backend: TfjsBackend;
  readonly #model: TfjsModel;
  readonly #windows: TrainingWindows;
  readonly #steps: number;
  readonly #batchSize: number;
  readonly #precision: OpOptions['precision'];
  readonly #adam: Adam;
  /** The weights as they are in the model: read without a backend, and where a step begins. */
  #parameters: Float32Array<ArrayBuffer>;
  #closed = false;

  constructor(tfjs: Tfjs, backend: TfjsBackend, model: TfjsModel, windows: TrainingWindows, { steps, batchSize }: TfjsTrainerRequest, { precision }: OpOptions) {
    this.#tfjs = tfjs;
    this.#backend = backend;
    this.#model = model;
    this.#windows = windows;
    this.#steps = steps;
    this.#batchSize = batchSize;
    this.#precision = precision;
    this.parameterCount = model.parameterCount;
    this.#adam = new Adam(model.parameterCount);
    this.#parameters = model.parameters();
  }

  parameters(): Reals {
    return this.#reals(this.#parameters);
  }

  setParameters(values: Reals): void {
    this.#take(Float32Array.from(values));
  }

  state(): Reals {
    const count = this.parameterCount;
    const state = new Float32Array(3 * count + 1);
    state.set(this.#parameters);
    state.set(this.#adam.first, count);
    state.set(this.#adam.second, 2 * count);
    state[3 * count] = this.#adam.steps;
    return this.#reals(state);
  }

  restore(state: Reals): void {
    const count = this.parameterCount;
    if (state.length !== 3 * count + 1) throw new CorrenteError('internal', `training: the state holds ${state.length} values; expected ${3 * count + 1}.`);
    const values = Float32Array.from(state);
    this.#take(values.slice(0, count));
    this.#adam.first.set(values.subarray(count, 2 * count));
    this.#adam.second.set(values.subarray(2 * count, 3 * count));
    this.#adam.steps = values[3 * count] ?? 0;
  }

  async epoch({ origins, batchSize, learningRate, clipNorm, stream }: EpochRequest, options: OpOptions): Promise<number> {
    let sum = 0;
    for await (const [batch, chosen] of this.#batches(origins, batchSize, options)) {
      const { loss, gradient } = this.#gradient(chosen, { training: true, stream, draw: batch });
      sum += loss * chosen.length;
      if (!Number.isFinite(sum)) return Number.NaN;
      clipToNorm(gradient, clipNorm);
      // Batch normalisation has moved its means meanwhile.
      const moved = this.#model.parameters();
      this.#adam.step(moved, gradient, learningRate);
      this.#model.moveParameters(moved);
      this.#parameters = this.#model.parameters();
    }
    return sum / origins.length;
  }

  async errors(origins: Int32Array, options: OpOptions): Promise<ForecastErrors> {
    const { groups, horizon } = this.#windows;
    const count = groups.length * (groups[0]?.targets.length ?? 0) * horizon;
    const squared = new Float64Array(count);
    const absolute = new Float64Array(count);
    for await (const [, chosen] of this.#batches(origins, this.#batchSize, options)) {
      const forecast = this.#forecast(chosen);
      for (const [i, wanted] of gatherTargets(this.#windows, chosen).entries()) {
        const difference = forecast[i]! - wanted;
        squared[i % count]! += difference * difference;
        absolute[i % count]! += Math.abs(difference);
      }
    }
    return { squared, absolute };
  }

  async forecast(origins: Int32Array, options: OpOptions): Promise<Reals> {
    const { groups, horizon } = this.#windows;
    const perOrigin = groups.length * (groups[0]?.targets.length ?? 0) * horizon;
    const forecasts = new Float32Array(origins.length * perOrigin);
    for await (const [batch, chosen] of this.#batches(origins, this.#batchSize, options)) forecasts.set(this.#forecast(chosen), batch * this.#batchSize * perOrigin);
    return this.#reals(forecasts);
  }

  async gradient(origins: Int32Array, options: OpOptions): Promise<{ readonly loss: number; readonly gradient: Reals }> {
    for await (const [, chosen] of this.#batches(origins, origins.length, options)) {
      const { loss, gradient } = this.#gradient(chosen, { training: false, stream: [0, 0, 0, 0], draw: 0 });
      return { loss, gradient: this.#reals(gradient) };
    }
    throw new CorrenteError('internal', 'training: a gradient of no origins was asked for; expected one or more.');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.dispose();
  }

  /** Batches in their order, each with its number; between them other work runs, and the backend is made ours again. */
  async *#batches(origins: Int32Array, batchSize: number, options: OpOptions): AsyncGenerator<readonly [number, Int32Array]> {
    if (options.precision !== this.#precision) throw new CorrenteError('internal', `training: precision was ${options.precision}; the session computes in ${this.#precision}.`);
    const pace = new Pace('training', origins.length, options);
    await pace.start();
    for (let from = 0; from < origins.length; from += batchSize) {
      if (pace.due) await pace.turn();
      await useBackend(this.#tfjs, this.#backend);
      const chosen = origins.subarray(from, from + batchSize);
      yield [from / batchSize, chosen];
      pace.count(chosen.length);
    }
    await pace.turn();
  }

  #forecast(origins: Int32Array): Float32Array {
    return this.#model.forecast(gatherInputs(this.#windows, this.#steps, origins), origins.length * this.#windows.groups.length);
  }

  #gradient(origins: Int32Array, mode: Parameters<TfjsModel['gradient']>[3]): ReturnType<TfjsModel['gradient']> {
    const inputs = gatherInputs(this.#windows, this.#steps, origins);
    return this.#model.gradient(inputs, Float32Array.from(gatherTargets(this.#windows, origins)), origins.length * this.#windows.groups.length, mode);
  }

  #take(values: Float32Array<ArrayBuffer>): void {
    if (values.length !== this.parameterCount) throw new CorrenteError('internal', `training: ${values.length} parameters were given; expected ${this.parameterCount}.`);
    this.#model.setParameters(values);
    this.#parameters = values;
  }

  #reals(values: Float32Array): Reals {
    return this.#precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values);
  }
}
