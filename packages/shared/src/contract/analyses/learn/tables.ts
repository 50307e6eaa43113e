/** The tables that a job of `learn` makes. */
import { modelTable } from '../../model-file.ts';
import type { InputShape } from '../../analysis.ts';
import type { ColumnSchema, TableSchema } from '../../result.ts';

const number = (name: string, description: string, unit = '1'): ColumnSchema => ({ name, type: 'float64', unit, description });
const whole = (name: string, description: string): ColumnSchema => ({ name, type: 'int32', description });
const text = (name: string, description: string): ColumnSchema => ({ name, type: 'utf8', description });

const metrics: TableSchema = {
  name: 'metrics',
  title: 'Metrics',
  columns: [
    text('fold', 'Number of the fold, from 1; all: their mean, weighted by their rows.'),
    text('metric', 'mse, mae, r2, ic; accuracy, log_loss, brier, auc.'),
    number('value', 'Of the model, on the test rows.'),
    number('baseline', 'Of what needs no model, on the same rows.'),
    text('baseline_name', 'What that is, the one of least loss: mean of the training rows, or repeat of the newest value; majority class, chance and frequencies of the training rows, of a direction also by the side of the mean on which the newest value is.'),
    whole('rows', 'Test rows.'),
  ],
};

const importances: TableSchema = {
  name: 'importances',
  title: 'Importances',
  columns: [
    text('feature', 'Column of the table of features.'),
    number('gain', 'Share of what all splits gained, mean over folds; null for models without trees.'),
    number('permutation', 'How much the loss on the test rows (mse, log_loss) rises where the feature is permuted among them, mean over folds and repeats.'),
    number('permutation_sd', 'Standard deviation of that over folds and repeats.'),
  ],
};

const coefficients: TableSchema = {
  name: 'coefficients',
  title: 'Coefficients',
  columns: [
    text('class', 'Of a classification: the class whose score it is part of; of two classes the second.'),
    text('feature', 'Column of the table of features; (intercept) for the constant.'),
    number('coefficient', 'Of the feature as it is.'),
    number('standardised', 'Of the feature in standard deviations about its mean.'),
  ],
};

const calibration: TableSchema = {
  name: 'calibration',
  title: 'Reliability',
  columns: [
    text('class', 'The class whose probability it is; of two classes the second.'),
    whole('bin', 'Of equal width in probability, from 0.'),
    number('predicted', 'Mean predicted probability of the test rows in the bin.'),
    number('observed', 'Share of them that are of the class.'),
    whole('n', 'Test rows in the bin.'),
  ],
};

/** Which tables there are depends on the task, and on whether the model has coefficients. */
export interface LearnTraits {
  readonly classification: boolean;
  readonly linear: boolean;
}

export function learnTables({ classification, linear }: LearnTraits, { time }: InputShape): TableSchema[] {
  const row: ColumnSchema[] = [
    { name: 'time', type: time, description: 'Of the value that is predicted.' },
    text('series', 'Of which series.'),
  ];
  const folds: TableSchema = {
    name: 'folds',
    title: 'Folds',
    columns: [
      whole('fold', 'From 1.'),
      { name: 'train_from', type: time, description: 'First row of training; rows are told by the last one that is read.' },
      { name: 'train_to', type: time, description: 'Last row of training; what it predicts stands before the first test row.' },
      { name: 'test_from', type: time, description: 'First test row.' },
      { name: 'test_to', type: time, description: 'Last test row.' },
      whole('train_rows', 'Rows of all series that were trained on.'),
      whole('test_rows', 'Rows of all series that were predicted.'),
      number('chosen', 'What held-out rows chose: the penalty alpha, or the rounds of boosting; null where nothing was chosen.'),
    ],
  };
  const predictions: TableSchema = {
    name: 'predictions',
    title: 'Predictions of test rows',
    columns: [
      ...row,
      whole('fold', 'The fold that tests the row.'),
      number('y', 'What came: the value, or the class.', 'as the target'),
      number('yhat', 'What was predicted: the value, or the most probable class.', 'as the target'),
      { name: 'origin', type: time, description: 'The last row that was read, `ahead` rows before.' },
      ...(classification ? [number('probability', 'Of two classes: of the second; of more: of the predicted one.')] : []),
    ],
  };
  const probabilities: TableSchema = { name: 'probabilities', title: 'Probabilities', columns: [...row, whole('fold', 'The fold that tests the row.'), number('class', 'Number of the class.'), number('probability', 'That the row is of it.')] };
  return [metrics, predictions, importances, folds, ...(classification ? [probabilities, calibration] : []), ...(linear ? [coefficients] : []), modelTable];
}
