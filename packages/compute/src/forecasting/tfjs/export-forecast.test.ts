import type { TrainedDocument } from '@corrente/shared/contract/analyses/forecast';
import { tfjsArtifacts, type TfjsDocument } from '@corrente/shared/tfjs/export-model';
import { beforeAll, expect, test } from 'vitest';
import type { TrainingWindows } from '../../engine/contract.trainer.ts';
import { exportedForecast } from './export-forecast.ts';
import { loadTfjs, type Tfjs, useBackend } from './load-tfjs.ts';
import { openTfjsTrainer } from './open.ts';
import { gatherInputs } from './window-batches.ts';

const [lookback, horizon] = [6, 2];
const options = { precision: 'f32' } as const;

let tfjs: Tfjs;
beforeAll(async () => {
  tfjs = await loadTfjs();
});

const document = (changed: Partial<TrainedDocument>): TrainedDocument => ({ format: 'corrente-model', version: 1, analysis: 'forecast', kind: 'trained', model: 'tfjs', horizon, series: ['a', 'b'], coverage: 0.9, widths: new Float64Array(4), mode: 'channel-independent', lookback, exogenous: ['c'], mean: [1, 2, 3], deviation: [1, 1, 2], layered: null, topology: null, loss: 'mse', parameters: new Float32Array(0), epoch: 1, validationLoss: 0.5, ...changed });

/** As a file is read, with lists that TensorFlow.js may change. */
async function forecastOf(exported: TfjsDocument, inputs: Float32Array, samples: number): Promise<number[]> {
  const { core, layers } = tfjs;
  await useBackend(tfjs, tfjs.backends[0] ?? 'cpu');
  const file = JSON.parse(JSON.stringify(exported), (key, value: unknown) => (key === 'weightData' ? tfjsArtifacts(exported).weightData : value));
  const model = await layers.loadLayersModel(core.io.fromMemory(file));
  try {
    return core.tidy(() => {
      const made = model.predict(core.tensor(inputs, [samples, lookback, 2]));
      return Array.isArray(made) ? [] : Array.from(made.dataSync());
    });
  } finally {
    model.dispose();
  }
}

test('layers that a person brought are exported with their trained weights', async () => {
  const topology = { layers: [{ type: 'batchNormalization' }, { type: 'bidirectional', layer: { type: 'lstm', units: 3 } }, { type: 'dense', units: horizon }] };
  const length = 24;
  const columns = { values: Float64Array.from({ length: 3 * length }, (_, i) => Math.sin(i / 3) + (i % 5) / 5), series: 3, length, stride: length };
  const windows: TrainingWindows = { columns, horizon, groups: [0, 1].map((target) => ({ inputs: Int32Array.of(target, 2), targets: Int32Array.of(target) })) };
  const origins = Int32Array.from({ length: 16 }, (_, k) => lookback + k);
  const session = await openTfjsTrainer(windows, topology, { steps: lookback, loss: 'mse', learningRate: 0.01, seed: 4, memoryLimit: 2 ** 26, batchSize: 8, log: () => {} }, options);
  try {
    await session.epoch({ origins, batchSize: 8, learningRate: 0.01, clipNorm: 0, stream: [4, 0, 0, 0] }, options);
    const wanted = await session.forecast(origins, options);
    const exported = await exportedForecast(document({ topology, parameters: Float32Array.from(session.parameters()) }));
    expect(exported.userDefinedMetadata).toMatchObject({ series: ['a', 'b'], mean: [1, 2, 3], deviation: [1, 1, 2], lookback, horizon });
    const made = await forecastOf(exported, gatherInputs(windows, lookback, origins), 32);
    expect(made).toHaveLength(wanted.length);
    expect(Math.max(...made.map((value, i) => Math.abs(value - (wanted[i] ?? Number.NaN))))).toBeLessThan(1e-6);
  } finally {
    session.close();
  }
});

test('a built-in model takes the features of one group', async () => {
  const layered = { steps: lookback, features: 2, anchored: true, layers: [{ kind: 'flatten' }, { kind: 'dense', units: horizon, activation: 'linear' }] } as const;
  const exported = await exportedForecast(document({ model: 'nlinear', layered: { ...layered, layers: [...layered.layers] }, parameters: new Float64Array(lookback * 2 * horizon + horizon) }));
  expect(await forecastOf(exported, Float32Array.from({ length: lookback * 2 }, (_, i) => i), 1)).toEqual([10, 10]);
});

test('a model without layers cannot be exported', async () => {
  const { format, version, analysis, series, coverage, widths } = document({});
  await expect(exportedForecast({ format, version, analysis, horizon, series, coverage, widths, kind: 'classical', model: 'theta', fits: [], first: '0' })).rejects.toMatchObject({ code: 'unsuitable-result', message: expect.stringContaining('theta') });
});
