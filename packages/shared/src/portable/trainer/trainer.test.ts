import { describe, expect, it } from 'vitest';
import type { Block } from '../block.ts';
import { philox, randomWords, type RandomStream } from '../random.ts';
import { initialParameters, parameterCount, type Layer, type LayeredModel } from './layers.ts';
import type { TrainingLoss } from './loss.ts';
import { PortableTrainer } from './trainer.ts';
import type { TrainingWindows } from './windows.ts';

const stream: RandomStream = [7, 1, 2, 3];
const units = (n: number): Layer => ({ kind: 'dense', units: n, activation: 'linear' });

/** Values in ±1, drawn from a seed. */
function block(series: number, length: number): Block {
  const values = new Float64Array(series * length);
  for (let i = 0; i < values.length; i++) values[i] = philox([i, 0, 0, 0], [5, 0])[0] / 2 ** 31 - 1;
  return { values, series, length, stride: length };
}

interface Setting {
  readonly layers: readonly Layer[];
  readonly anchored?: boolean;
  readonly loss?: TrainingLoss;
  readonly joint?: boolean;
  readonly steps?: number;
}

const horizon = 2;
const series = 3;

/** Each of three series a group with a feature more, or all of them one group. */
function windowsOf(joint: boolean): TrainingWindows {
  const all = Int32Array.from({ length: series }, (_, s) => s);
  const groups = joint ? [{ inputs: all, targets: all.subarray(0, 2) }] : [...all].map((s) => ({ inputs: Int32Array.of(s, (s + 1) % series), targets: Int32Array.of(s) }));
  return { columns: block(series, 40), horizon, groups };
}

function trainerOf({ layers, anchored = false, loss = 'mse', joint = false, steps = 5 }: Setting, single = false): { trainer: PortableTrainer; model: LayeredModel; parameters: Float64Array } {
  const model = { steps, features: joint ? 3 : 2, anchored, layers };
  const parameters = initialParameters(model, stream);
  return { trainer: new PortableTrainer(windowsOf(joint), model, loss, parameters, single), model, parameters };
}

const out = (joint = false): Layer => units(joint ? 4 : 2);

const settings: ReadonlyArray<[string, Setting]> = [
  ['dense of every activation', { layers: [{ kind: 'flatten' }, ...(['tanh', 'sigmoid', 'relu'] as const).map((activation): Layer => ({ kind: 'dense', units: 7, activation })), out()] }],
  ['dense at each step, then flatten', { layers: [{ kind: 'dense', units: 3, activation: 'tanh' }, { kind: 'flatten' }, out()], loss: 'huber' }],
  ['decompose, anchored and joint', { layers: [{ kind: 'decompose', window: 3 }, { kind: 'flatten' }, out(true)], anchored: true, joint: true }],
  ['lstm', { layers: [{ kind: 'lstm', units: 3, sequences: false }, out()], loss: 'mae' }],
  ['lstm on lstm', { layers: [{ kind: 'lstm', units: 5, sequences: true }, { kind: 'lstm', units: 3, sequences: true }, { kind: 'last' }, out(true)], joint: true }],
  ['gru', { layers: [{ kind: 'gru', units: 3, sequences: false }, out()], anchored: true }],
  ['gru on gru', { layers: [{ kind: 'gru', units: 5, sequences: true }, { kind: 'gru', units: 3, sequences: true }, { kind: 'flatten' }, out()] }],
  ['tcn on tcn', { layers: [{ kind: 'tcn', filters: 4, kernel: 3, dilation: 1, dropout: 0 }, { kind: 'tcn', filters: 4, kernel: 2, dilation: 3, dropout: 0 }, { kind: 'last' }, out()] }],
  ['one step alone', { layers: [{ kind: 'gru', units: 4, sequences: true }, { kind: 'lstm', units: 2, sequences: false }, out()], steps: 1 }],
];

describe('PortableTrainer', () => {
  it.each(settings)('finds the gradient that finite differences find: %s', async (_, setting) => {
    const { trainer, parameters } = trainerOf(setting);
    // More samples than a slab takes.
    const origins = Int32Array.from({ length: 33 }, (__, i) => 5 + i);
    const { loss, gradient } = await trainer.gradient(origins, {});
    expect(loss).toBeGreaterThan(0);
    const width = 1e-7; // so narrow that no relu turns within it
    const lossAt = async (i: number, by: number): Promise<number> => {
      const moved = parameters.slice();
      moved[i] = (moved[i] ?? 0) + by;
      trainer.setParameters(moved);
      return (await trainer.gradient(origins, {})).loss;
    };
    for (let i = 0; i < parameters.length; i += Math.max(1, Math.floor(parameters.length / 40))) {
      const difference = ((await lossAt(i, width)) - (await lossAt(i, -width))) / (2 * width);
      expect(Math.abs((gradient[i] ?? Number.NaN) - difference), `parameter ${i}: ${gradient[i]}, by differences ${difference}`).toBeLessThan(2e-8);
    }
  });

  it('drops the values that the stream names, at every cut of the batch', async () => {
    const rate = 0.3;
    const steps = 2;
    const identity: Layer = { kind: 'dense', units: 4, activation: 'linear' };
    const model: LayeredModel = { steps, features: 2, anchored: false, layers: [{ kind: 'dropout', rate: 0.5 }, { kind: 'flatten' }, { kind: 'dropout', rate }, identity] };
    const columns = block(2, 200);
    const origins = Int32Array.from({ length: 90 }, (_, i) => 2 + i);
    const windows = { columns, horizon: 4, groups: [{ inputs: Int32Array.of(0, 1), targets: Int32Array.of(0) }] };
    const parameters = new Float64Array(parameterCount(model));
    for (let i = 0; i < 4; i++) parameters[5 * i] = 1;
    const trainer = new PortableTrainer(windows, model, 'mse', parameters, false);
    const loss = await trainer.epoch({ origins, batchSize: 50, learningRate: 0, clipNorm: 0, stream }, {});
    let expected = 0;
    for (let batch = 0; batch < 2; batch++) {
      const words = [0, 1].map((number) => randomWords([stream[0], stream[1], stream[2], stream[3] ^ number], batch));
      for (const origin of origins.subarray(50 * batch, 50 * batch + 50)) {
        for (let i = 0; i < 4; i++) {
          const factors = [0.5, rate].map((one, number) => ((words[number]?.next().value ?? 0) < one * 2 ** 32 ? 0 : 1 / (1 - one)));
          const value = (columns.values[(i % 2) * 200 + origin - 2 + (i >> 1)] ?? 0) * (factors[0] ?? 0) * (factors[1] ?? 0);
          expected += (value - (columns.values[origin + i] ?? 0)) ** 2 / (origins.length * 4);
        }
      }
    }
    expect(loss).toBeCloseTo(expected, 12);
  });

  it('goes on bit for bit from a state, and with the same seed ends at the same bits', async () => {
    const setting: Setting = { layers: [{ kind: 'tcn', filters: 3, kernel: 2, dilation: 1, dropout: 0.2 }, { kind: 'lstm', units: 4, sequences: false }, out()] };
    const origins = Int32Array.from({ length: 30 }, (_, i) => 5 + i);
    for (const single of [false, true]) {
      const request = (epoch: number) => ({ origins, batchSize: 7, learningRate: 0.01, clipNorm: 0.05, stream: [7, epoch, 0, 0] as const });
      const { trainer } = trainerOf(setting, single);
      const losses = [await trainer.epoch(request(0), {})];
      const state = trainer.state();
      losses.push(await trainer.epoch(request(1), {}));
      const { trainer: other } = trainerOf(setting, single);
      other.restore(state);
      expect(await other.epoch(request(1), {})).toBe(losses[1]);
      expect(other.parameters()).toEqual(trainer.parameters());
      expect(losses[1]).not.toBe(losses[0]);
    }
  });

  it('clips a gradient to its norm and no further', async () => {
    const { trainer: free, parameters } = trainerOf({ layers: [{ kind: 'flatten' }, out()] });
    const { trainer: clipped } = trainerOf({ layers: [{ kind: 'flatten' }, out()] });
    const origins = Int32Array.of(5, 6, 7);
    const { gradient } = await free.gradient(origins, {});
    const norm = Math.hypot(...gradient);
    const request = { origins, batchSize: 3, learningRate: 0.1, stream };
    await free.epoch({ ...request, clipNorm: 2 * norm }, {});
    await clipped.epoch({ ...request, clipNorm: norm / 10 }, {});
    const moments = (trainer: PortableTrainer): number[] => [...trainer.state().subarray(parameters.length, 2 * parameters.length)];
    expect(Math.hypot(...moments(free))).toBeCloseTo(0.1 * norm, 12);
    expect(Math.hypot(...moments(clipped))).toBeCloseTo(0.01 * norm, 12);
  });

  it('learns what follows from its inputs, and its forecasts then have small errors', async () => {
    const columns = block(1, 300);
    for (let t = 0; t < 300; t++) columns.values[t] = Math.cos(0.3 * t);
    const model: LayeredModel = { steps: 4, features: 1, anchored: true, layers: [{ kind: 'flatten' }, units(2)] };
    const windows = { columns, horizon: 2, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] };
    const trainer = new PortableTrainer(windows, model, 'mse', initialParameters(model, stream), false);
    const origins = Int32Array.from({ length: 290 }, (_, i) => 6 + i);
    for (let epoch = 0; epoch < 150; epoch++) await trainer.epoch({ origins, batchSize: 29, learningRate: 0.01, clipNorm: 0, stream }, {});
    const { squared, absolute } = await trainer.errors(origins, {});
    const forecast = await trainer.forecast(Int32Array.of(300), {});
    expect(forecast).toHaveLength(2);
    expect([...forecast]).toEqual([expect.closeTo(Math.cos(90), 1), expect.closeTo(Math.cos(90.3), 1)]);
    expect(Math.max(...squared) / 290).toBeLessThan(1e-2);
    expect(Math.min(...absolute)).toBeGreaterThan(0);
  });

  it('stops an epoch whose loss is not finite, and says NaN', async () => {
    const { trainer, parameters } = trainerOf({ layers: [{ kind: 'flatten' }, out()] });
    trainer.setParameters(parameters.map(() => 1e200));
    const before = trainer.parameters();
    expect(await trainer.epoch({ origins: Int32Array.of(5, 6), batchSize: 1, learningRate: 0.1, clipNorm: 0, stream }, {})).toBeNaN();
    expect(trainer.parameters()).toEqual(before);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a model whose last layer does not make the horizon', () => trainerOf({ layers: [{ kind: 'flatten' }, units(3)] }), /makes 1 × 3 values, expected 1 × 2/],
    ['decompose after another layer', () => trainerOf({ layers: [units(2), { kind: 'decompose', window: 3 }, { kind: 'flatten' }, out()] }), /expected it to be the first/],
    ['an even window', () => trainerOf({ layers: [{ kind: 'decompose', window: 4 }, { kind: 'flatten' }, out()] }), /expected an odd number/],
    ['a layer of no units', () => trainerOf({ layers: [{ kind: 'lstm', units: 0, sequences: false }, out()] }), /units is 0/],
    ['a rate of 1', () => trainerOf({ layers: [{ kind: 'dropout', rate: 1 }, { kind: 'flatten' }, out()] }), /rate is 1/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('refuses an origin whose look-back or horizon leaves the series, but forecasts from its end', async () => {
    const { trainer } = trainerOf({ layers: [{ kind: 'flatten' }, out()] });
    await expect(trainer.errors(Int32Array.of(4), {})).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('origin 0 is 4, expected 5 to 38') });
    await expect(trainer.errors(Int32Array.of(5, 39), {})).rejects.toMatchObject({ code: 'internal' });
    expect(await trainer.forecast(Int32Array.of(40), {})).toHaveLength(6);
  });
});
