/** A chain of linear layers is one product with a matrix: it is folded into that, from the last layer to the first. */
import { type LayeredModel, parameterBlocks, shapesOf } from '../portable/trainer/layers.ts';

/** output = input · kernel + bias, the input being the window, step by step: kernel [steps · features × outputs]. */
export interface FoldedDense {
  readonly kernel: Float64Array;
  readonly bias: Float64Array;
}

export function isLinear({ layers }: LayeredModel): boolean {
  return layers.every((layer) => ['flatten', 'last', 'decompose', 'dropout'].includes(layer.kind) || (layer.kind === 'dense' && layer.activation === 'linear'));
}

/** Of a model of linear layers, with parameters [parameterCount] and so many targets; anchoring is folded in. */
export function foldedDense(model: LayeredModel, parameters: ArrayLike<number>, targets: number): FoldedDense {
  const shapes = shapesOf(model);
  const blocks = parameterBlocks(model);
  const { steps: lastSteps = 1, features: lastFeatures = 1 } = shapes.at(-1) ?? {};
  const outputs = lastSteps * lastFeatures;
  const bias = new Float64Array(outputs);
  let kernel: Float64Array<ArrayBuffer> | null = null;
  for (const [index, layer] of [...model.layers.entries()].toReversed()) {
    const { steps = 1, features = 1 } = shapes[index] ?? {};
    const [weights = [], offsets = []] = blocks.filter((block) => block.layer === index).map(({ from, count }) => Array.from({ length: count }, (_, i) => parameters[from + i] ?? 0));
    if (layer.kind === 'dense' && kernel === null && steps === 1) {
      // Nothing comes after it: it is the product itself.
      kernel = Float64Array.from(weights);
      bias.set(offsets);
      continue;
    }
    kernel ??= identity(outputs);
    if (layer.kind === 'dense') {
      for (let row = 0; row < steps * layer.units; row++) for (let o = 0; o < outputs; o++) bias[o]! += (offsets[row % layer.units] ?? 0) * kernel[row * outputs + o]!;
      kernel = beforeDense(kernel, weights, { steps, features, units: layer.units, outputs });
    }
    if (layer.kind === 'last') {
      const all = new Float64Array(steps * features * outputs);
      all.set(kernel, (steps - 1) * features * outputs);
      kernel = all;
    }
    if (layer.kind === 'decompose') kernel = beforeDecompose(kernel, { steps, features, outputs, window: layer.window });
  }
  kernel ??= identity(outputs);
  if (model.anchored) foldAnchor(kernel, model, targets, outputs);
  return { kernel, bias };
}

function identity(size: number): Float64Array<ArrayBuffer> {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * size + i] = 1;
  return matrix;
}

/** Of what a dense layer makes of each step: its own weights [features × units] times what follows. */
function beforeDense(after: Float64Array, weights: readonly number[], { steps, features, units, outputs }: { readonly steps: number; readonly features: number; readonly units: number; readonly outputs: number }): Float64Array<ArrayBuffer> {
  const kernel = new Float64Array(steps * features * outputs);
  for (let row = 0; row < steps * features; row++) {
    const step = Math.floor(row / features);
    for (let u = 0; u < units; u++) {
      const weight = weights[(row % features) * units + u] ?? 0;
      for (let o = 0; o < outputs; o++) kernel[row * outputs + o]! += weight * after[(step * units + u) * outputs + o]!;
    }
  }
  return kernel;
}

/** The trend of step t is the mean of the steps about it, the ends standing in for what lies beyond. */
function beforeDecompose(after: Float64Array, { steps, features, outputs, window }: { readonly steps: number; readonly features: number; readonly outputs: number; readonly window: number }): Float64Array<ArrayBuffer> {
  const kernel = new Float64Array(steps * features * outputs);
  const half = (window - 1) / 2;
  for (let t = 0; t < steps; t++) {
    for (let f = 0; f < features; f++) {
      const remainder = (t * features + f) * 2 * outputs;
      const trend = remainder + outputs;
      for (let o = 0; o < outputs; o++) kernel[(t * features + f) * outputs + o]! += after[remainder + o]!;
      for (let k = t - half; k <= t + half; k++) {
        const row = (Math.min(steps - 1, Math.max(0, k)) * features + f) * outputs;
        for (let o = 0; o < outputs; o++) kernel[row + o]! += (after[trend + o]! - after[remainder + o]!) / window;
      }
    }
  }
  return kernel;
}

/** The last value of a target is taken off all its inputs, and put back on its outputs. */
function foldAnchor(kernel: Float64Array, { steps, features }: LayeredModel, targets: number, outputs: number): void {
  const horizon = outputs / targets;
  for (let target = 0; target < targets; target++) {
    const last = ((steps - 1) * features + target) * outputs;
    const sums = new Float64Array(outputs);
    for (let t = 0; t < steps; t++) for (let o = 0; o < outputs; o++) sums[o]! += kernel[(t * features + target) * outputs + o]!;
    for (let o = 0; o < outputs; o++) kernel[last + o]! += (Math.floor(o / horizon) === target ? 1 : 0) - sums[o]!;
  }
}
