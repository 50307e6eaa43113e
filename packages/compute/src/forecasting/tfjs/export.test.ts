import { initialParameters, type Layer, type LayeredModel, parameterCount } from '@corrente/shared/portable/trainer/layers';
import { randomWords } from '@corrente/shared/portable/random';
import { PortableTrainer } from '@corrente/shared/portable/trainer/trainer';
import { tfjsArtifacts, tfjsModelOf } from '@corrente/shared/tfjs/export-model';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TrainingWindows } from '../../engine/contract.trainer.ts';
import { loadTfjs, type Tfjs, useBackend } from './load-tfjs.ts';
import { gatherInputs } from './window-batches.ts';

const [steps, horizon] = [11, 3];

function windows(): TrainingWindows {
  const words = randomWords([3, 1, 4, 1], 0);
  const [series, length] = [4, 30];
  const values = Float64Array.from({ length: series * length }, () => words.next().value / 2 ** 30 - 2);
  return { columns: { values, series, length, stride: length }, horizon, groups: [{ inputs: Int32Array.of(0, 2, 3), targets: Int32Array.of(0, 2) }, { inputs: Int32Array.of(1, 0, 3), targets: Int32Array.of(1, 0) }] };
}

const head: Layer = { kind: 'dense', units: 2 * horizon, activation: 'linear' };
const chains: Record<string, Layer[]> = {
  'linear, nlinear': [{ kind: 'flatten' }, head],
  dlinear: [{ kind: 'decompose', window: 5 }, { kind: 'flatten' }, head],
  'dlinear with a window longer than the look-back': [{ kind: 'decompose', window: 25 }, { kind: 'flatten' }, head],
  'a chain of linear layers': [{ kind: 'dense', units: 4, activation: 'linear' }, { kind: 'dropout', rate: 0.2 }, { kind: 'flatten' }, { kind: 'dense', units: 5, activation: 'linear' }, head],
  'linear over the last step': [{ kind: 'last' }, head],
  mlp: [{ kind: 'flatten' }, { kind: 'dense', units: 7, activation: 'relu' }, { kind: 'dropout', rate: 0.1 }, { kind: 'dense', units: 6, activation: 'tanh' }, head],
  'mlp of remainder and trend': [{ kind: 'decompose', window: 5 }, { kind: 'flatten' }, { kind: 'dense', units: 7, activation: 'sigmoid' }, head],
  lstm: [{ kind: 'lstm', units: 5, sequences: true }, { kind: 'dropout', rate: 0.1 }, { kind: 'lstm', units: 4, sequences: false }, head],
  'lstm after flatten': [{ kind: 'flatten' }, { kind: 'lstm', units: 4, sequences: true }, head],
  gru: [{ kind: 'gru', units: 5, sequences: true }, { kind: 'gru', units: 4, sequences: false }, head],
  tcn: [1, 2, 4].map((dilation): Layer => ({ kind: 'tcn', filters: 5, kernel: 3, dilation, dropout: 0.1 })).concat([{ kind: 'last' }, head]),
  'tcn that flattens': [{ kind: 'tcn', filters: 3, kernel: 2, dilation: 1, dropout: 0 }, { kind: 'flatten' }, head],
};

let tfjs: Tfjs;
beforeAll(async () => {
  tfjs = await loadTfjs();
});

describe('TensorFlow.js foretells what the trainer does', () => {
  const cases = Object.entries(chains).flatMap(([name, layers]) => [false, true].map((anchored): [string, LayeredModel] => [anchored ? `${name}, anchored` : name, { steps, features: 3, anchored, layers }]));
  test.each(cases)('%s', async (_, model) => {
    const given = windows();
    // Larger weights than one begins with, so that gates and activations leave their linear range.
    const parameters = initialParameters(model, [9, 0, 0, 0]).map((value) => 2 * value);
    const origins = Int32Array.from({ length: 15 }, (__, k) => steps + k);
    const wanted = await new PortableTrainer(given, model, 'mse', parameters, false).forecast(origins, {});

    const document = tfjsModelOf(model, parameters, { targets: 2, name: 'exported', metadata: null });
    const { core, layers } = tfjs;
    await useBackend(tfjs, tfjs.backends[0] ?? 'cpu');
    // Through text and back, as a file is.
    const loaded = await layers.loadLayersModel(core.io.fromMemory(artifacts(JSON.parse(JSON.stringify(document)))));
    const made = core.tidy(() => {
      const predicted = loaded.predict(core.tensor(gatherInputs(given, steps, origins), [30, steps, 3]));
      return Array.isArray(predicted) ? [] : Array.from(predicted.dataSync());
    });
    loaded.dispose();
    expect(made).toHaveLength(wanted.length);
    expect(made.every(Number.isFinite)).toBe(true);
    expect(Math.max(...made.map((value, i) => Math.abs(value - (wanted[i] ?? Number.NaN)) / Math.max(1, Math.abs(wanted[i] ?? 0))))).toBeLessThan(1e-5);
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.1);
  });
});

/** What fromMemory takes, with lists that it may change. */
function artifacts(document: Parameters<typeof tfjsArtifacts>[0]): Parameters<Tfjs['core']['io']['fromMemory']>[0] {
  return JSON.parse(JSON.stringify(document), (key, value: unknown) => (key === 'weightData' ? tfjsArtifacts(document).weightData : value));
}

test('a linear model is one dense layer over the flattened window', () => {
  const model: LayeredModel = { steps, features: 1, anchored: true, layers: [{ kind: 'decompose', window: 5 }, { kind: 'flatten' }, { kind: 'dense', units: horizon, activation: 'linear' }] };
  const { weightSpecs, modelTopology } = tfjsModelOf(model, new Float64Array(parameterCount(model)), { targets: 1, name: 'd', metadata: { horizon } });
  expect(weightSpecs.map(({ shape }) => shape)).toEqual([[steps, horizon], [horizon]]);
  expect(JSON.stringify(modelTopology)).not.toContain('Add');
});

test('an anchored model whose weights are all 0 repeats the last value', async () => {
  const model: LayeredModel = { steps, features: 3, anchored: true, layers: chains['tcn'] ?? [] };
  const document = tfjsModelOf(model, new Float64Array(parameterCount(model)), { targets: 2, name: 'still', metadata: null });
  const { core, layers } = tfjs;
  const loaded = await layers.loadLayersModel(core.io.fromMemory(artifacts(document)));
  const made = core.tidy(() => {
    const predicted = loaded.predict(core.tensor(Float32Array.from({ length: steps * 3 }, (_, i) => i), [1, steps, 3]));
    return Array.isArray(predicted) ? [] : Array.from(predicted.dataSync());
  });
  loaded.dispose();
  expect(made).toEqual([30, 30, 30, 31, 31, 31]);
});
