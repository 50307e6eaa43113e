/** What the forecast analysis trains: a session of an engine, or one of TensorFlow.js that keeps the same contract. */
import type { OpOptions } from '../engine/contract.ts';
import type { TrainerSession, TrainingLoss, TrainingWindows } from '../engine/contract.trainer.ts';

export { tfjsMemory } from '@corrente/shared/contract/analyses/forecast';

export interface TfjsTrainerRequest {
  /** The look-back: the model's input is [steps × features of a group]. */
  readonly steps: number;
  readonly loss: TrainingLoss;
  /** Of the first epoch; every `EpochRequest` names its own. */
  readonly learningRate: number;
  /** Of initial weights that the layers JSON does not seed itself. */
  readonly seed: number;
  /** Bytes that weights, their moments and the activations of one batch of `batchSize` origins may take. */
  readonly memoryLimit: number;
  readonly batchSize: number;
  /** Says what a person should know, such as the backend that trains. */
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * A session that trains a Keras-style model given as layers JSON, with the contract of `TrainerSession`. Its output has
 * targets · horizon values: the forecasts of the first target, step by step, then of the second. Throws `model-invalid`
 * and `model-too-large` before anything is trained. Its parameters are the trainable weights in the model's order.
 */
export type OpenTfjsTrainer = (windows: TrainingWindows, layersJson: unknown, request: TfjsTrainerRequest, options: OpOptions) => Promise<TrainerSession>;
