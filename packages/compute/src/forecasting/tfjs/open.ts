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
  const whole = checked.classNames.includes('BatchNormalization');
  const atOnce = whole ? Infinity : Math.max(1, Math.floor(operationsAtOnce[backend] / (checked.operations * windows.groups.length)));
  return new TfjsSession(tfjs, backend, model, windows, { ...request, atOnce }, options);
};

/**
 * Operations, forward, after which other work runs: some tenths of a second. A batch that takes more is cut in slices, whose
 * gradients add up to its own; batch normalisation looks at whole batches, which therefore stay together.
 */
const operationsAtOnce: Readonly<Record<TfjsBackend, number>> = { tensorflow: 1e10, wasm: 2e8, cpu: 1e6 };

/** A piece of a batch. */
interface Slice {
  readonly origins: Int32Array;
  /** Place of the first among all origins. */
  readonly from: number;
  /** Number of the slice, from 0 on over all batches. */
  readonly number: number;
  /** Its part of the batch's mean. */
  readonly share: number;
  readonly endsBatch: boolean;
  readonly batchLength: number;
}

class TfjsSession implements TrainerSession {
  readonly parameterCount: number;
  readonly #tfjs: Tfjs;
  readonly #backend: TfjsBackend;
  readonly #model: TfjsModel;
  readonly #windows: TrainingWindows;
  readonly #steps: number;
  readonly #batchSize: number;
  readonly #atOnce: number;
  readonly #precision: OpOptions['precision'];
  readonly #adam: Adam;
  /** The weights as they are in the model: read without a backend, and where a step begins. */
  #parameters: Float32Array<ArrayBuffer>;
  #closed = false;

  constructor(tfjs: Tfjs, backend: TfjsBackend, model: TfjsModel, windows: TrainingWindows, { steps, batchSize, atOnce }: TfjsTrainerRequest & { readonly atOnce: number }, { precision }: OpOptions) {
    this.#tfjs = tfjs;
    this.#backend = backend;
    this.#model = model;
    this.#windows = windows;
    this.#steps = steps;
    this.#batchSize = batchSize;
    this.#atOnce = atOnce;
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
    let [loss, gradient] = [0, new Float32Array(this.parameterCount)];
    for await (const slice of this.#slices(origins, batchSize, options)) {
      loss += this.#addGradient(gradient, slice, { training: true, stream, draw: slice.number });
      if (!slice.endsBatch) continue;
      sum += loss * slice.batchLength;
      if (!Number.isFinite(sum)) return Number.NaN;
      clipToNorm(gradient, clipNorm);
      // Batch normalisation has moved its means meanwhile.
      const moved = this.#model.parameters();
      this.#adam.step(moved, gradient, learningRate);
      this.#model.moveParameters(moved);
      this.#parameters = this.#model.parameters();
      [loss, gradient] = [0, new Float32Array(this.parameterCount)];
    }
    return sum / origins.length;
  }

  async errors(origins: Int32Array, options: OpOptions): Promise<ForecastErrors> {
    const { groups, horizon } = this.#windows;
    const count = groups.length * (groups[0]?.targets.length ?? 0) * horizon;
    const squared = new Float64Array(count);
    const absolute = new Float64Array(count);
    for await (const slice of this.#slices(origins, this.#batchSize, options)) {
      const forecast = this.#forecast(slice.origins);
      for (const [i, wanted] of gatherTargets(this.#windows, slice.origins).entries()) {
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
    for await (const slice of this.#slices(origins, this.#batchSize, options)) forecasts.set(this.#forecast(slice.origins), slice.from * perOrigin);
    return this.#reals(forecasts);
  }

  async gradient(origins: Int32Array, options: OpOptions): Promise<{ readonly loss: number; readonly gradient: Reals }> {
    const gradient = new Float32Array(this.parameterCount);
    let loss = 0;
    for await (const slice of this.#slices(origins, origins.length, options)) loss += this.#addGradient(gradient, slice, { training: false, stream: [0, 0, 0, 0], draw: 0 });
    return { loss, gradient: this.#reals(gradient) };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.dispose();
  }

  /** Slices in their order; between them other work runs, and the backend is made ours again. */
  async *#slices(origins: Int32Array, batchSize: number, options: OpOptions): AsyncGenerator<Slice> {
    if (options.precision !== this.#precision) throw new CorrenteError('internal', `training: precision was ${options.precision}; the session computes in ${this.#precision}.`);
    const pace = new Pace('training', origins.length, options);
    await pace.start();
    let number = 0;
    for (let begin = 0; begin < origins.length; begin += batchSize) {
      const end = Math.min(origins.length, begin + batchSize);
      for (let from = begin; from < end; from += this.#atOnce) {
        if (pace.due) await pace.turn();
        await useBackend(this.#tfjs, this.#backend);
        const chosen = origins.subarray(from, Math.min(end, from + this.#atOnce));
        yield { origins: chosen, from, number, share: chosen.length / (end - begin), endsBatch: from + chosen.length === end, batchLength: end - begin };
        number += 1;
        pace.count(chosen.length);
      }
    }
    await pace.turn();
  }

  #forecast(origins: Int32Array): Float32Array {
    return this.#model.forecast(gatherInputs(this.#windows, this.#steps, origins), origins.length * this.#windows.groups.length);
  }

  /** Adds a slice's share of the gradient, and returns that of the loss. */
  #addGradient(sum: Float32Array, { origins, share }: Slice, mode: Parameters<TfjsModel['gradient']>[3]): number {
    const inputs = gatherInputs(this.#windows, this.#steps, origins);
    const { loss, gradient } = this.#model.gradient(inputs, Float32Array.from(gatherTargets(this.#windows, origins)), origins.length * this.#windows.groups.length, mode);
    for (let i = 0; i < sum.length; i++) sum[i]! += share * gradient[i]!;
    return share * loss;
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
