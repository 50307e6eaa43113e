/** A model of TensorFlow.js as flat lists of weights and gradients; all its work is synchronous. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { RandomStream } from '@corrente/shared/portable/random';
import type { Shape } from '@corrente/shared/tfjs/layer-config';
import type { KerasWeight } from '@corrente/shared/tfjs/keras-graph';
import type { CheckedModel } from '@corrente/shared/tfjs/model-cost';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { TrainingLoss } from '../../engine/contract.trainer.ts';
import { type Tfjs, type TfjsBackend, useBackend } from './load-tfjs.ts';
import { withoutWarnings, withSeededRandom } from './seeded.ts';

/** The JSON of a model, which modelFromJSON takes apart while it reads it. */
type TopologyCopy = Extract<Parameters<Tfjs['layers']['models']['modelFromJSON']>[0], { modelTopology: object }>['modelTopology'];

interface Weight {
  readonly layer: LayerVariable;
  readonly variable: Variable;
  readonly trained: boolean;
  readonly from: number;
  readonly to: number;
}

/** Initial weights draw from what no other use of the seed has: the word spells "tfjs". */
const initialWeights = (seed: number): RandomStream => [seed >>> 0, 0x74666a73, 0, 0];

export class TfjsModel {
  readonly parameterCount: number;
  readonly #tfjs: Tfjs;
  readonly #model: LayersModel;
  readonly #weights: readonly Weight[];
  readonly #input: Shape;
  readonly #outputs: number;
  readonly #loss: TrainingLoss;

  private constructor(tfjs: Tfjs, model: LayersModel, input: Shape, outputs: number, loss: TrainingLoss) {
    this.#tfjs = tfjs;
    this.#model = model;
    this.#input = input;
    this.#outputs = outputs;
    this.#loss = loss;
    const trained = new Set(model.trainableWeights);
    let from = 0;
    this.#weights = model.weights.map((layer) => {
      const variable = layer.read();
      if (!(variable instanceof tfjs.core.Variable)) throw new CorrenteError('internal', `The weight ${layer.name} of TensorFlow.js is no variable.`);
      const to = from + variable.size;
      const weight = { layer, variable, trained: trained.has(layer), from, to };
      from = to;
      return weight;
    });
    this.parameterCount = from;
  }

  /**
   * Builds the model with weights that depend on the seed alone, on the first backend that can train it; the model's
   * backend must be in use whenever one of its functions is called. Throws `model-invalid` with TensorFlow.js's reason.
   */
  static async build(tfjs: Tfjs, { topology, input }: CheckedModel, { outputs, seed, loss, log }: { readonly outputs: number; readonly seed: number; readonly loss: TrainingLoss; readonly log: (level: 'info' | 'warn', message: string) => void }): Promise<{ model: TfjsModel; backend: TfjsBackend }> {
    const [first = 'cpu'] = tfjs.backends;
    await useBackend(tfjs, first);
    const { core, layers } = tfjs;
    const before = new Set(Object.keys(core.engine().registeredVariables));
    try {
      // modelFromJSON makes the model before it first waits, and with no weights to load it waits for nothing.
      let pending: Promise<LayersModel> | undefined;
      const modelTopology: TopologyCopy = JSON.parse(JSON.stringify(topology));
      const warnings = withoutWarnings(() =>
        withSeededRandom(initialWeights(seed), 0, () => {
          core.tidy(() => {
            pending = layers.models.modelFromJSON({ modelTopology });
          });
        }),
      );
      for (const warning of warnings) log('warn', `TensorFlow.js: ${warning}`);
      if (pending === undefined) throw new CorrenteError('internal', 'TensorFlow.js made no model.');
      const model = new TfjsModel(tfjs, await pending, input, outputs, loss);
      if (!model.#weights.some(({ trained }) => trained)) throw new CorrenteError('model-invalid', 'The model has no weights that are trained; expected some.');
      return { model, backend: await model.#firstThatTrains(log) };
    } catch (error) {
      for (const [name, variable] of Object.entries(core.engine().registeredVariables)) if (!before.has(name)) variable.dispose();
      throw error instanceof CorrenteError ? error : new CorrenteError('model-invalid', `TensorFlow.js cannot build the model: ${messageOf(error)}`, { cause: error });
    }
  }

  /** Tries a gradient of one sample of zeros on each backend, and leaves the weights as they were. */
  async #firstThatTrains(log: (level: 'info' | 'warn', message: string) => void): Promise<TfjsBackend> {
    const weights = this.parameters();
    for (const backend of this.#tfjs.backends) {
      await useBackend(this.#tfjs, backend);
      try {
        this.gradient(new Float32Array(this.#input.reduce((product, length) => product * length, 1)), new Float32Array(this.#outputs), 1, { training: true, stream: [0, 0, 0, 0], draw: 0 });
        this.setParameters(weights);
        return backend;
      } catch (error) {
        const missing = /Kernel '(\w+)' not registered/.exec(messageOf(error))?.[1];
        if (missing === undefined || backend === this.#tfjs.backends.at(-1)) throw error;
        log('warn', `The backend ${backend} of TensorFlow.js cannot train this model, since it has no ${missing}; the model trains on a slower one.`);
      }
    }
    throw new CorrenteError('internal', 'No backend of TensorFlow.js is here.');
  }

  /** A copy, [parameterCount]: those that are trained, then the others, such as moving means. */
  parameters(): Float32Array<ArrayBuffer> {
    const values = new Float32Array(this.parameterCount);
    for (const { variable, from } of this.#weights) values.set(variable.dataSync(), from);
    return values;
  }

  /** With the names by which a document of the layers format finds them. */
  namedWeights(): KerasWeight[] {
    return this.#weights.map(({ layer, variable }) => ({ name: layer.originalName, shape: variable.shape, values: variable.dataSync() }));
  }

  setParameters(values: Float32Array): void {
    this.#tfjs.core.tidy(() => {
      for (const { variable, from, to } of this.#weights) variable.assign(this.#tfjs.core.tensor(values.slice(from, to), variable.shape));
    });
  }

  /** As `setParameters`, for those that are trained, within the constraints that the layers put on them. */
  moveParameters(values: Float32Array): void {
    this.#tfjs.core.tidy(() => {
      for (const { layer, variable, trained, from, to } of this.#weights) if (trained) layer.write(this.#tfjs.core.tensor(values.slice(from, to), variable.shape));
    });
  }

  /** Forecasts [samples × outputs] of inputs [samples × input], without dropout. */
  forecast(inputs: Float32Array, samples: number): Float32Array {
    return this.#tfjs.core.tidy(() => Float32Array.from(this.#apply(inputs, samples, false).dataSync()));
  }

  /**
   * The mean loss of the samples, with the penalties of regularisers, and its gradient [parameterCount], 0 for what is
   * not trained. In training, dropout draws from draw `draw` of the stream, and batch normalisation moves its means.
   */
  gradient(inputs: Float32Array, targets: Float32Array, samples: number, mode: { readonly training: boolean; readonly stream: RandomStream; readonly draw: number }): { loss: number; gradient: Float32Array<ArrayBuffer> } {
    const { core } = this.#tfjs;
    const trained = this.#weights.filter((weight) => weight.trained);
    const measured = (): Scalar => {
      const wanted = core.tensor2d(targets, [samples, this.#outputs]);
      const mean = this.#lossOf(core.sub(this.#apply(inputs, samples, mode.training), wanted));
      return this.#model.calculateLosses().reduce((sum, penalty): Scalar => core.add(sum, penalty), mean);
    };
    return withSeededRandom(mode.stream, mode.draw, () =>
      core.tidy(() => {
        const { value, grads } = core.variableGrads(measured, trained.map(({ variable }) => variable));
        const gradient = new Float32Array(this.parameterCount);
        // A weight that the output does not depend on has no gradient.
        for (const { variable, from } of trained) gradient.set(grads[variable.name]?.dataSync() ?? [], from);
        return { loss: value.dataSync()[0] ?? Number.NaN, gradient };
      }),
    );
  }

  #apply(inputs: Float32Array, samples: number, training: boolean): Tensor {
    const { core } = this.#tfjs;
    const made = this.#model.call(core.tensor(inputs, [samples, ...this.#input]), { training });
    const [output] = Array.isArray(made) ? made : [made];
    if (output === undefined) throw new CorrenteError('internal', 'The model of TensorFlow.js gave no output.');
    return core.reshape(output, [samples, this.#outputs]);
  }

  #lossOf(difference: Tensor): Scalar {
    const { core } = this.#tfjs;
    if (this.#loss === 'mse') return core.mean(core.square(difference));
    const absolute = core.abs(difference);
    if (this.#loss === 'mae') return core.mean(absolute);
    const inner = core.minimum(absolute, 1);
    return core.mean(core.add(core.mul(0.5, core.square(inner)), core.sub(absolute, inner)));
  }

  dispose(): void {
    this.#model.dispose();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
