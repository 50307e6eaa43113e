/** What a layer takes, as its rule finds it from the settings and the shapes that come in. */
import { type LayerConfig, type Shape, shapeText, sizeOf } from './layer-config.ts';

export interface LayerCost {
  readonly output: Shape;
  /** Weights, those that are not trained too. */
  readonly parameters: number;
  /** Values that TensorFlow.js holds for each sample until the gradient is taken. */
  readonly held: number;
  /** Multiplications and additions for each sample, forward. */
  readonly operations: number;
  /** Settings that TensorFlow.js needs said, where Keras finds them itself; of a wrapper, those of the layer within. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export type LayerRule = (config: LayerConfig, inputs: readonly Shape[]) => LayerCost;

/** The only input, which must have so many axes. */
export function inputOf(config: LayerConfig, inputs: readonly Shape[], rank?: number, axes = ''): Shape {
  const [shape] = inputs;
  if (shape === undefined || inputs.length !== 1) return config.fail(`has ${inputs.length} inputs; expected one.`);
  if (rank === undefined || shape.length === rank) return shape;
  return config.fail(`has an input of shape ${shapeText(shape)}; expected ${rank === 1 ? 'one axis' : `${rank} axes`}${axes}.`);
}

/** Without weights, made value by value: held are the output and some values on the way to it. */
export function plain(output: Shape, parameters = 0): LayerCost {
  return { output, parameters, held: 4 * sizeOf(output), operations: 2 * sizeOf(output) };
}
