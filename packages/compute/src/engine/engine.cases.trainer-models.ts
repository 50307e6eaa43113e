/** Small models, windows and sessions for the cases of training. */
import type { Precision } from '@corrente/shared/contract/engine';
import { initialParameters, type Layer, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { assertClose } from '../../test/oracle/compare.ts';
import type { TrainingProblem } from '../../test/oracle/trainer.ts';
import { gaussianColumns } from '../../test/series/columns.ts';
import type { Engine, RandomStream } from './contract.ts';
import type { EpochRequest, TrainerSession, TrainingLoss } from './contract.trainer.ts';

export interface ProblemShape {
  readonly steps: number;
  /** Features of a group; the first `targets` of them are the targets. */
  readonly features: number;
  readonly targets: number;
  readonly groups: number;
  readonly horizon: number;
  readonly anchored?: boolean;
  readonly loss?: TrainingLoss;
  readonly length?: number;
}

export const stream: RandomStream = [11, 22, 33, 44];

/** Layers over windows of gaussian series; every group has series of its own, the last one's first. */
export function problemOf(layers: readonly Layer[], { steps, features, targets, groups, horizon, anchored = false, loss = 'mse', length = 60 }: ProblemShape): TrainingProblem {
  const columns = gaussianColumns(groups * features, length, { seed: 301, padding: 3 });
  const windows = {
    columns,
    horizon,
    groups: Array.from({ length: groups }, (_, g) => {
      const inputs = Int32Array.from({ length: features }, (_unused, f) => (groups - 1 - g) * features + f);
      return { inputs, targets: inputs.slice(0, targets) };
    }),
  };
  return { windows, model: { steps, features, anchored, layers }, loss };
}

/** The layers, and a dense one on top that makes what the windows foretell. */
export const withOutputs = (layers: readonly Layer[], { targets, horizon }: ProblemShape): Layer[] => [...layers, { kind: 'dense', units: targets * horizon, activation: 'linear' }];

export const parametersOf = (model: LayeredModel): Float64Array<ArrayBuffer> => initialParameters(model, stream);

/** As an engine holds them. */
export const rounded = (values: Float64Array, precision: Precision): Float64Array => (precision === 'f32' ? values.map(Math.fround) : values);

/** Every `every`-th row of the windows that have both look-back and horizon. */
export function originsOf({ windows, model }: TrainingProblem, every = 1): Int32Array<ArrayBuffer> {
  const count = Math.floor((windows.columns.length - windows.horizon - model.steps) / every) + 1;
  return Int32Array.from({ length: count }, (_, i) => model.steps + i * every);
}

export const epochRequest = (origins: Int32Array, request: Partial<EpochRequest> = {}): EpochRequest => ({ origins, batchSize: 8, learningRate: 0.01, clipNorm: 0, stream, ...request });

/** Opens a session, and closes it after the work. */
export async function withTrainer<T>(engine: Engine, { windows, model, loss }: TrainingProblem, precision: Precision, work: (session: TrainerSession) => Promise<T>, parameters = parametersOf(model)): Promise<T> {
  const session = await engine.openTrainer(windows, { model, loss, parameters }, { precision });
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/** Throws where a value is farther off than `share` of the largest one expected. */
export function assertNear(what: string, got: ArrayLike<number>, expected: ArrayLike<number>, share: number): void {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i] ?? 0));
  assertClose(got, expected, { tolerance: () => share * largest, place: (i) => `${what}, value ${i} of ${expected.length}` });
}
