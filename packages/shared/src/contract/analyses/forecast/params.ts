/** What a person can set of a forecast. */
import { z } from 'zod';

/** Fitted series by series, in closed form or by their likelihood. */
export const classicalModels = ['naive', 'seasonal-naive', 'drift', 'ets', 'theta'] as const;
export type ClassicalModelName = (typeof classicalModels)[number];

/** Trained by gradient descent on windows of all series. */
export const trainedModels = ['linear', 'nlinear', 'dlinear', 'mlp', 'lstm', 'gru', 'tcn', 'tfjs'] as const;
export type TrainedModelName = (typeof trainedModels)[number];

export const forecastModels = [...classicalModels, ...trainedModels] as const;
export type ForecastModelName = (typeof forecastModels)[number];

export const isClassical = (model: ForecastModelName): model is ClassicalModelName => classicalModels.some((name) => name === model);

/** Error, trend (d: damped) and season: N none, A additive, M multiplicative. */
export const etsForms = ['ANN', 'AAN', 'AAdN', 'ANA', 'AAA', 'AAdA', 'MNN', 'MAN', 'MAdN', 'MNA', 'MAA', 'MAdA', 'MNM', 'MAM', 'MAdM'] as const;
export type EtsForm = (typeof etsForms)[number];

const longest = 1_000_000;

const part = z.number().min(0).max(1_000_000_000);
const parts = z.strictObject({
  train: part.meta({ title: 'Train' }),
  validation: part.meta({ title: 'Validation' }),
  test: part.meta({ title: 'Test' }),
});
const day = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true })], { error: 'expected the last date or instant of the part in ISO 8601, such as 2017-06-25' });
const dates = z.strictObject({
  train: day.meta({ title: 'Train until' }),
  validation: day.meta({ title: 'Validation until' }),
  test: day.nullable().default(null).meta({ title: 'Test until', description: 'The end of the data where null.' }),
});

const split = z.union([parts, dates], { error: 'expected train, validation and test: three fractions (at most 1 together), three numbers of rows, or the last date of each' });
export type ForecastSplit = z.output<typeof split>;

export const defaultSplit = { train: 0.6, validation: 0.2, test: 0.2 } as const;

const object = z.strictObject({
  model: z.enum(forecastModels).default('nlinear').meta({ title: 'Model', description: 'naive, seasonal-naive, drift; exponential smoothing (ets) and theta; linear, nlinear, dlinear; the networks mlp, lstm, gru, tcn; tfjs trains layers of your own.' }),
  horizon: z.int().min(1).max(longest).default(24).meta({ title: 'Horizon', description: 'How far ahead to forecast.', unit: 'rows' }),
  lookback: z.int().min(1).max(longest).nullable().default(null).meta({ title: 'Look-back', description: 'Rows that a trained model sees; where null 336 (96 for lstm, gru and tcn), fewer for short series.', unit: 'rows' }),
  split: split.default(defaultSplit).meta({ title: 'Split', description: 'Train, validation and test rows, one after the other: fractions, numbers of rows, or the last date of each. Rows after the test part are not used for metrics.' }),
  folds: z.int().min(1).max(50).default(1).meta({ title: 'Folds', description: 'Walk-forward: the test rows in so many blocks, the model made anew before each on all rows until then.' }),
  mode: z.enum(['channel-independent', 'joint']).default('channel-independent').meta({ title: 'Channels', description: 'One model with shared weights that sees each series by itself, or one that sees all together. Trained models only.' }),
  exogenous: z.array(z.string()).min(1).nullable().default(null).meta({ title: 'Exogenous series', description: 'Series that are inputs only; their past is seen, and they are not forecast. Trained models only.' }),
  season: z.int().min(1).max(longest).nullable().default(null).meta({ title: 'Season', description: 'Rows of a seasonal period, 1 for none; found from the time step and the autocorrelation where null. For seasonal-naive, ets and theta.', unit: 'rows' }),
  form: z.enum(etsForms).nullable().default(null).meta({ title: 'ETS form', description: 'ets: error, trend, season, such as AAdM; chosen by AICc where null.' }),
  epochs: z.int().min(1).max(10_000).nullable().default(null).meta({ title: 'Epochs', description: 'At most; where null 10, more for short series.' }),
  batchSize: z.int().min(1).max(65_536).nullable().default(null).meta({ title: 'Batch size', description: 'Windows of one step of the optimiser, each with all its series; where null 32, fewer for short series.', unit: 'windows' }),
  learningRate: z.number().positive().max(10).nullable().default(null).meta({ title: 'Learning rate', description: 'Of Adam in the first epoch; where null 0.005 for linear models (0.0025 for dlinear) and 0.001 for networks.' }),
  learningRateDecay: z.number().positive().max(1).nullable().default(null).meta({ title: 'Learning rate decay', description: 'Factor from epoch to epoch; where null halved ten times over the epochs for linear models, 0.1 over all of them for networks.' }),
  patience: z.int().min(1).max(10_000).nullable().default(null).meta({ title: 'Patience', description: 'Epochs without a smaller validation loss after which training ends; where null half of the epochs.' }),
  clipNorm: z.number().min(0).max(1e9).nullable().default(null).meta({ title: 'Gradient norm', description: 'Longer gradients are scaled down to it; 0 never; where null 1 for lstm, gru and tcn, otherwise 0.' }),
  dropout: z.number().min(0).max(0.95).default(0).meta({ title: 'Dropout', description: 'Share of values left out in training, between the layers of mlp, lstm, gru and tcn.' }),
  units: z.int().min(1).max(16_384).default(32).meta({ title: 'Units', description: 'Of each hidden layer; the filters of tcn.' }),
  layers: z.int().min(1).max(64).nullable().default(null).meta({ title: 'Layers', description: 'Hidden layers; where null 1, and for tcn as many as it takes to see the look-back, at most 8.' }),
  anchor: z.boolean().nullable().default(null).meta({ title: 'Anchor', description: 'Forecasts differences to the last value seen, as NLinear does; where null for nlinear and the networks; not of tfjs.' }),
  loss: z.enum(['mse', 'mae', 'huber']).default('mse').meta({ title: 'Loss', description: 'What training makes small, in standardised units.' }),
  topology: z.unknown().optional().meta({ title: 'Layers JSON', description: 'tfjs: the model in the layers format of Keras and TensorFlow.js, its input [look-back × features].' }),
  coverage: z.number().gt(0).lt(1).default(0.9).meta({ title: 'Coverage', description: 'Share of values that the prediction intervals are to hold.' }),
  backtests: z.int().min(0).max(1000).default(4).meta({ title: 'Backtests', description: 'Forecasts within the test rows, evenly spaced, that the table forecast holds beside the one beyond the end.' }),
});
export type ForecastParams = z.output<typeof object>;

function checkTogether({ value, issues }: z.core.ParsePayload<ForecastParams>): void {
  const refuse = (path: string[], message: string, input: unknown): void => void issues.push({ code: 'custom', path, message, input });
  const { model, exogenous, mode, topology, form, anchor, layers, split: given } = value;
  if (isClassical(model) && exogenous !== null) refuse(['exogenous'], `is given; ${model} sees no other series`, exogenous);
  if (isClassical(model) && mode === 'joint') refuse(['mode'], `is joint; ${model} takes each series by itself`, mode);
  if (model === 'tfjs' && (topology === undefined || topology === null)) refuse(['topology'], 'is needed: tfjs trains the layers that it describes', topology);
  if (model !== 'tfjs' && topology !== undefined && topology !== null) refuse(['topology'], `is given; ${model} has layers of its own`, topology);
  if (model === 'tfjs' && anchor !== null) refuse(['anchor'], 'is given; layers of your own forecast what they are trained to, and take off themselves what is to be taken off', anchor);
  if (model === 'tfjs' && layers !== null) refuse(['layers'], 'is given; the topology says which layers there are', layers);
  if (model !== 'ets' && form !== null) refuse(['form'], `is given; ${model} is no exponential smoothing`, form);
  if (exogenous !== null) for (const [i, name] of exogenous.entries()) if (exogenous.indexOf(name) < i) refuse(['exogenous', String(i)], `${name} stands there already`, name);
  const problem = splitProblem(given);
  if (problem !== null) refuse(['split'], problem, given);
}

/** Whether the parts are shares of the rows. */
export function isFractional({ train, validation, test }: z.output<typeof parts>): boolean {
  return [train, validation, test].every((share) => share <= 1);
}

export function isDated(given: ForecastSplit): given is z.output<typeof dates> {
  return typeof given.train === 'string';
}

function splitProblem(given: ForecastSplit): string | null {
  if (isDated(given)) return null;
  const { train, validation, test } = given;
  if ([train, validation, test].some((size) => size === 0)) return 'leaves a part without rows; train, validation and test all need some';
  if (isFractional(given)) return train + validation + test > 1 + 1e-9 ? `adds up to ${train + validation + test}; fractions may be 1 together` : null;
  return [train, validation, test].every((size) => Number.isInteger(size)) ? null : 'mixes fractions and rows; expected three fractions of at most 1, or three whole numbers';
}

export const forecastParams = object.check(checkTogether).meta({ id: 'ForecastParams' });
