/** Rules of convolutions and pooling, which look at a stretch of neighbours. */
import { type LayerConfig, type Shape, shapeText, sizeOf } from './layer-config.ts';
import { inputOf, type LayerRule, plain } from './layer-cost.ts';

/** Places that a stretch takes along an axis. TensorFlow.js pads `valid` and `same`, and not `causal`. */
function places(config: LayerConfig, length: number, reach: number, stride: number): number {
  if (config.value('padding') === 'causal') config.fail('has padding "causal", which TensorFlow.js does not compute; expected "valid" or "same" (a ZeroPadding2D before a Conv2D on [steps, 1, features] does what causal does).');
  const padding = config.choice('padding', ['valid', 'same'], 'valid');
  const count = padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - reach) / stride) + 1;
  return count >= 1 ? count : config.fail(`looks at ${reach} steps at a time, and its input has ${length}; expected as many at least.`);
}

function lastChannels(config: LayerConfig): void {
  config.choice('data_format', ['channels_last', 'channelsLast'], 'channels_last');
}

/** `axes` is 1 (of steps) or 2; the last axis of the input are the features. */
const convolution = (axes: 1 | 2): LayerRule => (config, inputs) => {
  const input = inputOf(config, inputs, axes + 1, axes === 1 ? ' (steps, features)' : ' (rows, columns, features)');
  lastChannels(config);
  const filters = config.whole('filters');
  const kernel = config.wholes('kernel_size', axes);
  const strides = config.wholes('strides', axes, 1);
  if (config.wholes('dilation_rate', axes, 1).some((rate) => rate > 1)) config.fail(`has dilation_rate ${JSON.stringify(config.value('dilation_rate'))}, whose gradient TensorFlow.js does not compute; expected 1.`);
  const features = input.at(-1) ?? 1;
  const along = kernel.map((size, axis) => places(config, input[axis] ?? 1, size, strides[axis] ?? 1));
  const output = [...along, filters];
  const weights = sizeOf(kernel) * features * filters;
  return { output, parameters: weights + (config.flag('use_bias', true) ? filters : 0), held: 3 * sizeOf(output) + 2 * sizeOf(input), operations: 2 * sizeOf(along) * weights };
};

const pooling: LayerRule = (config, inputs) => {
  const input = inputOf(config, inputs, 2, ' (steps, features)');
  const [size = 2] = config.wholes('pool_size', 1, 2);
  const [stride = size] = config.wholes('strides', 1, size);
  const [steps = 1, features = 1] = input;
  const output = [places(config, steps, size, stride), features];
  return { ...plain(output), held: 3 * sizeOf(output) + sizeOf(input) };
};

const global: LayerRule = (config, inputs) => {
  const [, features = 1] = inputOf(config, inputs, 2, ' (steps, features)');
  return plain([features]);
};

/** [[before, after] of each of two axes]; one number or a pair stand for more. */
function edges(config: LayerConfig, key: string, fallback: number): number[][] {
  const value = config.has(key) ? config.value(key) : fallback;
  const pairs: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const read = pairs.map((pair) => (Array.isArray(pair) ? pair : [pair, pair]).flatMap((one: unknown) => (typeof one === 'number' && Number.isInteger(one) && one >= 0 && one < 2 ** 24 ? [one] : [])));
  return read.length === 2 && read.every((pair) => pair.length === 2) ? read : config.fail(`has ${key} ${JSON.stringify(value)}; expected [[before, after], [before, after]] of whole numbers.`);
}

/** `sign` is 1 for padding, -1 for cropping. */
const framed = (key: string, fallback: number, sign: 1 | -1): LayerRule => (config, inputs) => {
  const input = inputOf(config, inputs, 3, ' (rows, columns, features)');
  lastChannels(config);
  const change = edges(config, key, fallback).map(([before = 0, after = 0]) => sign * (before + after));
  const output: Shape = input.map((length, axis) => length + (change[axis] ?? 0));
  if (output.some((length) => length < 1)) config.fail(`makes ${shapeText(output)} of ${shapeText(input)}; expected at least one row and column to stay.`);
  return plain(output);
};

export const convolutionRules = {
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  MaxPooling1D: pooling,
  AveragePooling1D: pooling,
  GlobalAveragePooling1D: global,
  GlobalMaxPooling1D: global,
  ZeroPadding2D: framed('padding', 1, 1),
  Cropping2D: framed('cropping', 0, -1),
} as const satisfies Record<string, LayerRule>;
