import { describe, expect, test } from 'vitest';
import { CorrenteError } from '../contract/errors.ts';
import { checkLayersJson, type ModelUse } from './model-cost.ts';

const use: ModelUse = { steps: 12, features: 3, outputs: 4, batch: 32, memoryLimit: 2 ** 30 };
const short = (...layers: object[]): object => ({ layers });
const cost = (layers: unknown, changed: Partial<ModelUse> = {}) => checkLayersJson(layers, { ...use, ...changed });

const layer = (name: string, className: string, config: object, inbound: unknown[]) => ({ name, class_name: className, config: { name, ...config }, inbound_nodes: inbound });

/** As Keras 3 writes what a layer takes. */
const tensor = (name: string): object => ({ class_name: '__keras_tensor__', config: { shape: [null, 36], keras_history: [name, 0, 0] } });

function errorOf(layers: unknown, changed: Partial<ModelUse> = {}): CorrenteError {
  try {
    cost(layers, changed);
  } catch (error) {
    if (error instanceof CorrenteError) return error;
    throw error;
  }
  throw new Error('No error was thrown.');
}

const beginsUniform = (units: number, given: object = {}): boolean => JSON.stringify(cost(short({ type: 'bidirectional', layer: { type: 'lstm', units, ...given } }, { type: 'dense', units: 4 })).topology).includes('GlorotUniform');

describe('weights are counted as Keras counts them', () => {
  const end = [{ type: 'flatten' }, { type: 'dense', units: 4, useBias: false }];
  test.each([
    ['dense', [{ type: 'dense', units: 5 }, ...end], 3 * 5 + 5 + 60 * 4],
    ['lstm', [{ type: 'lstm', units: 7 }, { type: 'dense', units: 4 }], 4 * 7 * (3 + 7 + 1) + 7 * 4 + 4],
    ['gru', [{ type: 'gru', units: 7 }, { type: 'dense', units: 4 }], 3 * 7 * (3 + 7 + 1) + 7 * 4 + 4],
    ['simple rnn of sequences', [{ type: 'simpleRNN', units: 7, return_sequences: true }, ...end], 7 * (3 + 7 + 1) + 84 * 4],
    ['convolution and pooling', [{ type: 'conv1d', filters: 6, kernelSize: 3, strides: 2 }, { type: 'maxPooling1d', poolSize: 2 }, ...end], 3 * 3 * 6 + 6 + 2 * 6 * 4],
    ['both directions', [{ type: 'bidirectional', layer: { type: 'lstm', units: 2 } }, { type: 'dense', units: 4 }], 2 * 4 * 2 * (3 + 2 + 1) + 4 * 4 + 4],
    ['the same layer at each step', [{ type: 'timeDistributed', layer: { type: 'dense', units: 2 } }, ...end], 3 * 2 + 2 + 24 * 4],
    ['batch normalization', [{ type: 'batchNormalization' }, ...end], 4 * 3 + 36 * 4],
  ])('%s', (_, layers, expected) => {
    expect(cost({ layers }).parameters).toBe(expected);
  });

  test('a layer that is used twice has its weights once', () => {
    const shared = {
      class_name: 'Functional',
      config: {
        layers: [
          layer('x', 'InputLayer', { batch_input_shape: [null, 12, 3] }, []),
          layer('once', 'Dense', { units: 3 }, [[['x', 0, 0, {}]], [['once', 0, 0, {}]]]),
          layer('both', 'Add', {}, [[['once', 0, 0, {}], ['once', 1, 0, {}]]]),
          layer('flat', 'Flatten', {}, [[['both', 0, 0, {}]]]),
          layer('out', 'Dense', { units: 4 }, [[['flat', 0, 0, {}]]]),
        ],
        input_layers: [['x', 0, 0]],
        output_layers: [['out', 0, 0]],
      },
    };
    expect(cost(shared).parameters).toBe(3 * 3 + 3 + 36 * 4 + 4);
  });
});

describe('the forms in which a model comes', () => {
  const dense = { class_name: 'Dense', config: { units: 4 } };
  const flatten = { class_name: 'Flatten', config: {} };
  const sequential = { class_name: 'Sequential', config: { name: 'a', layers: [flatten, dense] } };
  test.each([
    ['as text', JSON.stringify(sequential)],
    ['as an object', sequential],
    ['of Keras before 2.2.3', { class_name: 'Sequential', config: [flatten, dense] }],
    ['inside modelTopology', { format: 'layers-model', modelTopology: sequential, weightsManifest: [] }],
    ['inside model_config', { modelTopology: { keras_version: '2.15.0', model_config: sequential } }],
    ['with an input of any length', { class_name: 'Sequential', config: { layers: [{ class_name: 'InputLayer', config: { batch_input_shape: [null, null, 3] } }, flatten, dense] } }],
    ['with a flat input', { class_name: 'Sequential', config: { layers: [{ class_name: 'Dense', config: { units: 4, batch_input_shape: [null, 36] } }] } }],
    ['of Keras 3', { class_name: 'Sequential', module: 'keras', config: { layers: [{ class_name: 'InputLayer', module: 'keras.layers', config: { batch_shape: [null, 12, 3], dtype: 'float32' } }, { ...flatten, build_config: {} }, { class_name: 'Dense', config: { units: 4, dtype: { class_name: 'DTypePolicy' } } }] } }],
    ['in short', short({ type: 'flatten' }, { type: 'dense', units: 4 })],
  ])('%s', (_, json) => {
    expect(cost(json).parameters).toBe(36 * 4 + 4);
  });

  test('a graph of Keras 3 names its tensors by their history', () => {
    const json = {
      class_name: 'Functional',
      config: {
        layers: [
          { name: 'x', class_name: 'InputLayer', config: { batch_shape: [null, 36] }, inbound_nodes: [] },
          { name: 'a', class_name: 'Dense', config: { units: 4 }, inbound_nodes: [{ args: [tensor('x')], kwargs: {} }] },
          { name: 'b', class_name: 'Dense', config: { units: 4 }, inbound_nodes: [{ args: [tensor('x')], kwargs: {} }] },
          { name: 'sum', class_name: 'Add', config: {}, inbound_nodes: [{ args: [[tensor('a'), tensor('b')]], kwargs: {} }] },
        ],
        input_layers: ['x', 0, 0],
        output_layers: ['sum', 0, 0],
      },
    };
    expect(cost(json).parameters).toBe(2 * (36 * 4 + 4));
  });
});

describe('a model that cannot be trained is refused with what came and what was expected', () => {
  const dense = { type: 'dense', units: 4 };
  const circle = { class_name: 'Model', config: { layers: [{ name: 'x', class_name: 'InputLayer', config: {}, inbound_nodes: [] }, { name: 'a', class_name: 'Add', config: {}, inbound_nodes: [[['b', 0, 0], ['x', 0, 0]]] }, { name: 'b', class_name: 'Dense', config: { units: 4 }, inbound_nodes: [[['a', 0, 0]]] }], input_layers: [['x', 0, 0]], output_layers: [['b', 0, 0]] } };
  test.each([
    ['text that is no JSON', '{"class_name":', /cannot be read/],
    ['a number', 3, /was 3; expected an object/],
    ['no layers', { layers: [] }, /expected a list of at least one/],
    ['a layer without type', short({ units: 3 }), /Layer 1 was \{"units":3\}; expected an object with a type/],
    ['an unknown layer', short({ type: 'attention' }), /class "attention" is not known; expected one of .*Dense/],
    ['a Lambda', { class_name: 'Sequential', config: [{ class_name: 'Lambda', config: {} }] }, /code of its own, which is not run/],
    ['a model of models', { class_name: 'Sequential', config: [{ class_name: 'Sequential', config: { layers: [] } }] }, /"Sequential" is not known/],
    ['another class of model', { class_name: 'Lambda', config: {} }, /is of class "Lambda"; expected Sequential or Functional/],
    ['negative units', short({ type: 'lstm', units: -3 }, dense), /Layer 2 \(LSTM "lstm_1"\) has units -3; expected a whole number/],
    ['units as text', short({ type: 'dense', units: '4' }), /units "4"/],
    ['an unknown activation', short({ type: 'flatten' }, { type: 'dense', units: 4, activation: 'sine' }), /activation "sine"; expected one of elu,/],
    ['a rate of 1', short({ type: 'dropout', rate: 1 }, { type: 'flatten' }, dense), /rate 1; expected a number of at least 0 and below 1/],
    ['a causal convolution', short({ type: 'conv1d', filters: 4, kernelSize: 3, padding: 'causal' }), /causal/],
    ['a dilated convolution', short({ type: 'conv1d', filters: 4, kernelSize: 3, dilationRate: [2] }), /dilation_rate \[2\], whose gradient/],
    ['a softmax over steps', short({ type: 'softmax', axis: 1 }, { type: 'flatten' }, dense), /axis 1; expected the last one/],
    ['a kernel longer than the look-back', short({ type: 'conv1d', filters: 4, kernelSize: 13 }), /looks at 13 steps at a time, and its input has 12/],
    ['a recurrent layer after flatten', short({ type: 'flatten' }, { type: 'lstm', units: 3 }, dense), /input of shape \[36\]; expected 2 axes/],
    ['a gated unit that resets after', short({ type: 'gru', units: 3, resetAfter: true }, dense), /reset_after true/],
    ['a stateful layer', short({ type: 'lstm', units: 3, stateful: true }, dense), /stateful/],
    ['another look-back', { class_name: 'Sequential', config: [{ class_name: 'Flatten', config: { batch_input_shape: [null, 24, 3] } }, { class_name: 'Dense', config: { units: 4 } }] }, /shape \[null,24,3\]; expected \[null, 12, 3\]/],
    ['another number of outputs', short({ type: 'lstm', units: 3 }, { type: 'dense', units: 5 }), /makes \[5\], 5 values; expected 4, the targets times the horizon/],
    ['a circle', circle, /Layer 2 \(Add "a"\) takes "b", "x"; expected layers that the model's input reaches/],
    ['a name that every object has', short({ type: 'dense', units: 4, name: 'constructor' }), /has the name "constructor"/],
    ['one name twice', short({ type: 'flatten', name: 'a' }, { type: 'dense', units: 4, name: 'a' }), /Two layers have the name "a"/],
  ])('%s', (_, json, message) => {
    const error = errorOf(json);
    expect(error.code).toBe('model-invalid');
    expect(error.message).toMatch(message);
  });

  test('recurrent weights of very many units begin uniform, since TensorFlow.js takes minutes to make them orthogonal', () => {
    expect(beginsUniform(256)).toBe(false);
    expect(beginsUniform(257)).toBe(true);
    expect(beginsUniform(257, { recurrentInitializer: { className: 'Orthogonal', config: { gain: 1 } } })).toBe(true);
    expect(beginsUniform(257, { recurrentInitializer: 'zeros' })).toBe(false);
  });

  test('gigabytes of weights are refused with the figure', () => {
    const error = errorOf(short({ type: 'flatten' }, { type: 'dense', units: 10_000_000 }, dense));
    expect(error.code).toBe('model-too-large');
    expect(error.message).toMatch(/takes about 21\.8 GiB: 410000004 weights, .* The limit is 1\.00 GiB\./);
  });

  test('gigabytes of activations are refused, and a smaller batch is not', () => {
    const wide = short({ type: 'dense', units: 4096 }, { type: 'globalAveragePooling1d' }, dense);
    expect(errorOf(wide, { batch: 4096 }).code).toBe('model-too-large');
    expect(cost(wide, { batch: 32 }).memoryBytes).toBeLessThan(2 ** 30);
  });
});
