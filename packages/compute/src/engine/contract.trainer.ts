/** Training a chain of layers on windows of a block of series: what every engine that trains does. */
import type { LayeredModel } from '@corrente/shared/portable/trainer/layers';
import type { RandomStream } from '@corrente/shared/portable/random';
import type { Columns, OpOptions, Reals } from './contract.ts';

/**
 * Samples lie in the block itself, and are never copied out as a whole. The sample with origin t reads rows
 * [t - steps, t) and is to foretell rows [t, t + horizon). Scaling is the caller's.
 */
export interface TrainingWindows {
  /** No value is missing in a row that a sample reads. Stays as it is until the session is closed. */
  readonly columns: Columns;
  readonly horizon: number;
  /**
   * A model with shared weights passes over every group of every origin: channel-independent, each series is a group;
   * joint, there is one group of all. All groups have equally many inputs and targets.
   */
  readonly groups: readonly WindowGroup[];
}

export interface WindowGroup {
  /** The series that the model's features are, [features]; the first `targets.length` of them are the targets. */
  readonly inputs: Int32Array;
  /** The series that are foretold, [targets]. */
  readonly targets: Int32Array;
}

/** Of the difference between forecast and target, averaged over all values. huber: quadratic to 1, linear beyond. */
export type TrainingLoss = 'mse' | 'mae' | 'huber';

export interface EpochRequest {
  /** Origins in the order in which they are taken. */
  readonly origins: Int32Array;
  /** Origins of one step of the optimiser, each with all its groups; the last batch may be smaller. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** The gradient is scaled down to this Euclidean norm where it is longer; 0: never. */
  readonly clipNorm: number;
  /** What dropout draws from; batch b of the epoch takes draw b. */
  readonly stream: RandomStream;
}

/** Sums over all origins, each [groups × targets × horizon]. */
export interface ForecastErrors {
  readonly squared: Float64Array<ArrayBuffer>;
  readonly absolute: Float64Array<ArrayBuffer>;
}

/**
 * A model, its optimiser (Adam: Kingma and Ba 2015, β₁ 0.9, β₂ 0.999, ε 1e-8) and its windows. Same windows, parameters
 * and requests: the same bits, whatever the number of threads.
 */
export interface TrainerSession {
  readonly parameterCount: number;
  /** A copy, in the order of `parameterBlocks`. */
  parameters(): Reals;
  /** Replaces them; the optimiser's moments stay as they are. */
  setParameters(values: Reals): void;
  /** Parameters, first and second moments, and the number of steps so far: [3 count + 1]. */
  state(): Reals;
  restore(state: Reals): void;
  /** One pass over the origins; returns the mean loss, that of each batch being taken before its step. */
  epoch(request: EpochRequest, options: OpOptions): Promise<number>;
  /** Without dropout, as `forecast`. */
  errors(origins: Int32Array, options: OpOptions): Promise<ForecastErrors>;
  /** [origins × groups × targets × horizon]. */
  forecast(origins: Int32Array, options: OpOptions): Promise<Reals>;
  /** The mean loss over the origins as one batch, without dropout, and its gradient, [count]. */
  gradient(origins: Int32Array, options: OpOptions): Promise<{ readonly loss: number; readonly gradient: Reals }>;
  close(): void;
}

export interface TrainerRequest {
  readonly model: LayeredModel;
  readonly loss: TrainingLoss;
  /** [parameterCount], such as `initialParameters` gives. */
  readonly parameters: Float64Array;
}
