/** Training: what every engine must get right of forecasts, gradients and steps of the optimiser. */
import type { Layer } from '@corrente/shared/portable/trainer/layers';
import { assertClose } from '../../test/oracle/compare.ts';
import { droppedOracle, epochOracle, forecastOracle, freshState, gradientOracle, lossOracle } from '../../test/oracle/trainer.ts';
import type { Engine } from './contract.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import { trainerSessionCases } from './engine.cases.trainer-session.ts';
import { assertNear, epochRequest, originsOf, parametersOf, problemOf, rounded, stream, withOutputs, withTrainer, type ProblemShape } from './engine.cases.trainer-models.ts';
import type { EngineCase } from './engine.cases.ts';

const base: ProblemShape = { steps: 5, features: 2, targets: 1, groups: 1, horizon: 2, length: 18 };

/** Each kind of layer, in shapes that fill no vector: one unit, some, and more than the lanes of any. */
const chains: ReadonlyArray<readonly [name: string, layers: readonly Layer[], shape: ProblemShape]> = [
  ['linear on a flattened window', [{ kind: 'flatten' }], { ...base, anchored: true, targets: 2 }],
  ['linear on a window longer than a product takes at once', [{ kind: 'flatten' }], { ...base, steps: 150, features: 1, length: 155 }],
  ['linear on a decomposed window', [{ kind: 'decompose', window: 3 }, { kind: 'flatten' }], { ...base, anchored: true }],
  ['a decomposition whose window is longer than the look-back', [{ kind: 'decompose', window: 9 }, { kind: 'flatten' }], { ...base, features: 1 }],
  ['a decomposition that is not flattened', [{ kind: 'decompose', window: 3 }, { kind: 'dense', units: 3, activation: 'tanh' }, { kind: 'last' }], base],
  ...(['linear', 'relu', 'tanh', 'sigmoid'] as const).map((activation): [string, Layer[], ProblemShape] => [
    `dense layers that are ${activation}`,
    [{ kind: 'dense', units: 3, activation }, { kind: 'flatten' }, { kind: 'dense', units: 5, activation }],
    { ...base, loss: 'huber' },
  ]),
  ['dense layers, the last step alone', [{ kind: 'dense', units: 18, activation: 'tanh' }, { kind: 'last' }], { ...base, features: 1 }],
  ['an LSTM of 3 units', [{ kind: 'lstm', units: 3, sequences: false }], { ...base, anchored: true, groups: 2 }],
  ['an LSTM of 1 unit on 1 step', [{ kind: 'lstm', units: 1, sequences: false }], { ...base, steps: 1 }],
  ['two LSTMs', [{ kind: 'lstm', units: 2, sequences: true }, { kind: 'lstm', units: 3, sequences: false }], base],
  ['an LSTM at every step', [{ kind: 'lstm', units: 3, sequences: true }, { kind: 'flatten' }], { ...base, loss: 'mae' }],
  ['an LSTM at every step, the last taken', [{ kind: 'lstm', units: 2, sequences: true }, { kind: 'last' }], { ...base, features: 1, steps: 3, length: 12 }],
  ['a GRU of 3 units', [{ kind: 'gru', units: 3, sequences: false }], { ...base, targets: 2, anchored: true }],
  ['a GRU of 1 unit on 1 step', [{ kind: 'gru', units: 1, sequences: false }], { ...base, steps: 1 }],
  ['two GRUs', [{ kind: 'gru', units: 2, sequences: true }, { kind: 'gru', units: 3, sequences: false }], { ...base, groups: 2 }],
  ['a GRU at every step', [{ kind: 'gru', units: 3, sequences: true }, { kind: 'flatten' }], base],
  ['a TCN block that projects', [{ kind: 'tcn', filters: 3, kernel: 2, dilation: 1, dropout: 0 }, { kind: 'last' }], { ...base, anchored: true }],
  ['a TCN block that keeps its features', [{ kind: 'tcn', filters: 2, kernel: 3, dilation: 2, dropout: 0 }, { kind: 'flatten' }], base],
  ['two TCN blocks', [{ kind: 'tcn', filters: 3, kernel: 2, dilation: 1, dropout: 0 }, { kind: 'tcn', filters: 3, kernel: 2, dilation: 2, dropout: 0 }, { kind: 'last' }], { ...base, loss: 'huber' }],
  ['a TCN block that looks back beyond the first step', [{ kind: 'tcn', filters: 2, kernel: 4, dilation: 3, dropout: 0 }, { kind: 'last' }], { ...base, features: 1 }],
  ['dropout, which is not of forecasts and gradients', [{ kind: 'dropout', rate: 0.5 }, { kind: 'dense', units: 3, activation: 'tanh' }, { kind: 'dropout', rate: 0.5 }, { kind: 'last' }], base],
  ['joint series', [{ kind: 'flatten' }, { kind: 'dense', units: 4, activation: 'relu' }], { ...base, features: 3, targets: 3 }],
  ['series of their own groups', [{ kind: 'flatten' }, { kind: 'dense', units: 4, activation: 'tanh' }], { ...base, features: 1, groups: 5, anchored: true }],
];

/** What a float leaves of sums of some hundred products; of doubles, what central differences leave of a gradient. */
const tolerances = { f64: { forecast: 1e-10, gradient: 1e-7 }, f32: { forecast: 1e-4, gradient: 1e-3 } } as const;

async function checkChain(engine: Engine, layers: readonly Layer[], shape: ProblemShape, precision: 'f64' | 'f32'): Promise<void> {
  const problem = problemOf(withOutputs(layers, shape), shape);
  const origins = originsOf(problem);
  const parameters = rounded(parametersOf(problem.model), precision);
  await withTrainer(engine, problem, precision, async (session) => {
    if (session.parameterCount !== parameters.length) throw new Error(`got ${session.parameterCount} parameters, expected ${parameters.length}`);
    const forecast = await session.forecast(origins, { precision });
    assertReals(forecast, precision);
    const expected = forecastOracle(problem, parameters, origins);
    assertNear('forecast', forecast, expected.forecast, tolerances[precision].forecast);

    const errors = await session.errors(origins, { precision });
    const count = shape.groups * shape.targets * shape.horizon;
    const sums = (of: (off: number) => number): number[] =>
      Array.from({ length: count }, (_, i) => Array.from(origins).reduce((total, _origin, o) => total + of((expected.forecast[o * count + i] ?? 0) - (expected.target[o * count + i] ?? 0)), 0));
    assertNear('squared errors', errors.squared, sums((off) => off * off), 10 * tolerances[precision].forecast);
    assertNear('absolute errors', errors.absolute, sums(Math.abs), 10 * tolerances[precision].forecast);

    const some = origins.filter((_, i) => i % 2 === 0);
    const { loss, gradient } = await session.gradient(some, { precision });
    assertReals(gradient, precision);
    assertNear('loss', [loss], [lossOracle(problem, parameters, some)], 10 * tolerances[precision].forecast);
    assertNear('gradient', gradient, gradientOracle(problem, parameters, some), tolerances[precision].gradient);
  });
}

/** Some epochs, step for step as the oracle takes them: batches of 8, the last one smaller. */
async function checkEpochs(engine: Engine, layers: readonly Layer[], shape: ProblemShape, precision: 'f64' | 'f32', clipNorm = 0): Promise<void> {
  const problem = problemOf(withOutputs(layers, shape), shape);
  const origins = originsOf(problem, 2).toReversed();
  const state = freshState(rounded(parametersOf(problem.model), precision));
  await withTrainer(engine, problem, precision, async (session) => {
    for (const learningRate of [0.05, 0.02]) {
      const request = epochRequest(origins, { learningRate, clipNorm });
      const loss = await session.epoch(request, { precision });
      assertNear('loss', [loss], [epochOracle(problem, state, request)], precision === 'f64' ? 1e-6 : 1e-3);
    }
    assertNear('parameters', session.parameters(), state.parameters, precision === 'f64' ? 1e-6 : 2e-3);
    const steps = session.state().at(-1);
    if (steps !== state.steps) throw new Error(`got ${steps} steps, expected ${state.steps}`);
  });
}

/** An epoch of four batches: with one value more or less dropped, both the loss and the first steps of Adam are others. */
async function checkMask(engine: Engine, layers: readonly Layer[], rates: readonly number[], widths: readonly number[], precision: 'f64' | 'f32'): Promise<void> {
  const shape: ProblemShape = { ...base, steps: 4, features: 3, horizon: 1, groups: 2, length: 40 };
  const problem = problemOf(withOutputs(layers, shape), shape);
  const origins = originsOf(problem, 2);
  const state = freshState(rounded(parametersOf(problem.model), precision));
  const request = epochRequest(origins, { batchSize: 5, learningRate: 0.01 });
  const rate = (number: number): number => rates[number] ?? 0;
  const width = (number: number): number => widths[number] ?? 0;
  await withTrainer(engine, problem, precision, async (session) => {
    const loss = await session.epoch(request, { precision });
    const expected = epochOracle(problem, state, request, (batch) => droppedOracle(rate, stream, batch, width));
    assertNear('loss', [loss], [expected], precision === 'f64' ? 1e-6 : 1e-3);
    assertNear('parameters', session.parameters(), state.parameters, precision === 'f64' ? 1e-6 : 2e-3);
  });
}

const masks: ReadonlyArray<readonly [name: string, layers: readonly Layer[], rates: readonly number[], widths: readonly number[]]> = [
  ['of the inputs, and after a layer', [{ kind: 'dropout', rate: 0.3 }, { kind: 'flatten' }, { kind: 'dense', units: 5, activation: 'tanh' }, { kind: 'dropout', rate: 0.5 }], [0.3, 0.5], [12, 5]],
  ['at every step', [{ kind: 'lstm', units: 2, sequences: true }, { kind: 'dropout', rate: 0.4 }, { kind: 'last' }], [0.4], [8]],
  ['of a TCN block, two of them, before another dropout', [{ kind: 'tcn', filters: 3, kernel: 2, dilation: 1, dropout: 0.25 }, { kind: 'dropout', rate: 0.1 }, { kind: 'last' }], [0.25, 0.25, 0.1], [12, 12, 12]],
  ['of no rate in a TCN block, which has numbers all the same', [{ kind: 'tcn', filters: 2, kernel: 2, dilation: 1, dropout: 0 }, { kind: 'dropout', rate: 0.5 }, { kind: 'last' }], [0, 0, 0.5], [8, 8, 8]],
];

/** More samples than any slice or tile takes at once, in shapes off all of them. */
const large: ProblemShape = { steps: 7, features: 3, targets: 1, groups: 1, horizon: 3, length: 240 };
const wideChains: ReadonlyArray<readonly [name: string, layers: readonly Layer[]]> = [
  ['dense', [{ kind: 'flatten' }, { kind: 'dense', units: 64, activation: 'relu' }, { kind: 'dense', units: 37, activation: 'tanh' }]],
  ['recurrent and convolutional', [{ kind: 'lstm', units: 19, sequences: true }, { kind: 'gru', units: 9, sequences: true }, { kind: 'tcn', filters: 11, kernel: 3, dilation: 2, dropout: 0 }, { kind: 'last' }]],
];

async function checkHalves(engine: Engine, layers: readonly Layer[], precision: 'f64' | 'f32'): Promise<void> {
  const problem = problemOf(withOutputs(layers, large), large);
  const origins = originsOf(problem);
  const halves = [origins.subarray(0, 100), origins.subarray(100)] as const;
  await withTrainer(engine, problem, precision, async (session) => {
    const whole = await session.gradient(origins, { precision });
    const [first, second] = [await session.gradient(halves[0], { precision }), await session.gradient(halves[1], { precision })];
    const mean = (a: number, b: number): number => (halves[0].length * a + halves[1].length * b) / origins.length;
    assertNear('loss', [whole.loss], [mean(first.loss, second.loss)], precision === 'f64' ? 1e-13 : 1e-5);
    assertNear('gradient', whole.gradient, Array.from(first.gradient, (value, i) => mean(value, second.gradient[i] ?? Number.NaN)), precision === 'f64' ? 1e-12 : 1e-4);
  });
}

/** Under float64; a gradient under float32 is compared with that. */
async function checkSlope(engine: Engine, layers: readonly Layer[], precision: 'f64' | 'f32'): Promise<void> {
  const problem = problemOf(withOutputs(layers, large), large);
  const origins = originsOf(problem, 7);
  await withTrainer(engine, problem, 'f64', async (session) => {
    const { gradient } = await session.gradient(origins, { precision: 'f64' });
    const start = session.parameters();
    if (precision === 'f32') {
      await withTrainer(engine, problem, 'f32', async (narrow) => {
        assertNear('gradient', (await narrow.gradient(origins, { precision: 'f32' })).gradient, gradient, 1e-3);
        assertNear('forecast', await narrow.forecast(origins, { precision: 'f32' }), await session.forecast(origins, { precision: 'f64' }), tolerances.f32.forecast);
      });
      return;
    }
    assertNear('forecast', await session.forecast(origins, { precision: 'f64' }), forecastOracle(problem, start, origins).forecast, tolerances.f64.forecast);
    const length = Math.hypot(...gradient);
    const lossAt = async (distance: number): Promise<number> => {
      session.setParameters(Float64Array.from(start, (value, i) => value + (distance * (gradient[i] ?? 0)) / length));
      return (await session.gradient(origins, { precision: 'f64' })).loss;
    };
    assertNear('slope', [((await lossAt(1e-4)) - (await lossAt(-1e-4))) / 2e-4], [length], 1e-6);
  });
}

export const trainerCases: EngineCase[] = [
  ...chains.flatMap(([name, layers, shape]) => inBothPrecisions(`training: ${name}: forecasts, errors and gradients are the oracle's`, (engine, precision) => checkChain(engine, layers, shape, precision))),
  ...wideChains.flatMap(([name, layers]) =>
    inBothPrecisions(`training: a batch of 231 through wide ${name} layers has the mean of the gradients of its halves`, (engine, precision) => checkHalves(engine, layers, precision)),
  ),
  ...wideChains.flatMap(([name, layers]) =>
    inBothPrecisions(`training: wide ${name} layers forecast as the oracle, and the slope of the loss along its gradient is the gradient's length`, (engine, precision) => checkSlope(engine, layers, precision)),
  ),
  ...inBothPrecisions('training: epochs of Adam step as the oracle does', (engine, precision) => checkEpochs(engine, [{ kind: 'flatten' }, { kind: 'dense', units: 3, activation: 'tanh' }], base, precision)),
  ...inBothPrecisions('training: epochs over groups of anchored series step as the oracle does', (engine, precision) => checkEpochs(engine, [{ kind: 'gru', units: 2, sequences: false }], { ...base, groups: 3, anchored: true }, precision)),
  ...inBothPrecisions('training: a gradient longer than the norm it is clipped to is scaled down to it', async (engine, precision) => {
    await checkEpochs(engine, [{ kind: 'flatten' }], base, precision, 0.05);
    await checkEpochs(engine, [{ kind: 'flatten' }], base, precision, 1e6);
  }),
  ...masks.flatMap(([name, layers, rates, widths]) => inBothPrecisions(`training: dropout ${name} drops what the stream says`, (engine, precision) => checkMask(engine, layers, rates, widths, precision))),
  ...inBothPrecisions('training: gates far from 0 saturate, and their states stay within 1', async (engine, precision) => {
    for (const kind of ['lstm', 'gru'] as const) {
      const shape = { ...base, horizon: 1, length: 20 };
      const problem = problemOf(withOutputs([{ kind, units: 3, sequences: false }], shape), shape);
      for (const size of [30, 3000]) {
        const parameters = rounded(parametersOf(problem.model).map((value, i, all) => (i < all.length - 4 ? size * value : 1)), precision);
        const origins = originsOf(problem);
        const forecast = await withTrainer(engine, problem, precision, (session) => session.forecast(origins, { precision }), Float64Array.from(parameters));
        assertClose(forecast, forecastOracle(problem, parameters, origins).forecast, { tolerance: () => (precision === 'f64' ? 1e-9 : 1e-2), place: (i) => `${kind}, weights × ${size}, forecast ${i}` });
      }
    }
  }),
  ...trainerSessionCases,
];

