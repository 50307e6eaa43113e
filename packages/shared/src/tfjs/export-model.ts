/**
 * Built-in models in the layers format of TensorFlow.js, so that a browser, Node or (by tensorflowjs_converter) Python
 * can run them. The exported model takes the window [steps × features] as the trainer saw it, standardised, and gives
 * [targets · horizon] values in the same units.
 */
import { encodedArray } from '../contract/model-file.ts';
import type { JsonValue } from '../contract/json.ts';
import { type Layer, type LayeredModel, parameterBlocks, type LayerShape, shapesOf } from '../portable/trainer/layers.ts';
import { foldedDense, isLinear } from './folded-dense.ts';
import { type GraphTopology, KerasGraph, type KerasWeight, type Tensor } from './keras-graph.ts';

/** The files model.json and weights of TensorFlow.js in one JSON: the weights in base64, float32, one after the other. */
export interface TfjsDocument {
  readonly format: 'layers-model';
  readonly generatedBy: string;
  readonly convertedBy: null;
  readonly modelTopology: unknown;
  readonly weightSpecs: ReadonlyArray<{ readonly name: string; readonly shape: readonly number[]; readonly dtype: 'float32' }>;
  readonly weightData: string;
  readonly userDefinedMetadata: JsonValue;
}

export interface ExportOptions {
  /** Series that are foretold: the first of the features. */
  readonly targets: number;
  readonly name: string;
  /** Kept in the document as `userDefinedMetadata`: what a reader must know, such as the scaler. */
  readonly metadata: JsonValue;
}

/**
 * A model with its parameters [parameterCount] as a document of TensorFlow.js. A chain of linear layers (linear, nlinear,
 * dlinear) becomes one dense layer over the flattened window; others keep their layers, an anchored one with layers
 * beside them whose weights are fixed.
 */
export function tfjsModelOf(model: LayeredModel, parameters: ArrayLike<number>, { targets, name, metadata }: ExportOptions): TfjsDocument {
  const graph = new KerasGraph(name);
  const window = graph.input([model.steps, model.features]);
  const output = isLinear(model) ? folded(graph, window, model, parameters, targets) : layered(graph, window, model, parameters, targets);
  return tfjsDocument(graph.topology(output), graph.weights, metadata);
}

export function tfjsDocument(modelTopology: GraphTopology | Readonly<Record<string, unknown>>, weights: readonly KerasWeight[], metadata: JsonValue): TfjsDocument {
  const values = new Float32Array(weights.reduce((sum, weight) => sum + weight.values.length, 0));
  let to = 0;
  for (const weight of weights) {
    values.set(weight.values, to);
    to += weight.values.length;
  }
  return { format: 'layers-model', generatedBy: 'Corrente', convertedBy: null, modelTopology, weightSpecs: weights.map((weight) => ({ name: weight.name, shape: weight.shape, dtype: 'float32' })), weightData: encodedArray(values).base64, userDefinedMetadata: metadata };
}

/** What `tf.io.fromMemory` takes: the document with its weights as bytes. */
export function tfjsArtifacts({ weightData, ...document }: TfjsDocument): Omit<TfjsDocument, 'weightData'> & { readonly weightData: ArrayBuffer } {
  return { ...document, weightData: Uint8Array.from(atob(weightData), (character) => character.charCodeAt(0)).buffer };
}

const weight = (name: string, shape: readonly number[], values: ArrayLike<number>): KerasWeight => ({ name, shape, values });

function folded(graph: KerasGraph, window: Tensor, model: LayeredModel, parameters: ArrayLike<number>, targets: number): Tensor {
  const { kernel, bias } = foldedDense(model, parameters, targets);
  const flat = graph.layer('Flatten', {}, window);
  return graph.layer('Dense', { units: bias.length, activation: 'linear', use_bias: true }, flat, [weight('kernel', [kernel.length / bias.length, bias.length], kernel), weight('bias', [bias.length], bias)]);
}

function layered(graph: KerasGraph, window: Tensor, model: LayeredModel, parameters: ArrayLike<number>, targets: number): Tensor {
  const shapes = shapesOf(model);
  const blocks = parameterBlocks(model);
  const { features: outputs = 1 } = shapes.at(-1) ?? {};
  const anchors = model.anchored ? lastStep(graph, window, model) : null;
  let at: Place = { tensor: anchors === null ? window : graph.layer('Add', {}, [window, shifted(graph, anchors, model, targets)]), flat: false };
  for (const [index, layer] of model.layers.entries()) {
    const own = blocks.filter((block) => block.layer === index).map(({ name, shape, from, count }) => weight(name, shape, Array.from({ length: count }, (_, i) => parameters[from + i] ?? 0)));
    at = addLayer(graph, at, layer, shapes[index] ?? model, own);
  }
  const output = at.flat ? at.tensor : graph.layer('Flatten', {}, at.tensor);
  return anchors === null ? output : graph.layer('Add', {}, [output, fixed(graph, anchors, model.features, outputs, (feature, value) => (Math.floor(value / (outputs / targets)) === feature ? 1 : 0))]);
}

/** A dense layer without bias, whose kernel is known and is not trained. */
function fixed(graph: KerasGraph, over: Tensor, inputs: number, units: number, value: (input: number, unit: number) => number): Tensor {
  const kernel = Array.from({ length: inputs * units }, (_, place) => value(Math.floor(place / units), place % units));
  return graph.layer('Dense', { units, activation: 'linear', use_bias: false, trainable: false }, over, [weight('kernel', [inputs, units], kernel)]);
}

/** [features] */
function lastStep(graph: KerasGraph, over: Tensor, { steps, features }: LayerShape): Tensor {
  const rows = graph.layer('Reshape', { target_shape: [steps, 1, features] }, over);
  return graph.layer('Flatten', {}, graph.layer('Cropping2D', { cropping: [[steps - 1, 0], [0, 0]], data_format: 'channels_last' }, rows));
}

/** At each step, what is to be added to a target so that its last value becomes 0. */
function shifted(graph: KerasGraph, anchors: Tensor, { steps, features }: LayerShape, targets: number): Tensor {
  const negative = fixed(graph, anchors, features, features, (from, to) => (from === to && to < targets ? -1 : 0));
  return graph.layer('RepeatVector', { n: steps }, negative);
}

/** A tensor, and whether its one step is no axis of it. */
interface Place {
  readonly tensor: Tensor;
  readonly flat: boolean;
}

function addLayer(graph: KerasGraph, at: Place, layer: Layer, shape: LayerShape, weights: readonly KerasWeight[]): Place {
  const steps = (): Tensor => (at.flat ? graph.layer('Reshape', { target_shape: [shape.steps, shape.features] }, at.tensor) : at.tensor);
  switch (layer.kind) {
    case 'dense':
      return { tensor: graph.layer('Dense', { units: layer.units, activation: layer.activation, use_bias: true }, at.tensor, weights), flat: at.flat };
    case 'flatten':
      return at.flat ? at : { tensor: graph.layer('Flatten', {}, at.tensor), flat: true };
    case 'last':
      return at.flat ? at : { tensor: lastStep(graph, at.tensor, shape), flat: true };
    case 'decompose':
      return { tensor: decomposed(graph, steps(), shape, layer.window), flat: false };
    case 'lstm':
    case 'gru':
      return { tensor: recurrent(graph, steps(), layer, weights), flat: !layer.sequences };
    case 'tcn':
      return { tensor: residualBlock(graph, steps(), layer, shape, weights), flat: false };
    case 'dropout':
      return { tensor: dropped(graph, at.tensor, layer.rate), flat: at.flat };
  }
}

function dropped(graph: KerasGraph, over: Tensor, rate: number): Tensor {
  return rate === 0 ? over : graph.layer('Dropout', { rate }, over);
}

function recurrent(graph: KerasGraph, over: Tensor, { kind, units, sequences }: Extract<Layer, { kind: 'lstm' | 'gru' }>, weights: readonly KerasWeight[]): Tensor {
  const config = { units, activation: 'tanh', recurrent_activation: 'sigmoid', use_bias: true, return_sequences: sequences };
  const named = weights.map(({ name, shape, values }) => weight(name === 'recurrent' ? 'recurrent_kernel' : name, shape, values));
  return kind === 'lstm' ? graph.layer('LSTM', { ...config, unit_forget_bias: false }, over, named) : graph.layer('GRU', { ...config, reset_after: false }, over, named);
}

/** Remainder and trend of each feature, side by side: means over steps are products along the axis of steps. */
function decomposed(graph: KerasGraph, over: Tensor, { steps, features }: LayerShape, window: number): Tensor {
  const half = (window - 1) / 2;
  const means = new Float64Array(steps * steps);
  for (let t = 0; t < steps; t++) for (let k = t - half; k <= t + half; k++) means[Math.min(steps - 1, Math.max(0, k)) * steps + t]! += 1 / window;
  const across = graph.layer('Permute', { dims: [2, 1] }, over);
  const part = (sign: 1 | -1): Tensor => {
    const trend = graph.layer('Permute', { dims: [2, 1] }, fixed(graph, across, steps, steps, (from, to) => sign * (means[from * steps + to] ?? 0)));
    return graph.layer('Reshape', { target_shape: [steps, features, 1] }, sign === 1 ? trend : graph.layer('Add', {}, [over, trend]));
  };
  const both = graph.layer('Concatenate', { axis: 3 }, [part(-1), part(1)]);
  return graph.layer('Reshape', { target_shape: [steps, 2 * features] }, both);
}

/** TensorFlow.js pads no convolution of one axis on one side: it is one of two axes, the second of length 1. */
function residualBlock(graph: KerasGraph, over: Tensor, { filters, kernel, dilation, dropout }: Extract<Layer, { kind: 'tcn' }>, { steps, features }: LayerShape, weights: readonly KerasWeight[]): Tensor {
  const [kernel1, bias1, kernel2, bias2, skip] = weights;
  const rows = graph.layer('Reshape', { target_shape: [steps, 1, features] }, over);
  const convolved = (input: Tensor, from: number, values: KerasWeight | undefined, bias: KerasWeight | undefined): Tensor => {
    const padded = graph.layer('ZeroPadding2D', { padding: [[(kernel - 1) * dilation, 0], [0, 0]], data_format: 'channels_last' }, input);
    const config = { filters, kernel_size: [kernel, 1], strides: [1, 1], padding: 'valid', data_format: 'channels_last', dilation_rate: [dilation, 1], activation: 'relu', use_bias: true };
    const made = graph.layer('Conv2D', config, padded, [weight('kernel', [kernel, 1, from, filters], values?.values ?? []), weight('bias', [filters], bias?.values ?? [])]);
    return dropped(graph, made, dropout);
  };
  const twice = convolved(convolved(rows, features, kernel1, bias1), filters, kernel2, bias2);
  const beside = skip === undefined ? rows : graph.layer('Dense', { units: filters, activation: 'linear', use_bias: false }, rows, [weight('kernel', [features, filters], skip.values)]);
  const sum = graph.layer('Activation', { activation: 'relu' }, graph.layer('Add', {}, [twice, beside]));
  return graph.layer('Reshape', { target_shape: [steps, filters] }, sum);
}
