/** What a forecast takes where a person set nothing: worked out from the model and the number of training rows. */
import type { ForecastParams, TrainedModelName } from './params.ts';

const networks: ReadonlySet<string> = new Set<TrainedModelName>(['mlp', 'lstm', 'gru', 'tcn', 'tfjs']);
const recurrent: ReadonlySet<string> = new Set<TrainedModelName>(['lstm', 'gru', 'tcn']);

/** Parameters of training, each with a value. */
export interface TrainingSettings {
  readonly lookback: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly patience: number;
  readonly clipNorm: number;
  readonly layers: number;
  readonly anchored: boolean;
}

/** Steps of the optimiser that an epoch should have; with fewer there are smaller batches, then more epochs. */
const stepsPerEpoch = { batches: 16, epochs: 200 } as const;
const mostEpochs = 200;

/** Look-back of a trained model: 336 rows (96 for lstm, gru and tcn), at most a third of what training can spare. */
export function lookbackOf({ model, horizon, lookback }: ForecastParams, trainRows: number): number {
  const usual = recurrent.has(model) ? 96 : 336;
  return lookback ?? Math.max(1, Math.min(usual, Math.floor((trainRows - horizon) / 3)));
}

/** Blocks of a TCN with kernel 3 and dilations 1, 2, 4, … that see `lookback` rows, at most 8. */
function tcnBlocks(lookback: number): number {
  return Math.max(1, Math.min(8, Math.ceil(Math.log2((lookback - 1) / 4 + 1))));
}

/** dlinear moves two weights for each row, of the trend and of the remainder: half of what the other linear models take. */
function usualLearningRate(model: ForecastParams['model']): number {
  if (networks.has(model)) return 0.001;
  return model === 'dlinear' ? 0.0025 : 0.005;
}

/** Every setting of training on `trainRows` rows. */
export function trainingSettings(params: ForecastParams, trainRows: number): TrainingSettings {
  const { model, horizon } = params;
  const lookback = lookbackOf(params, trainRows);
  const windows = Math.max(1, trainRows - lookback - horizon + 1);
  const batchSize = params.batchSize ?? Math.max(4, Math.min(32, 2 ** Math.floor(Math.log2(Math.max(1, windows / stepsPerEpoch.batches)))));
  const steps = Math.ceil(windows / batchSize);
  const epochs = params.epochs ?? Math.min(mostEpochs, Math.max(10, Math.ceil((10 * stepsPerEpoch.epochs) / steps)));
  const network = networks.has(model);
  return {
    lookback,
    batchSize,
    epochs,
    learningRate: params.learningRate ?? usualLearningRate(model),
    learningRateDecay: params.learningRateDecay ?? (network ? 0.1 : 0.5 ** 10) ** (1 / epochs),
    patience: params.patience ?? Math.max(3, Math.ceil(epochs / 2)),
    clipNorm: params.clipNorm ?? (recurrent.has(model) ? 1 : 0),
    layers: params.layers ?? (model === 'tcn' ? tcnBlocks(lookback) : 1),
    anchored: params.anchor ?? (network || model === 'nlinear'),
  };
}
