/**
 * Cases of the CUDA engine's training that reach where its work is cut: weights that a thread keeps in registers and those
 * that it reads at each step, columns that a block's threads take in turns, slabs of samples, tiles large and small.
 */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Layer } from '@corrente/shared/portable/trainer/layers';
import { PortableTrainer } from '@corrente/shared/portable/trainer/trainer';
import { assertNear, epochRequest, originsOf, parametersOf, problemOf, withOutputs, withTrainer, type ProblemShape } from '../../packages/compute/src/engine/engine.cases.trainer-models.ts';
import type { NativeEngine } from '../../packages/compute/src/engine/native.ts';
import { assertSameBits } from '../../packages/compute/test/oracle/compare.ts';
import type { TrainingProblem } from '../../packages/compute/test/oracle/trainer.ts';
import { inBoth, type SeamCase, withDeviceBytes } from './seam.cases.ts';

export interface TrainingSizes {
  /** More recurrent units than columns have threads. */
  readonly units: number;
  /** Units of a dense layer, more than a tile and a chunk of rows take. */
  readonly dense: number;
  /** Origins of a batch that does not pass through the layers at once. */
  readonly origins: number;
}

const shape: ProblemShape = { steps: 3, features: 2, targets: 1, groups: 1, horizon: 2, length: 30 };

/** What a float leaves of sums of some thousand products. */
const tolerance = { f64: 1e-11, f32: 2e-4 } as const;

/** What the portable engine trains, in float64. */
const portable = ({ windows, model, loss }: TrainingProblem): PortableTrainer => new PortableTrainer(windows, model, loss, parametersOf(model), false);

/** The loss and gradient of so many origins, against the portable engine's. */
async function checkAsPortable(engine: NativeEngine, layers: readonly Layer[], counts: readonly number[], precision: Precision): Promise<void> {
  const problem = problemOf(withOutputs(layers, shape), shape);
  const origins = originsOf(problem);
  for (const count of counts) {
    const some = origins.subarray(0, count);
    const expected = await portable(problem).gradient(some, {});
    await withTrainer(engine, problem, precision, async (session) => {
      const { loss, gradient } = await session.gradient(some, { precision });
      assertNear(`loss of ${count} origins`, [loss], [expected.loss], tolerance[precision]);
      assertNear(`gradient of ${count} origins`, gradient, expected.gradient, tolerance[precision]);
    });
  }
}

/** Layers whose batches take several slabs: dropout, sums of gradients and errors go on where the slab before ended. */
async function checkSlabs(engine: NativeEngine, origins: number, precision: Precision): Promise<void> {
  const large: ProblemShape = { ...shape, steps: 20, groups: 3, length: origins + 22 };
  const layers: readonly Layer[] = [{ kind: 'tcn', filters: 5, kernel: 2, dilation: 2, dropout: 0.3 }, { kind: 'last' }, { kind: 'dropout', rate: 0.2 }];
  const problem = problemOf(withOutputs(layers, large), large);
  const all = originsOf(problem);
  const request = epochRequest(all, { batchSize: Math.ceil(all.length / 2), learningRate: 1e-3, clipNorm: 0.5 });
  const peer = portable(problem);
  const expected = await peer.epoch(request, {});
  const expectedErrors = await peer.errors(all, {});
  await withTrainer(engine, problem, precision, async (session) => {
    assertNear('loss', [await session.epoch(request, { precision })], [expected], precision === 'f64' ? 1e-9 : 1e-3);
    const { squared, absolute } = await session.errors(all, { precision });
    // After two steps of Adam, whose sign a float's gradient near 0 may not have.
    assertNear('squared errors', squared, expectedErrors.squared, precision === 'f64' ? 1e-6 : 1e-2);
    assertNear('absolute errors', absolute, expectedErrors.absolute, precision === 'f64' ? 1e-6 : 1e-2);
  });
}

/** The same model after an epoch, whether or not larger slabs passed before. */
async function checkHistory(engine: NativeEngine, precision: Precision): Promise<void> {
  const problem = problemOf(withOutputs([{ kind: 'lstm', units: 6, sequences: false }], shape), shape);
  const origins = originsOf(problem);
  const request = epochRequest(origins, { batchSize: 4 });
  const fresh = await withTrainer(engine, problem, precision, async (session) => {
    await session.epoch(request, { precision });
    return session.state();
  });
  await withTrainer(engine, problem, precision, async (session) => {
    await session.forecast(origins, { precision });
    await session.gradient(origins, { precision });
    await session.epoch(request, { precision });
    assertSameBits(session.state(), fresh, (i) => `state after forecasts of many origins, value ${i},`);
  });
}

/** A model that the device has no room for is refused when the session is opened, with the bytes. */
async function checkRefusal(engine: NativeEngine): Promise<void> {
  const problem = problemOf(withOutputs([{ kind: 'lstm', units: 40, sequences: false }], shape), shape);
  const outcome = await withDeviceBytes(5000, () => withTrainer(engine, problem, 'f64', () => Promise.resolve('success')).catch((error: unknown) => error));
  const words = outcome instanceof Error ? outcome.message : String(outcome);
  if (!/5000 bytes free, \d+ were needed/.test(words)) throw new Error(`got ${words}, expected an error that tells the bytes needed`);
}

export function trainerSeamCases({ units, dense, origins }: TrainingSizes): SeamCase[] {
  return [
    ...(['lstm', 'gru'] as const).flatMap((kind) =>
      [32, 33, 64, 65, units].flatMap((count) =>
        inBoth(`training: ${kind} of ${count} units, a sample and more than a block carries`, (engine, precision) =>
          checkAsPortable(engine, [{ kind, units: count, sequences: true }, { kind: 'last' }], count > 100 ? [9] : [1, 2, 13], precision),
        ),
      ),
    ),
    ...inBoth(`training: dense layers of ${dense} units, off every tile`, (engine, precision) =>
      checkAsPortable(engine, [{ kind: 'dense', units: dense, activation: 'tanh' }, { kind: 'flatten' }, { kind: 'dense', units: dense + 1, activation: 'relu' }], [26], precision),
    ),
    ...inBoth(`training: batches of ${origins} origins pass in slabs, with one mask and one gradient`, (engine, precision) => checkSlabs(engine, origins, precision)),
    ...inBoth('training: the bits of an epoch do not depend on what the session did before', checkHistory),
    { name: 'training: a model that the device has no room for is refused with the bytes needed', run: checkRefusal },
  ];
}
