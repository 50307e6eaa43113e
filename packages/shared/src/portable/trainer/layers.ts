/**
 * Models as chains of layers, which every engine trains alike: what a layer does, the shapes between layers, and where
 * each parameter stands in the one flat list that engines, files and exports share.
 */
import { randomWords, type RandomStream } from '../random.ts';

export type Activation = 'linear' | 'relu' | 'tanh' | 'sigmoid';

/**
 * A layer takes a sample [steps × features] to another.
 *
 * dense: act(x W + b) at each step. `fanIn` is the number of inputs that its first parameters are scaled by, where that
 * is not all of them.
 * flatten: [1 × steps · features], step by step. last: the last step alone.
 * decompose: [steps × 2 features], of each feature the remainder x - m, then its trend m: the mean over a centred window
 * of `window` steps (odd), the first and last value standing in for what lies beyond the ends. Only the first layer.
 * lstm: gates i, f, c, o (Hochreiter and Schmidhuber 1997; Gers et al. 2000); gru: gates z, r, h, with r applied to the
 * state before its product, h' = z h + (1 - z) tanh(x W + (r h) U + b) (Cho et al. 2014); both as Keras has them, from
 * a state of 0. `sequences`: the state at every step, otherwise at the last alone.
 * tcn: a residual block of two causal convolutions (Bai, Kolter and Koltun 2018): with c1 = drop(relu(conv(x))) and
 * c2 = drop(relu(conv(c1))), relu(c2 + s); s is x, or x W where the features differ in number. A convolution looks at
 * `kernel` steps, `dilation` apart, the last being its own; before the first step there are zeros.
 * dropout: in training, each value is 0 with probability `rate`, otherwise divided by 1 - rate.
 */
export type Layer =
  | { readonly kind: 'dense'; readonly units: number; readonly activation: Activation; readonly fanIn?: number }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'last' }
  | { readonly kind: 'decompose'; readonly window: number }
  | { readonly kind: 'lstm' | 'gru'; readonly units: number; readonly sequences: boolean }
  | { readonly kind: 'tcn'; readonly filters: number; readonly kernel: number; readonly dilation: number; readonly dropout: number }
  | { readonly kind: 'dropout'; readonly rate: number };

export interface LayeredModel {
  readonly steps: number;
  readonly features: number;
  /**
   * Whether the last value of each target in the look-back is taken off the inputs of that target, and put back on its
   * outputs (the normalisation of NLinear: Zeng et al. 2023).
   */
  readonly anchored: boolean;
  /** The last one makes [1 × targets · horizon]: the forecasts of the first target, step by step, then of the second. */
  readonly layers: readonly Layer[];
}

export interface LayerShape {
  readonly steps: number;
  readonly features: number;
}

/** Parameters of one layer, row-major, from place `from` of the flat list on. */
export interface ParameterBlock {
  readonly layer: number;
  /** As Keras names weights: kernel [inputs × units], recurrent [units × units of all gates], bias; of tcn see `blocksOf`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly count: number;
  /** First values are uniform in ± 1 / √fanIn. */
  readonly fanIn: number;
}

const after = (layer: Layer, { steps, features }: LayerShape): LayerShape => {
  switch (layer.kind) {
    case 'dense':
      return { steps, features: layer.units };
    case 'flatten':
      return { steps: 1, features: steps * features };
    case 'last':
      return { steps: 1, features };
    case 'decompose':
      return { steps, features: 2 * features };
    case 'lstm':
    case 'gru':
      return { steps: layer.sequences ? steps : 1, features: layer.units };
    case 'tcn':
      return { steps, features: layer.filters };
    case 'dropout':
      return { steps, features };
  }
};

/** The shape before each layer, and at last that of the output: [layers + 1]. */
export function shapesOf({ steps, features, layers }: LayeredModel): LayerShape[] {
  const shapes: LayerShape[] = [{ steps, features }];
  for (const layer of layers) shapes.push(after(layer, shapes.at(-1) ?? { steps, features }));
  return shapes;
}

/** Name, shape and fan-in of a layer's parameters, in the order in which they stand. */
function blocksOf(layer: Layer, { features }: LayerShape): Array<Pick<ParameterBlock, 'name' | 'shape' | 'fanIn'>> {
  if (layer.kind === 'dense') {
    const fanIn = layer.fanIn ?? features;
    return [{ name: 'kernel', shape: [features, layer.units], fanIn }, { name: 'bias', shape: [layer.units], fanIn }];
  }
  if (layer.kind === 'lstm' || layer.kind === 'gru') {
    const { units } = layer;
    const gates = (layer.kind === 'lstm' ? 4 : 3) * units;
    return [
      { name: 'kernel', shape: [features, gates], fanIn: units },
      { name: 'recurrent', shape: [units, gates], fanIn: units },
      { name: 'bias', shape: [gates], fanIn: units },
    ];
  }
  if (layer.kind === 'tcn') {
    const { filters, kernel } = layer;
    return [
      { name: 'kernel1', shape: [kernel, features, filters], fanIn: kernel * features },
      { name: 'bias1', shape: [filters], fanIn: kernel * features },
      { name: 'kernel2', shape: [kernel, filters, filters], fanIn: kernel * filters },
      { name: 'bias2', shape: [filters], fanIn: kernel * filters },
      ...(features === filters ? [] : [{ name: 'skip', shape: [features, filters], fanIn: features }]),
    ];
  }
  return [];
}

/** All parameters of a model, layer after layer, without a gap. */
export function parameterBlocks(model: LayeredModel): ParameterBlock[] {
  const shapes = shapesOf(model);
  const blocks: ParameterBlock[] = [];
  let from = 0;
  for (const [layer, description] of model.layers.entries()) {
    const shape = shapes[layer];
    if (shape === undefined) continue;
    for (const block of blocksOf(description, shape)) {
      const count = block.shape.reduce((product, length) => product * length, 1);
      blocks.push({ layer, ...block, from, count });
      from += count;
    }
  }
  return blocks;
}

export function parameterCount(model: LayeredModel): number {
  return parameterBlocks(model).reduce((sum, { count }) => sum + count, 0);
}

/** Parameters to begin with, [count]: the same on every engine. Block k takes the words of draw k of the stream. */
export function initialParameters(model: LayeredModel, stream: RandomStream): Float64Array<ArrayBuffer> {
  const blocks = parameterBlocks(model);
  const values = new Float64Array(parameterCount(model));
  for (const [draw, { from, count, fanIn }] of blocks.entries()) {
    const words = randomWords(stream, draw);
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = from; i < from + count; i++) values[i] = bound * ((words.next().value + 0.5) / 2 ** 31 - 1);
  }
  return values;
}
