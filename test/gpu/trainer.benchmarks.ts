/** How fast models are trained: an LSTM in small and large batches, and a linear model over windows of many series. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Precision } from '@corrente/shared/contract/engine';
import { initialParameters, type Layer, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import type { WindowGroup } from '../../packages/compute/src/engine/contract.trainer.ts';
import { type Benchmark, noise, wordBytes } from './benchmarks.ts';

interface Training {
  readonly name: string;
  readonly model: LayeredModel;
  readonly horizon: number;
  readonly groups: readonly WindowGroup[];
  readonly series: number;
  readonly origins: number;
  readonly batch: number;
  /** Multiplications of a sample forwards, and values that its layers make. */
  readonly products: number;
  readonly values: number;
}

/** One epoch, the session's opening included; what is estimated are samples. */
function epoch({ name, model, horizon, groups, series, origins, batch, products, values }: Training, precision: Precision, runs: number): Benchmark {
  const samples = origins * groups.length;
  return {
    name: `training: ${name}, batches of ${batch}, an epoch of ${samples} samples`,
    precision,
    runs,
    columns: () => noise(series, origins + model.steps + horizon),
    run: async (engine, columns) => {
      const session = await engine.openTrainer({ columns, horizon, groups }, { model, loss: 'mse', parameters: initialParameters(model, [1, 0, 0, 0]) }, { precision });
      try {
        const all = Int32Array.from({ length: origins }, (_, i) => model.steps + i);
        await session.epoch({ origins: all, batchSize: batch, learningRate: 1e-3, clipNorm: 0, stream: [1, 0, 0, 0] }, { precision });
      } finally {
        session.close();
      }
      return samples;
    },
    // The way back takes two products for each one forwards.
    operations: 6 * products * samples,
    busBytes: 8 * series * (origins + model.steps + horizon),
    // What the layers make is written once, and read once on the way back.
    memoryBytes: 2 * values * samples * wordBytes(precision),
  };
}

const line = (features: number): WindowGroup => ({ inputs: Int32Array.from({ length: features }, (_, f) => f), targets: Int32Array.of(0) });

function lstm(units: number, steps: number, features: number, batch: number, origins: number): Training {
  const layers: readonly Layer[] = [{ kind: 'lstm', units, sequences: false }, { kind: 'dense', units: 1, activation: 'linear' }];
  return {
    name: `LSTM of ${units} units on sequences of ${steps} × ${features}`,
    model: { steps, features, anchored: false, layers },
    horizon: 1,
    groups: [line(features)],
    series: features,
    origins,
    batch,
    products: steps * 4 * units * (features + units),
    values: steps * 6 * units,
  };
}

/** NLinear (Zeng et al. 2023) on the shape of ETTh1: 7 series, each its own group. */
const nlinear: Training = {
  name: 'NLinear 336 to 96 on 7 series',
  model: { steps: 336, features: 1, anchored: true, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 96, activation: 'linear' }] },
  horizon: 96,
  groups: Array.from({ length: 7 }, (_, s) => ({ inputs: Int32Array.of(s), targets: Int32Array.of(s) })),
  series: 7,
  origins: 8209,
  batch: 32,
  products: 336 * 96,
  values: 336 + 2 * 96,
};

export const trainerBenchmarks: readonly Benchmark[] = [
  epoch(lstm(32, 60, 8, 64, 64 * 200), 'f32', 5),
  epoch(lstm(32, 60, 8, 64, 64 * 200), 'f64', 5),
  epoch(lstm(32, 60, 8, 1024, 1024 * 50), 'f32', 5),
  epoch(lstm(128, 60, 8, 1024, 1024 * 20), 'f32', 5),
  epoch(nlinear, 'f32', 5),
];

/** What PyTorch takes for the same LSTM on the device, as its script beside this file says it; or why there is nothing to say. */
export function torchPeer(folder: string): string {
  try {
    return execFileSync('python3', [join(folder, 'trainer.torch.py')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  } catch (error) {
    return `PyTorch does not answer: ${(error instanceof Error ? error.message : String(error)).split('\n').at(-2) ?? 'no reason given'}`;
  }
}
