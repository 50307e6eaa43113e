/**
 * Training, slow and plain: forecasts one sample at a time, gradients by central differences of the loss, Adam as its
 * paper has it (Kingma and Ba 2015, algorithm 1).
 */
import type { LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { randomWords, type RandomStream } from '@corrente/shared/portable/random';
import type { EpochRequest, TrainingLoss, TrainingWindows, WindowGroup } from '../../src/engine/contract.trainer.ts';
import { layersOracle, nothingDropped, type Dropped } from './trainer-layers.ts';

export interface TrainingProblem {
  readonly windows: TrainingWindows;
  readonly model: LayeredModel;
  readonly loss: TrainingLoss;
}

/** Dropout of the sample that is number `sample` of its batch. */
type DroppedOf = (sample: number) => Dropped;

const nothing: DroppedOf = () => nothingDropped;

/** Forecasts [origins × groups × targets × horizon] and what came, both in the units of the columns. */
export function forecastOracle({ windows, model }: Omit<TrainingProblem, 'loss'>, parameters: ArrayLike<number>, origins: ArrayLike<number>, drop: DroppedOf = nothing): { forecast: Float64Array; target: Float64Array } {
  const { columns, horizon, groups } = windows;
  const value = (series: number, row: number): number => columns.values[series * columns.stride + row] ?? Number.NaN;
  const one = (origin: number, group: WindowGroup, sample: number): { forecast: number[]; target: number[] } => {
    const anchor = (feature: number): number => (model.anchored && feature < group.targets.length ? value(group.inputs[feature] ?? 0, origin - 1) : 0);
    const inputs = Array.from({ length: model.steps }, (_, t) => Array.from(group.inputs, (series, feature) => value(series, origin - model.steps + t) - anchor(feature)));
    const outputs = layersOracle(model, parameters, inputs, drop(sample));
    return {
      forecast: outputs.map((output, i) => output + anchor(Math.floor(i / horizon))),
      target: Array.from(group.targets).flatMap((series) => Array.from({ length: horizon }, (_, step) => (origin + step < columns.length ? value(series, origin + step) : Number.NaN))),
    };
  };
  const all = Array.from(origins).flatMap((origin, o) => groups.map((group, g) => one(origin, group, o * groups.length + g)));
  return { forecast: Float64Array.from(all.flatMap(({ forecast }) => forecast)), target: Float64Array.from(all.flatMap(({ target }) => target)) };
}

const losses: Readonly<Record<TrainingLoss, (off: number) => number>> = {
  mse: (off) => off * off,
  mae: Math.abs,
  huber: (off) => (Math.abs(off) <= 1 ? (off * off) / 2 : Math.abs(off) - 0.5),
};

/** The mean loss over origins as one batch. */
export function lossOracle(problem: TrainingProblem, parameters: ArrayLike<number>, origins: ArrayLike<number>, drop: DroppedOf = nothing): number {
  const { forecast, target } = forecastOracle(problem, parameters, origins, drop);
  return forecast.reduce((total, value, i) => total + losses[problem.loss](value - (target[i] ?? Number.NaN)), 0) / forecast.length;
}

/** Half the distance between the two losses of a difference: what it leaves of the gradient is about its square. */
const distance = 1e-5;

export function gradientOracle(problem: TrainingProblem, parameters: Float64Array, origins: ArrayLike<number>, drop: DroppedOf = nothing): Float64Array {
  return parameters.map((value, i) => {
    const at = (shift: number): number => lossOracle(problem, parameters.with(i, value + shift), origins, drop);
    return (at(distance) - at(-distance)) / (2 * distance);
  });
}

/** Value i of dropout layer l is dropped in batch b where word i of draw b of the stream, its last word changed by l, is below rate · 2³². */
export function droppedOracle(rate: (number: number) => number, [seed, a, b, c]: RandomStream, batch: number, valuesOfSample: (number: number) => number): DroppedOf {
  const words = new Map<number, { readonly drawn: number[]; readonly more: Generator<number, never> }>();
  return (sample) => (number, index) => {
    const own = words.get(number) ?? { drawn: [], more: randomWords([seed, a, b, (c ^ number) >>> 0], batch) };
    words.set(number, own);
    const i = sample * valuesOfSample(number) + index;
    while (own.drawn.length <= i) own.drawn.push(own.more.next().value);
    return (own.drawn[i] ?? 0) < rate(number) * 2 ** 32 ? 0 : 1 / (1 - rate(number));
  };
}

export interface OracleState {
  parameters: Float64Array;
  first: Float64Array;
  second: Float64Array;
  steps: number;
}

export const freshState = (parameters: Float64Array): OracleState => ({ parameters, first: parameters.map(() => 0), second: parameters.map(() => 0), steps: 0 });

/** One pass over the origins; returns the mean loss, and changes the state. `dropOf`: dropout of a batch. */
export function epochOracle(problem: TrainingProblem, state: OracleState, { origins, batchSize, learningRate, clipNorm }: EpochRequest, dropOf: (batch: number) => DroppedOf = () => nothing): number {
  let total = 0;
  for (let from = 0; from < origins.length; from += batchSize) {
    const batch = origins.subarray(from, from + batchSize);
    const drop = dropOf(from / batchSize);
    total += batch.length * lossOracle(problem, state.parameters, batch, drop);
    const raw = gradientOracle(problem, state.parameters, batch, drop);
    const norm = Math.hypot(...raw);
    const gradient = clipNorm > 0 && norm > clipNorm ? raw.map((value) => (value * clipNorm) / norm) : raw;
    state.steps += 1;
    state.first = state.first.map((value, i) => 0.9 * value + 0.1 * (gradient[i] ?? 0));
    state.second = state.second.map((value, i) => 0.999 * value + 0.001 * (gradient[i] ?? 0) ** 2);
    const unbiased = (value: number, decay: number): number => value / (1 - decay ** state.steps);
    state.parameters = state.parameters.map((value, i) => value - (learningRate * unbiased(state.first[i] ?? 0, 0.9)) / (Math.sqrt(unbiased(state.second[i] ?? 0, 0.999)) + 1e-8));
  }
  return total / origins.length;
}
