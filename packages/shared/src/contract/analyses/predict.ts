/** A model that an earlier job trained, applied to other or newer rows. */
import { z } from 'zod';
import type { AnalysisContract, FieldRead, InputShape } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

const field = (title: string) => z.string().min(1).nullable().default(null).meta({ title, description: 'Where an indicator of the model reads it: the field that holds it.' });

export const predictParams = z
  .strictObject({
    rows: z.enum(['new', 'all']).default('new').meta({ title: 'Rows', description: 'Of a model of learn: new predicts from rows that are later than all it was trained on; all from every row that has its features.' }),
    open: field('Open'),
    high: field('High'),
    low: field('Low'),
    close: field('Close'),
    volume: field('Volume'),
  })
  .meta({ id: 'PredictParams' });
export type PredictParams = z.output<typeof predictParams>;

/** A field of a bar, and how it joins where bars become longer ones. */
const bar = { open: 'first', high: 'max', low: 'min', close: 'last', volume: 'sum' } as const;
export type BarRole = keyof typeof bar;
const roles = ['open', 'high', 'low', 'close', 'volume'] as const satisfies readonly BarRole[];

function fields(params: PredictParams): FieldRead[] {
  return roles.flatMap((role) => (params[role] === null ? [] : [{ role, field: params[role], aggregate: bar[role], usedBy: 'predict reads' }]));
}

const real = (name: string, description: string): ColumnSchema => ({ name, type: 'float64', unit: 'as the target', description });

function tables({ time }: InputShape): TableSchema[] {
  return [
    {
      name: 'predictions',
      title: 'Predictions',
      columns: [
        { name: 'time', type: time, description: 'Of the value that is predicted.' },
        { name: 'series', type: 'utf8', description: 'Of which series.' },
        { name: 'fold', type: 'int32', description: 'Null: no fold tests these rows.' },
        real('y', 'What came: the value, or the class; null where it has not come yet.'),
        real('yhat', 'What is predicted: the value, or the most probable class.'),
        { name: 'origin', type: time, description: 'The last row that was read.' },
        { name: 'step', type: 'int32', unit: 'rows', description: 'How far ahead of it, from 1.' },
        { name: 'probability', type: 'float64', unit: '1', description: 'Of classes, two: of the second; more: of the predicted one.' },
        real('lower', 'Of a forecast: lower end of the prediction interval.'),
        real('upper', 'Of a forecast: upper end of the prediction interval.'),
      ],
    },
  ];
}

/** Features that a model is taken to have: it is not known here. */
const features = 50;

export const predict: AnalysisContract<typeof predictParams> = {
  name: 'predict',
  title: 'Prediction by a trained model',
  summary: 'Applies the model that a job of learn or forecast has kept to a data set: to newer rows, or to other series.',
  version: 1,
  params: predictParams,
  engines: ['cuda', 'cpu', 'portable'],
  fields,
  tolerance: {
    metric: 'largest difference of a prediction relative to the spread of the target',
    f64: 1e-8,
    f32: 0.01,
    reason: 'Features are summed in different orders; trees compare them with thresholds and are otherwise exact. Under f32 neural networks compute in float32.',
  },
  inputResults: ['learn', 'forecast'],
  tables: (_, shape) => tables(shape),
  estimate(params, { series, rows }) {
    const cells = series.length * rows;
    const read = params.rows === 'all' ? 1 : 0.2;
    return {
      memoryBytes: 8 * cells * (1 + fields(params).length) + 8 * cells * read * (features + 12) + 24 * cells,
      operations: cells * read * (features * 20 + 4000),
      bytes: 8 * cells * (1 + read * features),
    };
  },
};
