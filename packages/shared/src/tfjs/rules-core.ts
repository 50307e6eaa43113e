/** Rules of layers that work value by value, on shapes, or on several inputs. */
import { type LayerConfig, type Shape, shapeText, sizeOf } from './layer-config.ts';
import { inputOf, type LayerRule, plain } from './layer-cost.ts';

const same: LayerRule = (config, inputs) => plain(inputOf(config, inputs));

const dropping: LayerRule = (config, inputs) => {
  config.share('rate');
  return plain(inputOf(config, inputs));
};

const dense: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const units = config.whole('units');
  const features = input.at(-1) ?? 1;
  const output = [...input.slice(0, -1), units];
  const bias = config.flag('use_bias', true) ? units : 0;
  return { output, parameters: features * units + bias, held: 3 * sizeOf(output) + sizeOf(input), operations: 2 * sizeOf(output) * features };
};

/** TensorFlow.js takes axis 1 where none is named, and computes the last alone. */
const softmax: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const axis = config.has('axis') ? config.value('axis') : -1;
  if (axis !== -1 && axis !== input.length) config.fail(`has axis ${String(axis)}; expected the last one, -1.`);
  return { ...plain(input), settings: { axis: -1 } };
};

const prelu: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const shared = config.has('shared_axes') ? config.wholes('shared_axes', sharedCount(config)) : [];
  const lengths = input.filter((_, axis) => !shared.includes(axis + 1));
  return plain(input, sizeOf(lengths));
};

function sharedCount(config: LayerConfig): number {
  const value = config.value('shared_axes');
  return Array.isArray(value) ? value.length : 1;
}

const reshape: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const target = config.list('target_shape', -1);
  const known = sizeOf(target.filter((length) => length !== -1));
  const output = target.map((length) => (length === -1 ? sizeOf(input) / known : length));
  if (target.filter((length) => length === -1).length > 1 || sizeOf(output) !== sizeOf(input) || !output.every((length) => Number.isInteger(length) && length > 0)) config.fail(`makes ${shapeText(target)} of an input of shape ${shapeText(input)}; expected as many values.`);
  return { ...plain(output), settings: { target_shape: output } };
};

const permute: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const dims = config.list('dims', 1);
  if ([...dims].sort((a, b) => a - b).some((axis, place) => axis !== place + 1) || dims.length !== input.length) config.fail(`has dims ${shapeText(dims)}; expected the axes 1 to ${input.length} of its input ${shapeText(input)} in another order.`);
  return plain(dims.map((axis) => input[axis - 1] ?? 1));
};

const batchNormalization: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const axis = config.has('axis') ? config.value('axis') : -1;
  // Axis 0 is that of the batch; Keras writes the axis of features as -1 or as the number of axes, in a list or not.
  const [read]: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (read !== -1 && read !== input.length) config.fail(`has axis ${String(read)}; expected the last one, -1.`);
  const features = input.at(-1) ?? 1;
  const affine = Number(config.flag('scale', true)) + Number(config.flag('center', true));
  return { ...plain(input, (2 + affine) * features), held: 12 * sizeOf(input), operations: 8 * sizeOf(input) };
};

const layerNormalization: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs);
  const features = input.at(-1) ?? 1;
  const affine = Number(config.flag('scale', true)) + Number(config.flag('center', true));
  return { ...plain(input, affine * features), held: 12 * sizeOf(input), operations: 8 * sizeOf(input) };
};

/** Axes are joined as numpy broadcasts them, from the last one on. */
const merged: LayerRule = (config, inputs) => {
  const [first, ...others] = several(config, inputs);
  const output = others.reduce<Shape>((joined, shape) => {
    const rank = Math.max(joined.length, shape.length);
    const padded = (lengths: Shape): number[] => [...Array.from({ length: rank - lengths.length }, () => 1), ...lengths];
    const right = padded(shape);
    return padded(joined).map((length, axis) => {
      const other = right[axis] ?? 1;
      if (length === other || other === 1) return length;
      return length === 1 ? other : config.fail(`has inputs of shapes ${inputs.map(shapeText).join(' and ')}; expected equal ones.`);
    });
  }, first);
  return { ...plain(output), held: (inputs.length + 1) * sizeOf(output) };
};

const concatenate: LayerRule = (config, inputs) => {
  const [first, ...others] = several(config, inputs);
  const given = config.has('axis') ? config.value('axis') : -1;
  const axis = typeof given === 'number' ? (given < 0 ? first.length + given : given - 1) : -1;
  if (!Number.isInteger(axis) || axis < 0 || axis >= first.length) config.fail(`has axis ${String(given)}; expected one of the axes of its inputs ${shapeText(first)}, the batch being axis 0.`);
  for (const shape of others) {
    if (shape.length !== first.length || shape.some((length, place) => place !== axis && length !== first[place])) config.fail(`has inputs of shapes ${inputs.map(shapeText).join(' and ')}; expected them to differ in axis ${axis + 1} alone.`);
  }
  return plain(first.map((length, place) => (place === axis ? inputs.reduce((sum, shape) => sum + (shape[axis] ?? 0), 0) : length)));
};

const dot: LayerRule = (config, inputs) => {
  const [a, b] = several(config, inputs);
  const axes = config.wholes('axes', 2, undefined, -2).map((axis, place) => (axis < 0 ? (place === 0 ? a : (b ?? [])).length + axis : axis - 1));
  if (b === undefined || inputs.length !== 2 || a.length > 2 || b.length > 2) return config.fail(`has inputs of shapes ${inputs.map(shapeText).join(' and ')}; expected two, of at most two axes.`);
  const [left = -1, right = -1] = axes;
  const length = a[left];
  if (length === undefined || length !== b[right]) config.fail(`multiplies over axes of ${String(length)} and ${String(b[right])} values; expected equally many.`);
  const rest = [...a.filter((_, axis) => axis !== left), ...b.filter((_, axis) => axis !== right)];
  const output = rest.length === 0 ? [1] : rest;
  return { ...plain(output), held: 2 * sizeOf(output) + sizeOf(a) + sizeOf(b), operations: 2 * sizeOf(output) * (length ?? 1) };
};

function several(config: LayerConfig, inputs: readonly Shape[]): readonly [Shape, ...Shape[]] {
  const [first, ...others] = inputs;
  return first === undefined || others.length === 0 ? config.fail(`has ${inputs.length} inputs; expected two or more.`) : [first, ...others];
}

export const coreRules = {
  Dense: dense,
  Activation: same,
  ReLU: same,
  LeakyReLU: same,
  ELU: same,
  ThresholdedReLU: same,
  Softmax: softmax,
  PReLU: prelu,
  Masking: same,
  Dropout: dropping,
  SpatialDropout1D: dropping,
  GaussianDropout: dropping,
  AlphaDropout: dropping,
  GaussianNoise: same,
  Flatten: (config, inputs) => plain([sizeOf(inputOf(config, inputs))]),
  Reshape: reshape,
  Permute: permute,
  RepeatVector: (config, inputs) => plain([config.whole('n'), ...inputOf(config, inputs, 1)]),
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Add: merged,
  Multiply: merged,
  Average: merged,
  Maximum: merged,
  Minimum: merged,
  Concatenate: concatenate,
  Dot: dot,
} as const satisfies Record<string, LayerRule>;
