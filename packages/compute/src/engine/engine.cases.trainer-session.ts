/** Training: sessions, their state, refusals, cancelling and progress. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Layer } from '@corrente/shared/portable/trainer/layers';
import { assertSameBits } from '../../test/oracle/compare.ts';
import type { TrainingProblem } from '../../test/oracle/trainer.ts';
import { gaussianColumns } from '../../test/series/columns.ts';
import type { Engine } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import { epochRequest, originsOf, parametersOf, problemOf, stream, withOutputs, withTrainer, type ProblemShape } from './engine.cases.trainer-models.ts';
import type { EngineCase } from './engine.cases.ts';

const shape: ProblemShape = { steps: 6, features: 2, targets: 1, groups: 2, horizon: 2, length: 90, anchored: true };
const layers: readonly Layer[] = [{ kind: 'lstm', units: 5, sequences: true }, { kind: 'dropout', rate: 0.2 }, { kind: 'tcn', filters: 4, kernel: 2, dilation: 1, dropout: 0.1 }, { kind: 'last' }];
const problem: TrainingProblem = problemOf(withOutputs(layers, shape), shape);
const origins = originsOf(problem);

const request = (draw: number, clipNorm = 0) => epochRequest(origins, { batchSize: 20, clipNorm, stream: [stream[0], draw, 0, 0] });

const sameBits = (what: string, got: ArrayLike<number>, expected: ArrayLike<number>): void => assertSameBits(got, expected, (i) => `${what}, value ${i}`);

/** Models and windows that are wrong, each with what is wrong about it. */
const wrong: ReadonlyArray<readonly [what: string, change: (right: TrainingProblem) => TrainingProblem]> = [
  ['a model whose outputs are not what is foretold', (right) => ({ ...right, model: { ...right.model, layers: [...right.model.layers.slice(0, -1), { kind: 'dense', units: 3, activation: 'linear' }] } })],
  ['a model that keeps its steps', (right) => ({ ...right, model: { ...right.model, layers: right.model.layers.filter(({ kind }) => kind !== 'last') } })],
  ['a layer of no units', (right) => ({ ...right, model: { ...right.model, layers: [{ kind: 'lstm', units: 0, sequences: true }, ...right.model.layers] } })],
  ['a decomposition that is not the first layer', (right) => ({ ...right, model: { ...right.model, layers: right.model.layers.toSpliced(1, 0, { kind: 'decompose', window: 3 }) } })],
  ['a decomposition over an even window', (right) => ({ ...right, model: { ...right.model, layers: [{ kind: 'decompose', window: 4 }, ...right.model.layers] } })],
  ['a dropout of everything', (right) => ({ ...right, model: { ...right.model, layers: [{ kind: 'dropout', rate: 1 }, ...right.model.layers] } })],
  ['a series that is not there', (right) => ({ ...right, windows: { ...right.windows, groups: [{ inputs: Int32Array.of(0, 9), targets: Int32Array.of(0) }] } })],
  ['inputs that are not the features', (right) => ({ ...right, windows: { ...right.windows, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] } })],
  ['no groups', (right) => ({ ...right, windows: { ...right.windows, groups: [] } })],
  ['a horizon of no rows', (right) => ({ ...right, windows: { ...right.windows, horizon: 0 } })],
];

/** Parameters after some epochs. */
const trained = (engine: Engine, precision: Precision) =>
  withTrainer(engine, problem, precision, async (session) => {
    for (const draw of [1, 2]) await session.epoch(request(draw), { precision });
    return session.state();
  });

export const trainerSessionCases: EngineCase[] = [
  ...inBothPrecisions('training: same seed, same bits; another seed, another model', async (engine, precision) => {
    const first = await trained(engine, precision);
    assertReals(first, precision);
    sameBits('state', await trained(engine, precision), first);
    const other = await withTrainer(engine, problem, precision, async (session) => {
      for (const draw of [1, 3]) await session.epoch(request(draw), { precision });
      return session.state();
    });
    if (other.every((value, i) => Object.is(value, first[i]))) throw new Error('two streams of dropout gave the same model');
  }),
  ...inBothPrecisions('training: a session that takes up a state goes on with the same bits', async (engine, precision) => {
    await withTrainer(engine, problem, precision, async (one) => {
      await one.epoch(request(1, 0.5), { precision });
      const state = one.state();
      if (state.length !== 3 * one.parameterCount + 1) throw new Error(`got a state of ${state.length} values, expected 3 × ${one.parameterCount} + 1`);
      const loss = await one.epoch(request(2, 0.5), { precision });
      await withTrainer(engine, problem, precision, async (other) => {
        other.restore(state);
        sameBits('parameters', other.parameters(), state.subarray(0, other.parameterCount));
        sameBits('loss', [await other.epoch(request(2, 0.5), { precision })], [loss]);
        sameBits('state', other.state(), one.state());
      });
    });
  }),
  ...inBothPrecisions('training: setParameters replaces them and keeps the moments', async (engine, precision) => {
    await withTrainer(engine, problem, precision, async (session) => {
      await session.epoch(request(1), { precision });
      const before = session.state();
      const count = session.parameterCount;
      const values = session.parameters().map((value) => value / 2);
      session.setParameters(values);
      sameBits('parameters', session.parameters(), values);
      sameBits('moments and steps', session.state().subarray(count), before.subarray(count));
      // Copies: what a caller does to them changes nothing.
      session.parameters().fill(7);
      session.state().fill(7);
      sameBits('parameters after copies were changed', session.parameters(), values);
    });
  }),
  ...inBothPrecisions('training: forecasts and gradients leave the model as it is', async (engine, precision) => {
    await withTrainer(engine, problem, precision, async (session) => {
      const before = session.state();
      const forecast = await session.forecast(origins, { precision });
      await session.gradient(origins, { precision });
      await session.errors(origins, { precision });
      sameBits('state', session.state(), before);
      sameBits('forecast', await session.forecast(origins, { precision }), forecast);
    });
  }),
  ...inBothPrecisions('training: forecasts of one origin are those of many, and reach beyond the last row', async (engine, precision) => {
    await withTrainer(engine, problem, precision, async (session) => {
      const { length } = problem.windows.columns;
      const all = await session.forecast(Int32Array.from([...origins, length]), { precision });
      const values = all.length / (origins.length + 1);
      const last = await session.forecast(Int32Array.of(length), { precision });
      if (last.length !== values || last.some((value) => !Number.isFinite(value))) throw new Error(`got ${last.join(', ')}, expected ${values} finite values`);
      const close = precision === 'f64' ? 1e-13 : 1e-5;
      for (const [i, value] of last.entries()) {
        const among = all[origins.length * values + i] ?? Number.NaN;
        if (!(Math.abs(value - among) <= close)) throw new Error(`forecast ${i}: got ${value} alone and ${among} among others`);
      }
      const none = await session.forecast(new Int32Array(0), { precision });
      if (none.length !== 0) throw new Error(`got ${none.length} forecasts of no origins`);
    });
  }),
  ...inBothPrecisions('training: a loss that is not finite ends the epoch as NaN', async (engine, precision) => {
    const steep = problemOf(withOutputs([{ kind: 'dense', units: 4, activation: 'relu' }, { kind: 'last' }], shape), shape);
    await withTrainer(engine, steep, precision, async (session) => {
      session.setParameters(session.parameters().fill(precision === 'f64' ? 1e200 : 1e30));
      const loss = await session.epoch(epochRequest(origins), { precision });
      if (!Number.isNaN(loss)) throw new Error(`got a loss of ${loss}, expected NaN`);
      const steps = session.state().at(-1);
      if (steps !== 0) throw new Error(`got ${steps} steps after a batch whose loss is not finite, expected 0`);
    });
  }),
  ...wrong.flatMap(([what, change]) =>
    inBothPrecisions(`training: ${what} is refused`, async (engine, precision) => {
      const { windows, model, loss } = change(problem);
      await assertRejects(() => engine.openTrainer(windows, { model, loss, parameters: new Float64Array(1000) }, { precision }), 'internal');
    }),
  ),
  ...inBothPrecisions('training: parameters, origins and states of the wrong size or place are refused', async (engine, precision) => {
    const { windows, model, loss } = problem;
    const parameters = parametersOf(model);
    await assertRejects(() => engine.openTrainer(windows, { model, loss, parameters: parameters.subarray(1) }, { precision }), 'internal');
    await withTrainer(engine, problem, precision, async (session) => {
      const { length } = windows.columns;
      for (const outside of [model.steps - 1, length - windows.horizon + 1, -1]) {
        const some = Int32Array.of(model.steps, outside);
        await assertRejects(() => session.epoch(epochRequest(some), { precision }), 'internal');
        await assertRejects(() => session.errors(some, { precision }), 'internal');
        await assertRejects(() => session.gradient(some, { precision }), 'internal');
      }
      await assertRejects(() => session.forecast(Int32Array.of(length + 1), { precision }), 'internal');
      await assertRejects(() => session.epoch(epochRequest(origins, { batchSize: 0 }), { precision }), 'internal');
      await assertRejects(async () => session.setParameters(session.parameters().subarray(1)), 'internal');
      await assertRejects(async () => session.restore(session.state().subarray(1)), 'internal');
      await session.epoch(request(1), { precision });
    });
  }),
  ...inBothPrecisions('training: a session in another precision than asked for, and a closed one, refuse', async (engine, precision) => {
    const { windows, model, loss } = problem;
    const session = await engine.openTrainer(windows, { model, loss, parameters: parametersOf(model) }, { precision });
    await assertRejects(() => session.forecast(origins, { precision: precision === 'f64' ? 'f32' : 'f64' }), 'internal');
    session.close();
    await assertRejects(() => session.forecast(origins, { precision }), 'internal');
    await assertRejects(async () => session.state(), 'internal');
  }),
  ...inBothPrecisions('training: an aborted signal rejects with code cancelled', async (engine, precision) => {
    const options = { precision, signal: AbortSignal.abort() };
    await withTrainer(engine, problem, precision, async (session) => {
      await assertRejects(() => session.epoch(request(1), options), 'cancelled');
      await assertRejects(() => session.forecast(origins, options), 'cancelled');
    });
  }),
  ...inBothPrecisions('training: an epoch that is aborted in its midst rejects within a second, and the session lives on', async (engine, precision) => {
    const large: ProblemShape = { ...shape, length: 3000 };
    const long: TrainingProblem = { ...problemOf(withOutputs(layers, large), large), windows: { ...problem.windows, columns: gaussianColumns(4, 3000, { seed: 302 }) } };
    const all = originsOf(long);
    await withTrainer(engine, long, precision, async (session) => {
      await checkAbortInMidst((options) => session.epoch(epochRequest(all, { batchSize: 64 }), options), precision);
      const loss = await session.epoch(epochRequest(all.subarray(0, 20)), { precision });
      if (!Number.isFinite(loss)) throw new Error(`after a cancelled epoch the loss was ${loss}, expected a finite one`);
    });
  }),
  ...inBothPrecisions('training: an epoch reports fractions that climb within [0, 1]', async (engine, precision) => {
    await withTrainer(engine, problem, precision, (session) => checkProgress((options) => session.epoch(request(1), options), precision));
  }),
];
