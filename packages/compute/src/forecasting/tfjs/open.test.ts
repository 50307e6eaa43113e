import { CorrenteError } from '@corrente/shared/contract/errors';
import { permutation, type RandomStream, randomWords } from '@corrente/shared/portable/random';
import { checkLayersJson } from '@corrente/shared/tfjs/model-cost';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpOptions } from '../../engine/contract.ts';
import type { EpochRequest, TrainerSession, TrainingWindows } from '../../engine/contract.trainer.ts';
import type { TfjsTrainerRequest } from '../training.ts';
import { loadTfjs, type Tfjs } from './load-tfjs.ts';
import { openTfjsTrainer } from './open.ts';

const steps = 8;
const horizon = 3;
const options: OpOptions = { precision: 'f32' };

/** Noisy sines in a block whose stride is longer than its rows; what lies between rows is not finite. */
function block(series: number, length: number): TrainingWindows['columns'] {
  const stride = length + 5;
  const values = new Float64Array(series * stride).fill(Number.NaN);
  const words = randomWords([5, 1, 2, 3], 0);
  for (let s = 0; s < series; s++) for (let t = 0; t < length; t++) values[s * stride + t] = Math.sin(t / (2 + s)) + 0.1 * (words.next().value / 2 ** 31 - 1);
  return { values, series, length, stride };
}

const independent: TrainingWindows = { columns: block(3, 80), horizon, groups: [0, 1].map((target) => ({ inputs: Int32Array.of(target, 2), targets: Int32Array.of(target) })) };
const joint: TrainingWindows = { columns: block(3, 80), horizon, groups: [{ inputs: Int32Array.of(2, 0, 1), targets: Int32Array.of(2, 0) }] };

const logged: string[] = [];
const request: TfjsTrainerRequest = { steps, loss: 'mse', learningRate: 0.01, seed: 7, memoryLimit: 2 ** 28, batchSize: 16, log: (level, message) => logged.push(`${level}: ${message}`) };

const stream: RandomStream = [7, 11, 0, 0];
const origins = (from = steps, to = 77): Int32Array => Int32Array.from({ length: to - from }, (_, k) => from + k);
const epochOf = (number: number, changed: Partial<EpochRequest> = {}): EpochRequest => ({ origins: permutation(stream, number, 60).map((place) => place + steps), batchSize: 16, learningRate: 0.01, clipNorm: 1, stream: [7, 12, number, 0], ...changed });

const dense = { type: 'dense', units: horizon };
const lstm = { layers: [{ type: 'lstm', units: 4 }, dense] };
const dropping = { layers: [{ type: 'flatten' }, { type: 'dense', units: 8, activation: 'relu' }, { type: 'dropout', rate: 0.4, seed: 3 }, dense] };

const opened = async (layers: unknown, windows = independent, changed: Partial<TfjsTrainerRequest> = {}): Promise<TrainerSession> => await openTfjsTrainer(windows, layers, { ...request, ...changed }, options);

/** A session that is closed at the end, whatever comes. */
async function using<T>(session: Promise<TrainerSession>, work: (session: TrainerSession) => Promise<T>): Promise<T> {
  const open = await session;
  try {
    return await work(open);
  } finally {
    open.close();
  }
}

let tfjs: Tfjs;
beforeAll(async () => {
  tfjs = await loadTfjs();
});

const layerKinds: Record<string, object[]> = {
  'dense with every activation': [{ type: 'flatten' }, ...['elu', 'selu', 'relu', 'relu6', 'sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh', 'softmax', 'logSoftmax', 'gelu', 'mish', 'swish'].map((activation) => ({ type: 'dense', units: 3, activation })), dense],
  'activations as layers': [{ type: 'activation', activation: 'tanh' }, { type: 'reLU' }, { type: 'leakyReLU' }, { type: 'ELU' }, { type: 'thresholdedReLU', theta: 0.1 }, { type: 'prelu', sharedAxes: [1] }, { type: 'softmax' }, { type: 'flatten' }, dense],
  'noise and dropout': [{ type: 'masking', maskValue: 9 }, { type: 'gaussianNoise', stddev: 0.1 }, { type: 'gaussianDropout', rate: 0.1 }, { type: 'alphaDropout', rate: 0.1 }, { type: 'spatialDropout1d', rate: 0.1 }, { type: 'flatten' }, dense],
  'shapes': [{ type: 'permute', dims: [2, 1] }, { type: 'reshape', targetShape: [4, -1] }, { type: 'flatten' }, { type: 'repeatVector', n: 2 }, { type: 'flatten' }, dense],
  'recurrent layers': [{ type: 'simpleRNN', units: 3, returnSequences: true }, { type: 'gru', units: 3, returnSequences: true, dropout: 0.2 }, { type: 'bidirectional', layer: { type: 'lstm', units: 2, returnSequences: true, recurrentDropout: 0.2 }, mergeMode: 'concat' }, { type: 'lstm', units: 3 }, dense],
  'the same layer at each step': [{ type: 'timeDistributed', layer: { type: 'dense', units: 3 } }, { type: 'globalAveragePooling1d' }, dense],
  'convolutions and pooling': [{ type: 'conv1d', filters: 3, kernelSize: 2, padding: 'same', activation: 'relu' }, { type: 'maxPooling1d', poolSize: 2 }, { type: 'averagePooling1d', poolSize: 2 }, { type: 'globalMaxPooling1d' }, dense],
  'a causal convolution by padding': [{ type: 'reshape', targetShape: [steps, 1, 2] }, { type: 'zeroPadding2d', padding: [[2, 0], [0, 0]] }, { type: 'conv2d', filters: 3, kernelSize: [2, 1] }, { type: 'cropping2d', cropping: [[1, 0], [0, 0]] }, { type: 'flatten' }, dense],
  'normalisation': [{ type: 'batchNormalization' }, { type: 'layerNormalization' }, { type: 'flatten' }, dense],
  'regularisers and constraints': [{ type: 'flatten' }, { type: 'dense', units: horizon, kernelRegularizer: { className: 'L1L2', config: { l1: 0.01, l2: 0.01 } }, kernelConstraint: { className: 'MaxNorm', config: { maxValue: 1 } } }],
};

const merging = {
  class_name: 'Functional',
  config: {
    layers: [
      { name: 'x', class_name: 'InputLayer', config: {}, inbound_nodes: [] },
      { name: 'flat', class_name: 'Flatten', config: {}, inbound_nodes: [[['x', 0, 0]]] },
      ...['a', 'b'].map((name) => ({ name, class_name: 'Dense', config: { units: 4 }, inbound_nodes: [[['flat', 0, 0]]] })),
      ...['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Concatenate', 'Dot'].map((kind) => ({ name: kind.toLowerCase(), class_name: kind, config: kind === 'Dot' ? { axes: 1 } : {}, inbound_nodes: [[['a', 0, 0], ['b', 0, 0]]] })),
      { name: 'all', class_name: 'Concatenate', config: {}, inbound_nodes: [['add', 'multiply', 'average', 'maximum', 'minimum', 'concatenate', 'dot'].map((name) => [name, 0, 0])] },
      { name: 'out', class_name: 'Dense', config: { units: horizon }, inbound_nodes: [[['all', 0, 0]]] },
    ],
    input_layers: [['x', 0, 0]],
    output_layers: [['out', 0, 0]],
  },
};

describe('every layer that is let in is built, trained and used', () => {
  test.each([...Object.entries(layerKinds).map(([name, layers]): [string, object] => [name, { layers }]), ['layers of several inputs', merging]])('%s', async (_, model) => {
    await using(opened(model), async (session) => {
      const before = session.parameters();
      expect(await session.epoch(epochOf(0), options)).toBeGreaterThan(0);
      expect(session.parameters()).not.toEqual(before);
      const forecast = await session.forecast(origins(), options);
      expect(forecast).toHaveLength(69 * 2 * horizon);
      expect(forecast.every(Number.isFinite)).toBe(true);
      expect(session.parameterCount).toBe(before.length);
    });
  });
});

test('a model learns what is there to learn', async () => {
  await using(opened({ layers: [{ type: 'flatten' }, dense] }), async (session) => {
    const losses: number[] = [];
    for (let epoch = 0; epoch < 30; epoch++) losses.push(await session.epoch(epochOf(epoch, { learningRate: 0.02 }), options));
    expect(losses.at(-1)).toBeLessThan(0.1 * (losses[0] ?? 0));
  });
});

describe('gradients are those of finite differences', () => {
  test.each(['mse', 'mae', 'huber'] as const)('%s', async (loss) => {
    const model = { layers: [{ type: 'gru', units: 3, returnSequences: true, recurrentActivation: 'sigmoid' }, { type: 'flatten' }, { type: 'dense', units: 2 * horizon, kernelRegularizer: { className: 'L1L2', config: { l1: 0, l2: 0.1 } } }] };
    await using(opened(model, joint, { loss }), async (session) => {
      const chosen = origins(steps, steps + 9);
      const { gradient } = await session.gradient(chosen, options);
      const parameters = session.parameters();
      for (let i = 0; i < parameters.length; i += 23) {
        const at = async (change: number): Promise<number> => {
          const moved = Float32Array.from(parameters);
          moved[i]! += change;
          session.setParameters(moved);
          return (await session.gradient(chosen, options)).loss;
        };
        const difference = ((await at(0.01)) - (await at(-0.01))) / 0.02;
        // Losses are of float32: their difference has about 1e-5 left of it; an absolute value may bend between both.
        expect(Math.abs(difference - (gradient[i] ?? 0))).toBeLessThan(loss === 'mae' ? 0.02 : 2e-3);
      }
    });
  });
});

test('forecasts are those of the weights: one layer by hand', async () => {
  await using(opened({ layers: [{ type: 'flatten' }, { type: 'dense', units: 2 * horizon }] }, joint), async (session) => {
    const parameters = Float32Array.from({ length: session.parameterCount }, (_, i) => Math.sin(i));
    session.setParameters(parameters);
    const [kernel, bias] = [parameters.subarray(0, steps * 3 * 2 * horizon), parameters.subarray(steps * 3 * 2 * horizon)];
    const { values, stride } = joint.columns;
    const wanted = Array.from(origins(), (origin) => Array.from({ length: 2 * horizon }, (_, unit) => {
      let sum = bias[unit] ?? 0;
      for (let step = 0; step < steps; step++) for (const [feature, series] of [2, 0, 1].entries()) sum += (values[series * stride + origin - steps + step] ?? 0) * (kernel[(step * 3 + feature) * 2 * horizon + unit] ?? 0);
      return sum;
    })).flat();
    const forecast = await session.forecast(origins(), options);
    expect(forecast).toHaveLength(wanted.length);
    expect(Math.max(...wanted.map((value, i) => Math.abs(value - (forecast[i] ?? Infinity))))).toBeLessThan(2e-5);

    const { squared, absolute } = await session.errors(origins(), options);
    const truth = (origin: number, value: number): number => values[(value < horizon ? 2 : 0) * stride + origin + (value % horizon)] ?? Number.NaN;
    for (let value = 0; value < 2 * horizon; value++) {
      const differences = Array.from(origins(), (origin, row) => (forecast[row * 2 * horizon + value] ?? 0) - truth(origin, value));
      expect(squared[value]).toBeCloseTo(differences.reduce((sum, one) => sum + one * one, 0), 6);
      expect(absolute[value]).toBeCloseTo(differences.reduce((sum, one) => sum + Math.abs(one), 0), 6);
    }
  });
});

/** Parameters after so many epochs. */
async function trained(model: unknown, changed: Partial<TfjsTrainerRequest>, epochs: number): Promise<unknown> {
  return await using(opened(model, independent, changed), async (session) => {
    for (let epoch = 0; epoch < epochs; epoch++) await session.epoch(epochOf(epoch), options);
    return session.parameters();
  });
}

describe('the same seed gives the same model, bit for bit', () => {
  const random: Array<[string, object]> = [['lstm', lstm], ['dropout', dropping], ['dropout within a cell', { layers: [{ type: 'lstm', units: 4, dropout: 0.3, recurrentDropout: 0.3 }, dense] }], ['noise', { layers: [{ type: 'gaussianNoise', stddev: 0.3 }, { type: 'flatten' }, dense] }]];
  test.each(random)('%s', async (_, model) => {
    expect(await trained(model, {}, 2)).toEqual(await trained(model, {}, 2));
  });

  test('another seed gives other weights', async () => {
    expect(await trained(lstm, {}, 0)).not.toEqual(await trained(lstm, { seed: 8 }, 0));
  });

  test('an initializer that has its own seed keeps it', async () => {
    const model = { layers: [{ type: 'flatten' }, { type: 'dense', units: horizon, kernelInitializer: { className: 'GlorotUniform', config: { seed: 5 } } }] };
    expect(await trained(model, {}, 0)).toEqual(await trained(model, { seed: 8 }, 0));
  });

  test('dropout draws anew in every batch, even where the layer names a seed', async () => {
    await using(opened(dropping), async (session) => {
      const start = session.state();
      const loss = async (draws: EpochRequest['stream']): Promise<number> => {
        session.restore(start);
        return await session.epoch(epochOf(0, { origins: origins(8, 24), learningRate: 0, stream: draws }), options);
      };
      expect(await loss([1, 0, 0, 0])).not.toBe(await loss([2, 0, 0, 0]));
      expect(await loss([1, 0, 0, 0])).toBe(await loss([1, 0, 0, 0]));
    });
  });

  test('Math.random is as it was afterwards', async () => {
    const { random: before } = Math;
    await trained(dropping, {}, 1);
    expect(Math.random).toBe(before);
  });
});

test('a session that is restored goes on to the same bits', async () => {
  const model = { layers: [{ type: 'batchNormalization' }, { type: 'lstm', units: 4, dropout: 0.2 }, dense] };
  const [state, wanted] = await using(opened(model), async (session) => {
    await session.epoch(epochOf(0), options);
    const half = session.state();
    await session.epoch(epochOf(1), options);
    return [half, session.state()];
  });
  await using(opened(model, independent, { seed: 99 }), async (session) => {
    session.restore(state);
    expect(session.state()).toEqual(state);
    await session.epoch(epochOf(1), options);
    expect(session.state()).toEqual(wanted);
  });
});

test('batch normalisation learns its moving means, and uses them in forecasts', async () => {
  await using(opened({ layers: [{ type: 'batchNormalization' }, { type: 'flatten' }, dense] }), async (session) => {
    const before = await session.forecast(origins(), options);
    const moving = (): number[] => Array.from(session.parameters().slice(-4));
    const [start] = [moving()];
    await session.epoch(epochOf(0, { learningRate: 0 }), options);
    expect(moving()).not.toEqual(start);
    expect(await session.forecast(origins(), options)).not.toEqual(before);
  });
});

test('a batch that takes long is cut in slices, whose gradients add up to its own', async () => {
  // Some 55,000 operations for each origin, on the cpu backend: a slice is of about 18 origins.
  const convolution = { type: 'conv1d', filters: 16, kernelSize: 3, padding: 'same' };
  await using(opened({ layers: [convolution, convolution, convolution, { type: 'flatten' }, { ...dense, kernelRegularizer: 'l1l2' }] }), async (session) => {
    const chosen = origins(steps, steps + 24);
    const fractions: number[] = [];
    const whole = await session.gradient(chosen, { ...options, onProgress: (fraction) => fractions.push(fraction) });
    let [loss, sum] = [0, new Float64Array(session.parameterCount)];
    for (let from = 0; from < 24; from += 12) {
      const part = await session.gradient(chosen.subarray(from, from + 12), options);
      loss += part.loss / 2;
      sum = sum.map((value, i) => value + (part.gradient[i] ?? 0) / 2);
    }
    expect(whole.loss).toBeCloseTo(loss, 4);
    expect(Math.max(...sum.map((value, i) => Math.abs(value - (whole.gradient[i] ?? Number.NaN))))).toBeLessThan(1e-5);
    // One batch, and yet progress within it.
    expect(fractions.some((fraction) => fraction > 0 && fraction < 1)).toBe(true);
  });
});

test('under f64 lists are of doubles, though TensorFlow.js computes in float32', async () => {
  const double: OpOptions = { precision: 'f64' };
  const [f64, f32] = await Promise.all([using(openTfjsTrainer(independent, lstm, request, double), async (session) => await session.forecast(origins(), double)), using(opened(lstm), async (session) => await session.forecast(origins(), options))]);
  expect(f64).toBeInstanceOf(Float64Array);
  expect(Array.from(f64)).toEqual(Array.from(f32));
});

test('a model that WebAssembly cannot train trains on the cpu backend, and the log says so', async () => {
  if (tfjs.backends[0] !== 'wasm') return;
  logged.length = 0;
  await using(opened({ layers: layerKinds['convolutions and pooling'] }), async () => {});
  expect(logged.some((line) => /^warn: The backend wasm .* cannot train this model, since it has no Conv2DBackpropFilter/.test(line))).toBe(true);
  expect(logged.some((line) => /^info: .*backend cpu, in float32/.test(line))).toBe(true);
});

test('sessions on two backends may take turns', async () => {
  const convolution = { layers: layerKinds['convolutions and pooling'] };
  const alone = await trained(convolution, {}, 1);
  const [together] = await Promise.all([trained(convolution, {}, 1), trained(lstm, {}, 1)]);
  expect(together).toEqual(alone);
});

test('nothing is left in memory after a session, nor after one that could not be built', async () => {
  await trained(dropping, {}, 1);
  const before = tfjs.core.memory().numTensors;
  await trained(dropping, {}, 1);
  await trained({ layers: [{ type: 'batchNormalization' }, ...lstm.layers] }, {}, 1);
  await expect(opened({ layers: [{ type: 'lstm', units: 4 }, { type: 'dense', units: horizon, kernelInitializer: 'surprise' }] })).rejects.toThrow(/surprise/i);
  expect(tfjs.core.memory().numTensors).toBe(before);
});

describe('what cannot be trained is refused before anything is built', () => {
  test.each([
    ['model-invalid', { layers: [{ type: 'lambda' }] }, /Lambda|lambda/],
    ['model-invalid', { layers: [{ type: 'flatten' }, { type: 'dense', units: horizon + 1 }] }, /makes \[4\], 4 values; expected 3/],
    ['model-invalid', { layers: [{ type: 'flatten' }, { type: 'dense', units: horizon, trainable: false }] }, /no weights that are trained/],
    ['model-invalid', { layers: [{ type: 'flatten' }, { type: 'dense', units: horizon, kernelInitializer: 'surprise' }] }, /cannot build the model: .*surprise/i],
    ['model-too-large', { layers: [{ type: 'lstm', units: 20_000 }, dense] }, /GiB/],
  ])('%s: %o', async (code, model, message) => {
    const error: unknown = await opened(model).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CorrenteError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

test('the memory that a batch takes is what was said before, within a half', async () => {
  const models: Record<string, object[]> = {
    dense: [{ type: 'flatten' }, { type: 'dense', units: 64, activation: 'relu' }, dense],
    lstm: [{ type: 'lstm', units: 32 }, dense],
    gru: [{ type: 'gru', units: 32 }, dense],
    convolution: [{ type: 'conv1d', filters: 32, kernelSize: 3, activation: 'relu' }, { type: 'flatten' }, dense],
    normalisation: [{ type: 'dense', units: 32 }, { type: 'layerNormalization' }, { type: 'flatten' }, dense],
  };
  for (const [name, layers] of Object.entries(models)) {
    const { memoryBytes, parameters } = checkLayersJson({ layers }, { steps, features: 2, outputs: horizon, batch: 120, memoryLimit: Infinity });
    await using(opened({ layers }, independent, { batchSize: 60 }), async (session) => {
      const before = tfjs.core.memory().numBytes;
      const { peakBytes } = await tfjs.core.profile(async () => {
        await session.epoch(epochOf(0, { batchSize: 60 }), options);
        return [];
      });
      // Weights of the model were there before; the lists of ours are seven copies of them.
      const taken = peakBytes - before + 4 * 7 * parameters;
      expect(memoryBytes / taken, name).toBeGreaterThan(0.75);
      expect(memoryBytes / taken, name).toBeLessThan(1.5);
    });
  }
});

test('an abort ends an epoch between two batches', async () => {
  await using(opened(lstm), async (session) => {
    const controller = new AbortController();
    const epoch = session.epoch(epochOf(0, { batchSize: 1 }), { ...options, signal: controller.signal, onProgress: (fraction) => fraction > 0 && controller.abort() });
    await expect(epoch).rejects.toMatchObject({ code: 'cancelled' });
    expect(session.parameters().every(Number.isFinite)).toBe(true);
  });
});

test('progress grows from work done, to 1', async () => {
  await using(opened(lstm), async (session) => {
    const fractions: number[] = [];
    await session.epoch(epochOf(0, { batchSize: 2 }), { ...options, onProgress: (fraction) => fractions.push(fraction) });
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });
});

test('a loss that is not finite ends the epoch with NaN', async () => {
  await using(opened({ layers: [{ type: 'flatten' }, dense] }), async (session) => {
    expect(await session.epoch(epochOf(0, { learningRate: 1e30, clipNorm: 0, batchSize: 1 }), options)).toBeNaN();
  });
});

test('a gradient longer than the norm is scaled down to it', async () => {
  await using(opened({ layers: [{ type: 'flatten' }, dense] }), async (session) => {
    const first = async (clipNorm: number): Promise<number> => {
      session.restore(session.state().fill(0));
      await session.epoch(epochOf(0, { clipNorm, origins: origins(8, 24) }), options);
      const count = session.parameterCount;
      // The first moment after one step is a tenth of the gradient.
      return 10 * Math.hypot(...session.state().slice(count, 2 * count));
    };
    const whole = await first(0);
    expect(await first(whole / 2)).toBeCloseTo(whole / 2, 5);
    expect(await first(2 * whole)).toBeCloseTo(whole, 5);
  });
});
