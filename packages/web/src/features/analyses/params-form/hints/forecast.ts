import { modelNames } from '../../model-names.ts';
import type { Choice, FormHints, Params } from './form-hints.ts';

const modelOf = (params: Params): unknown => params['model'] ?? 'nlinear';
const isModel = (...models: readonly string[]) => (params: Params): boolean => models.some((model) => model === modelOf(params));

/** Fitted series by series; all others are trained on windows. */
const isClassical = isModel('naive', 'seasonal-naive', 'drift', 'ets', 'theta');
const isTrained = (params: Params): boolean => !isClassical(params);
const isNetwork = isModel('mlp', 'lstm', 'gru', 'tcn');

const choice = (model: string, meaning: string): readonly [string, Choice] => [model, { label: modelNames[model] ?? model, meaning }];

const models = Object.fromEntries([
  choice('naive', 'What every other model is held against; of prices often the best.'),
  choice('seasonal-naive', 'The same day of the last week, the same month of the last year.'),
  choice('drift', 'The last value, and on by the mean step.'),
  choice('ets', 'Level, trend and season, each learning at a pace of its own; 15 forms are tried for every series, seconds where series have thousands of rows.'),
  choice('theta', 'A damped trend and a season: simple, and hard to beat on months and quarters.'),
  choice('linear', 'A weight for each row of the look-back and each step ahead.'),
  choice('nlinear', 'The same on differences to the last value: steady where levels wander. A good first choice, in seconds.'),
  choice('dlinear', 'The same of trend and remainder apart.'),
  choice('mlp', 'One hidden layer that sees the whole look-back; a few times as long as the linear models.'),
  choice('lstm', 'Reads the look-back row by row: many times as long as the linear models, and longer with it.'),
  choice('gru', 'As LSTM, with a quarter less to compute.'),
  choice('tcn', 'Convolutions of growing reach: about as long as LSTM.'),
  choice('tfjs', 'Trains in TensorFlow.js, many times slower than the models built in.'),
]);

export const forecastHints: FormHints = {
  groups: [
    { title: 'Test and intervals', names: ['split', 'folds', 'coverage', 'backtests'] },
    { title: 'Training', names: ['epochs', 'batchSize', 'learningRate', 'learningRateDecay', 'patience', 'loss', 'clipNorm', 'anchor'] },
  ],
  applies: {
    lookback: isTrained,
    mode: isTrained,
    exogenous: isTrained,
    season: isModel('seasonal-naive', 'ets', 'theta'),
    form: isModel('ets'),
    units: isNetwork,
    layers: isNetwork,
    dropout: isNetwork,
    topology: isModel('tfjs'),
    epochs: isTrained,
    batchSize: isTrained,
    learningRate: isTrained,
    learningRateDecay: isTrained,
    patience: isTrained,
    loss: isTrained,
    clipNorm: isTrained,
    anchor: isTrained,
  },
  choices: {
    model: models,
    mode: {
      'channel-independent': { label: 'Each series by itself', meaning: 'One model with shared weights; the usual choice.' },
      joint: { label: 'All series together', meaning: 'Sees every series at once: where one leads another. Needs more rows.' },
    },
    loss: {
      mse: { label: 'Squared error' },
      mae: { label: 'Absolute error', meaning: 'Heeds outliers less.' },
      huber: { label: 'Huber', meaning: 'Squared near zero, absolute beyond one standard deviation.' },
    },
  },
  help: {
    folds: 'Above 1 the model is made anew before each part of the test rows: so many times as long.',
    exogenous: 'Inputs only: their past is seen, and they are not forecast.',
    split: 'The model is made on the first part, stopped by the second and judged on the third.',
    topology: 'The model in the layers format of Keras and TensorFlow.js: what model.toJSON() writes.',
  },
  series: { exogenous: 'some-names', split: 'split', topology: 'json' },
};
