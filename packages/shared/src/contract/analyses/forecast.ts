/** What comes next: forecasts of many series with intervals, held against the last value repeated. */
import { checkLayersJson } from '../../tfjs/model-cost.ts';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import { CorrenteError } from '../errors.ts';
import { modelTable } from '../model-file.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';
import { type ForecastParams, forecastParams, isClassical, isDated, isFractional } from './forecast/params.ts';
import { trainingSettings } from './forecast/settings.ts';

export { classicalFit, type ClassicalDocument, forecastDocument, type ForecastDocument, type TrainedDocument } from './forecast/document.ts';
export * from './forecast/params.ts';
export { trainingSettings, type TrainingSettings } from './forecast/settings.ts';

const standardised = 'standard deviations of the train rows';
const real = (name: string, unit: string, description: string): ColumnSchema => ({ name, type: 'float64', unit, description });
const count = (name: string, description: string): ColumnSchema => ({ name, type: 'int32', description });
const errors: readonly ColumnSchema[] = [
  real('mse', `square of ${standardised}`, 'Mean squared error over every test window and step.'),
  real('mae', standardised, 'Mean absolute error.'),
  real('naive_mse', `square of ${standardised}`, 'That of the last value repeated.'),
  real('naive_mae', standardised, 'That of the last value repeated.'),
];
const coverage = real('coverage', '1', 'Share of test values within their prediction interval; null where validation has too few windows for one.');
const seriesColumn: ColumnSchema = { name: 'series', type: 'utf8', description: 'The series; all: over all of them.' };

const metrics: TableSchema = {
  name: 'metrics',
  title: 'Test metrics',
  columns: [seriesColumn, { ...count('horizon', 'Steps ahead that the errors are over.'), unit: 'rows' }, ...errors, coverage, count('windows', 'Test windows.')],
};
const bySteps: TableSchema = { name: 'by-step', title: 'Error by step', columns: [{ ...count('step', 'How far ahead, from 1.'), unit: 'rows' }, ...errors, coverage] };
const folds: TableSchema = { name: 'folds', title: 'Test metrics by fold', columns: [count('fold', 'From 1.'), seriesColumn, { ...count('train_rows', 'Rows that the model was made on.'), unit: 'rows' }, ...errors, coverage, count('windows', 'Test windows.')] };
const history: TableSchema = {
  name: 'history',
  title: 'Training',
  columns: [
    count('epoch', 'From 1.'),
    real('train_loss', 'as the loss, in standardised values', 'Mean over the epoch, each batch before its step.'),
    real('val_loss', 'as the loss, in standardised values', 'Over every validation window, after the epoch.'),
    real('seconds', 's', 'What the epoch and its validation took.'),
    real('learning_rate', '1', 'Of the epoch.'),
    count('fold', 'From 1.'),
  ],
};
const fits: TableSchema = {
  name: 'fits',
  title: 'Fitted models',
  columns: [
    { name: 'series', type: 'utf8' },
    count('fold', 'From 1.'),
    { name: 'form', type: 'utf8', description: 'Of ets such as MAdM: error, trend (d: damped), season; otherwise the model, with what it adjusts for.' },
    { ...count('period', 'Of the season; 1 where there is none.'), unit: 'rows' },
    real('alpha', '1', 'Smoothing of the level.'),
    real('beta', '1', 'Smoothing of the trend.'),
    real('gamma', '1', 'Smoothing of the season.'),
    real('phi', '1', 'Damping of the trend.'),
    real('drift', 'as the input, per row', 'Growth that drift and theta continue.'),
    real('log_likelihood', 'nats', 'Of the train rows, ets.'),
    real('aicc', 'nats', 'Twice the parameters less the log-likelihood, corrected for few rows.'),
    real('sse', 'square of the input’s', 'Squared one-step errors of the train rows.'),
  ],
};

function forecastTable(time: InputShape['time']): TableSchema {
  return {
    name: 'forecast',
    title: 'Forecast',
    columns: [
      { name: 'time', type: time },
      { name: 'series', type: 'utf8' },
      { ...count('step', 'How far ahead, from 1.'), unit: 'rows' },
      real('y', 'as the input', 'What came; null beyond the end of the data.'),
      real('yhat', 'as the input', 'The forecast.'),
      real('lower', 'as the input', 'Lower end of the prediction interval; null where validation has too few windows.'),
      real('upper', 'as the input', 'Upper end of the prediction interval.'),
      { name: 'origin', type: time, description: 'The last time that the forecast knew.' },
    ],
  };
}

/** Rows of the train part, as near as that can be told without the times. */
function trainRowsOf({ split }: ForecastParams, rows: number): number {
  if (isDated(split)) return rows;
  return isFractional(split) ? Math.floor(split.train * rows) : Math.min(rows, split.train);
}

/** Multiplications of one window of one group, forward; the widest layer's values, which training keeps. */
function costOf(params: ForecastParams, features: number, targets: number, trainRows: number): { readonly multiplications: number; readonly parameters: number; readonly kept: number } {
  const { lookback, layers } = trainingSettings(params, trainRows);
  const { model, units, horizon } = params;
  const inputs = lookback * features;
  const outputs = targets * horizon;
  if (model === 'lstm' || model === 'gru') {
    const gates = (model === 'lstm' ? 4 : 3) * units;
    const cells = gates * (features + units + 1) + (layers - 1) * gates * (2 * units + 1);
    return { multiplications: lookback * cells + units * outputs, parameters: cells + (units + 1) * outputs, kept: lookback * layers * (gates + 2 * units) + outputs };
  }
  if (model === 'tcn') {
    const block = 6 * units * units + 3 * units;
    return { multiplications: lookback * layers * block + units * outputs, parameters: layers * block + (units + 1) * outputs, kept: lookback * layers * 4 * units + outputs };
  }
  if (model === 'mlp' || model === 'tfjs') {
    const weights = inputs * units + (layers - 1) * units * units + units * outputs;
    return { multiplications: weights, parameters: weights + layers * units + outputs, kept: inputs + layers * 2 * units + outputs };
  }
  const width = model === 'dlinear' ? 2 * inputs : inputs;
  return { multiplications: width * outputs, parameters: (width + 1) * outputs, kept: width + outputs };
}

/** Bytes that layers of TensorFlow.js may take; more is refused. */
export const tfjsMemory = 2 ** 30;

/** What layers JSON asks for, at most what it may have; null where it is no model, which is told when the job begins. */
function customCost({ topology, horizon }: ForecastParams, steps: number, features: number, targets: number, batch: number): { readonly memoryBytes: number; readonly multiplications: number } | null {
  try {
    const { memoryBytes, operations } = checkLayersJson(topology, { steps, features, outputs: targets * horizon, batch, memoryLimit: Number.POSITIVE_INFINITY });
    return { memoryBytes: Math.min(memoryBytes, tfjsMemory), multiplications: operations / 2 };
  } catch (error) {
    if (error instanceof CorrenteError) return null;
    throw error;
  }
}

/** How many parts of a batch the engine `cpu` adds gradients up in, of at least so many samples, and the bytes that more than two of them may take. */
const mostParts = 32;
const leastSamples = 8;
const partBytes = 2 ** 28;

/** Absolute residuals of validation that are held for the intervals, in bytes; beyond, every so manieth window counts. */
export const residualBytes = 2 ** 27;

export const forecast: AnalysisContract<typeof forecastParams> = {
  name: 'forecast',
  title: 'Forecast',
  summary: 'What comes next, with prediction intervals: naive, exponential smoothing, Theta, linear models and neural networks, tested on rows they have not seen and held against the last value repeated.',
  version: 1,
  params: forecastParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: {
    metric: 'difference of the test errors, relative to them',
    f64: 1e-6,
    f32: 0.01,
    reason: 'Sums are taken in different orders, and thousands of steps of the optimiser carry the last digits on; ets, theta and the naive models are the same bits on every engine.',
  },
  tables(params, { time }) {
    return [
      metrics,
      forecastTable(time),
      bySteps,
      ...(isClassical(params.model) ? [fits] : [history]),
      ...(params.folds > 1 ? [folds] : []),
      modelTable,
    ];
  },
  estimate(params, { series, rows }, precision) {
    const exogenous = params.exogenous?.length ?? 0;
    const targets = Math.max(1, series.length - exogenous);
    const { horizon, model, folds: times, backtests } = params;
    const trainRows = trainRowsOf(params, rows);
    const residuals = Math.min(residualBytes, rows * targets * horizon * 8);
    const emitted = (backtests + 1) * targets * horizon * 64;
    if (isClassical(model)) {
      const perRow = model === 'ets' ? 15 * 600 * 20 : model === 'theta' ? 2000 : 10;
      return {
        memoryBytes: rows * series.length * 8 + rows * 16 + Math.min(residuals, rows * horizon * 8) + 2 * rows * 8 + 16_000_000 + emitted,
        operations: times * targets * (trainRows * perRow + rows * horizon * 6),
        bytes: rows * series.length * 8,
      };
    }
    const word = precision === 'f32' ? 4 : 8;
    const { batchSize, epochs, lookback } = trainingSettings(params, trainRows);
    const joint = params.mode === 'joint';
    const groups = joint ? 1 : targets;
    const [inputs, outputs] = joint ? [series.length, targets] : [1 + exogenous, 1];
    const { multiplications: usual, parameters, kept } = costOf(params, inputs, outputs, trainRows);
    const custom = model === 'tfjs' ? customCost(params, lookback, inputs, outputs, batchSize * groups) : null;
    const multiplications = custom?.multiplications ?? usual;
    // Parts of a batch have gradients of their own: two always, more as long as they are small together.
    const gradients = Math.min(partBytes, Math.min(mostParts, Math.ceil((batchSize * groups) / leastSamples)) * parameters * word);
    const modelBytes = custom?.memoryBytes ?? parameters * (word * 8 + 22) + gradients + 2 * batchSize * groups * kept * word;
    const windows = Math.max(1, trainRows - lookback - horizon + 1);
    // Beside the input there are a copy that is standardised, and one with room for the rows beyond the end.
    return {
      memoryBytes: rows * series.length * 8 * 3 + modelBytes + residuals + 3 * 16_000_000 + emitted,
      operations: times * epochs * groups * (windows * 6 + rows * 2 * (1 - trainRows / Math.max(rows, trainRows + 1))) * multiplications,
      bytes: times * epochs * rows * series.length * 8,
    };
  },
};
