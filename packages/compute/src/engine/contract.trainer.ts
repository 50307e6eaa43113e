/** Training a chain of layers on windows of a block of series: what every engine that trains does. */
import type { LayeredModel } from '@corrente/shared/portable/trainer/layers';
import type { TrainingLoss } from '@corrente/shared/portable/trainer/loss';
import type { EpochRequest } from '@corrente/shared/portable/trainer/trainer';
import type { TrainingWindows, WindowGroup } from '@corrente/shared/portable/trainer/windows';
import type { OpOptions, Reals } from './contract.ts';

export type { EpochRequest, TrainingLoss, TrainingWindows, WindowGroup };

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
