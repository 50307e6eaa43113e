/** TensorFlow.js as a peer: its own layers, its own Adam, its own way to train on a batch, on its WebAssembly backend. */
import { loadTfjs, useBackend } from '../../packages/compute/src/forecasting/tfjs/load-tfjs.ts';
import { uniform } from '../columns.ts';
import { timed } from '../benchmark.ts';

export interface TfjsPeer {
  readonly versions: Readonly<Record<string, string>>;
  readonly batch: number;
  /** Milliseconds of one batch, forward and backward and the step of Adam. */
  run(): Promise<number>;
}

/** An LSTM whose last state a dense layer takes to one value; mean squared error. */
export async function startTfjsLstm({ units, steps, features, batch }: { readonly units: number; readonly steps: number; readonly features: number; readonly batch: number }): Promise<TfjsPeer> {
  const tfjs = await loadTfjs();
  const backend = tfjs.backends[0] ?? 'cpu';
  await useBackend(tfjs, backend);
  const { core, layers } = tfjs;
  const model = layers.sequential({
    layers: [layers.layers.lstm({ units, inputShape: [steps, features], recurrentActivation: 'sigmoid' }), layers.layers.dense({ units: 1 })],
  });
  model.compile({ optimizer: core.train.adam(0.001), loss: 'meanSquaredError' });
  const next = uniform(3);
  const random = (count: number): Float32Array => Float32Array.from({ length: count }, () => 2 * next() - 1);
  const x = core.tensor3d(random(batch * steps * features), [batch, steps, features]);
  const y = core.tensor2d(random(batch), [batch, 1]);
  return { versions: { tfjs: `${core.version_core}, ${backend}` }, batch, run: () => timed(() => model.trainOnBatch(x, y)) };
}
