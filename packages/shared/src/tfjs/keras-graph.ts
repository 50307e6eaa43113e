/** A graph of Keras layers with their weights, put together layer by layer. */

export interface KerasWeight {
  /** As TensorFlow.js names it: layer/weight. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

interface GraphLayer {
  readonly class_name: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: ReadonlyArray<ReadonlyArray<readonly [layer: string, node: number, tensor: number, use: object]>>;
}

export interface GraphTopology {
  readonly class_name: 'Functional';
  readonly config: {
    readonly name: string;
    readonly layers: readonly GraphLayer[];
    readonly input_layers: readonly unknown[];
    readonly output_layers: readonly unknown[];
  };
  readonly keras_version: string;
  readonly backend: string;
}

/** What a layer computes from, and as what it is known. */
export type Tensor = string;

export class KerasGraph {
  readonly weights: KerasWeight[] = [];
  readonly #name: string;
  readonly #layers: GraphLayer[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** The input of the graph; the first thing to be added. */
  input(shape: readonly number[]): Tensor {
    this.#layers.push({ class_name: 'InputLayer', name: 'window', config: { name: 'window', batch_input_shape: [null, ...shape], dtype: 'float32', sparse: false }, inbound_nodes: [] });
    return 'window';
  }

  /** A layer over one or several others, with its weights in the order in which Keras makes them. */
  layer(className: string, config: Readonly<Record<string, unknown>>, over: Tensor | readonly Tensor[], weights: readonly KerasWeight[] = []): Tensor {
    const name = `${className.toLowerCase()}_${this.#layers.length}`;
    const inputs = typeof over === 'string' ? [over] : over;
    this.#layers.push({ class_name: className, name, config: { name, trainable: true, ...config }, inbound_nodes: [inputs.map((input) => [input, 0, 0, {}] as const)] });
    this.weights.push(...weights.map((weight) => ({ name: `${name}/${weight.name}`, shape: weight.shape, values: weight.values })));
    return name;
  }

  topology(output: Tensor): GraphTopology {
    return {
      class_name: 'Functional',
      config: { name: this.#name, layers: this.#layers, input_layers: [['window', 0, 0]], output_layers: [[output, 0, 0]] },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    };
  }
}
