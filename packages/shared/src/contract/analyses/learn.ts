/** Models that learn from features of the past, tested on rows that lie after those they were trained on. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import { engineNames } from '../engine.ts';
import { checkFeatureInput, featureFields, featureParams, featuresOf, wrongFeatures } from './learn/features.ts';
import { boostingParams, does, forestParams, isPenalised, isTrees, learnModels, type LearnModel, learnTasks, type LearnTask } from './learn/models.ts';
import { learnTables, type LearnTraits } from './learn/tables.ts';
import { isClass, type TargetKind, targetOrName } from './learn/target.ts';

const foldParams = z
  .strictObject({
    count: z.int().min(1).max(100).default(5).meta({ title: 'Folds' }),
    test: z.int().min(1).max(1_000_000_000).nullable().default(null).meta({ title: 'Test rows', description: 'Of each fold, in time. Where null: the rows divided by one more than the folds.', unit: 'rows' }),
    train: z.enum(['expanding', 'rolling']).default('expanding').meta({ title: 'Training rows', description: 'expanding: all rows before. rolling: only so many of them.' }),
    trainRows: z.int().min(1).max(1_000_000_000).nullable().default(null).meta({ title: 'Length of training', description: 'rolling: rows in time; as many as the first fold has where null.', unit: 'rows' }),
    embargo: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Embargo', description: 'Rows left out between training and test, beside those whose target reaches into the test.', unit: 'rows' }),
  })
  .meta({ id: 'LearnFolds' });
export type FoldParams = z.output<typeof foldParams>;

const object = z.strictObject({
  task: z.enum(learnTasks).nullable().default(null).meta({ title: 'Task', description: 'Where null: classification where the model, the target or the calibration is of one, otherwise regression.' }),
  model: z.enum(learnModels).nullable().default(null).meta({ title: 'Model', description: 'Where null: ridge, and logistic for classification.' }),
  target: targetOrName.prefault({}).meta({ title: 'Target' }),
  features: featureParams.prefault({}).meta({ title: 'Features' }),
  folds: foldParams.prefault({}).meta({ title: 'Folds' }),
  heldOut: z.number().min(0.05).max(0.5).default(0.2).meta({ title: 'Held out', description: 'Share of the training rows, the last ones, that choose the penalty or the rounds, and calibrate; the model is then trained on all of them.' }),
  alpha: z.number().min(0).max(1e12).nullable().default(null).meta({ title: 'Penalty', description: 'ridge, lasso, elastic-net: scikit-learn’s alpha, of features in standard deviations; logistic: 1 / C. Where null: chosen on held-out rows.' }),
  l1Ratio: z.number().min(0.01).max(1).default(0.5).meta({ title: 'Share of the absolute penalty', description: 'elastic-net.' }),
  impute: z.enum(['none', 'mean', 'median']).default('none').meta({ title: 'Missing features', description: 'Models without trees: none refuses them; mean and median put that of the training rows in their place. Trees take them as they are.' }),
  smoothing: z.number().min(0).max(1).default(1e-9).meta({ title: 'Smoothing', description: 'gaussian-naive-bayes: share of the largest variance that is added to each.' }),
  forest: forestParams.prefault({}).meta({ title: 'Random forest' }),
  boosting: boostingParams.prefault({}).meta({ title: 'Gradient boosting' }),
  calibration: z.enum(['none', 'isotonic', 'platt']).default('none').meta({ title: 'Calibration', description: 'Of probabilities, fitted on held-out rows: isotonic, a rising step function; platt, a logistic curve.' }),
  reliabilityBins: z.int().min(2).max(100).default(10).meta({ title: 'Bins of the reliability table' }),
  permutations: z.int().min(0).max(100).default(3).meta({ title: 'Permutations', description: 'How often each feature is permuted for its importance; 0: never.' }),
});
export type LearnParams = z.output<typeof object>;

/** Parameters with what null stands for in its place. */
export interface LearnChoice {
  readonly task: LearnTask;
  readonly model: LearnModel;
  readonly kind: TargetKind;
}

export function learnChoice({ task, model, target, calibration }: Pick<LearnParams, 'task' | 'model' | 'target' | 'calibration'>): LearnChoice {
  const classifies = (model !== null && !does(model, 'regression')) || (target.kind !== null && isClass(target.kind)) || calibration !== 'none';
  const told = task ?? (classifies ? 'classification' : 'regression');
  return { task: told, model: model ?? (told === 'regression' ? 'ridge' : 'logistic'), kind: target.kind ?? (told === 'regression' ? 'level' : 'direction') };
}

function checkTogether({ value, issues }: z.core.ParsePayload<LearnParams>): void {
  const refuse = (path: (string | number)[], message: string, input: unknown): void => void issues.push({ code: 'custom', path, message, input });
  const { task, model, kind } = learnChoice(value);
  const able = learnModels.filter((one) => does(one, task));
  if (!does(model, task)) refuse(['model'], `is ${model}, which does no ${task}; expected ${able.join(', ')}`, model);
  if (isClass(kind) !== (task === 'classification')) refuse(['target', 'kind'], `is ${kind}, which is no target of a ${task}`, kind);
  if (value.calibration !== 'none' && task === 'regression') refuse(['calibration'], `is ${value.calibration}; a regression has no probabilities`, value.calibration);
  const wrong = wrongFeatures(value.features, value.target.series);
  if (wrong !== null) refuse(['features'], wrong, value.features);
}

export const learnParams = object.check(checkTogether).meta({ id: 'LearnParams' });

/** Whether the last of the training rows are held out, to choose or to calibrate by. */
export function holdsOut(params: LearnParams): boolean {
  const { model } = learnChoice(params);
  return params.calibration !== 'none' || (isPenalised(model) && params.alpha === null) || (model === 'gradient-boosting' && params.boosting.patience > 0);
}

function traits(params: LearnParams): LearnTraits {
  const { task, model } = learnChoice(params);
  return { classification: task === 'classification', linear: isPenalised(model) };
}

/**
 * Operations of training and applying one model, for each row and feature, as measured on 600,000 rows of 7 features.
 * What runs in plain TypeScript on one thread takes as long as some thirty times as many of the engine's.
 */
function operationsPerCell(params: LearnParams, features: number): number {
  const { model } = learnChoice(params);
  if (model === 'random-forest') return 2000 + params.forest.trees * 40;
  if (model === 'gradient-boosting') return 2000 + params.boosting.rounds * 20;
  return model === 'logistic' ? 1500 * (features + 8) : 4000 + features;
}

function estimate(params: LearnParams, { series, rows }: InputShape): ReturnType<AnalysisContract['estimate']> {
  const { target, folds, features } = params;
  const groups = target.series === null ? series.length : 1;
  const columns = featuresOf(features, target.series, series).length;
  const samples = groups * rows;
  const { model } = learnChoice(params);
  const nodes = model === 'random-forest' ? params.forest.trees * Math.min((2 * samples) / params.forest.minLeaf, 2 ** Math.min(30, (params.forest.maxDepth || 30) + 1)) : model === 'gradient-boosting' ? 2 * params.boosting.rounds * params.boosting.maxLeaves : columns * columns;
  // Training folds grow to all rows: half of them on average, and the final model has all; choosing trains once more.
  const trainings = (folds.train === 'expanding' ? folds.count / 2 : folds.count / (folds.count + 1)) + 1;
  const chosen = holdsOut(params) ? 2 : 1;
  return {
    // The series with their further fields; the table of features, what the engine makes of it, and the rows that are
    // permuted; lists of samples, ranks, predictions and their encoded copies; a model of some trees and its text.
    memoryBytes: 8 * series.length * rows * (1 + featureFields(features).length) + 8 * samples * (3 * columns + 60) + 160 * nodes,
    operations: samples * columns * (trainings * chosen * operationsPerCell(params, columns) + params.permutations * columns * (isTrees(model) ? 200 : 40)),
    bytes: 8 * samples * columns * trainings * chosen,
  };
}

export const learn: AnalysisContract<typeof learnParams> = {
  name: 'learn',
  title: 'Learning from features',
  summary: 'Predicts what comes, as a number or a class, from lags, returns, rolling statistics, indicators, the calendar and other series; linear models, forests and boosting, judged on purged walk-forward folds beside a baseline.',
  version: 1,
  params: learnParams,
  engines: ['cuda', 'cpu', 'portable'],
  enginesFor(params) {
    if (isTrees(learnChoice(params).model)) return ['cpu'];
    return engineNames.filter((name) => name !== 'portable' || params.features.indicators.length === 0);
  },
  fields: ({ features }) => featureFields(features),
  checkInput: ({ features }, input) => checkFeatureInput(features, input),
  tolerance: {
    metric: 'largest difference of a prediction relative to the spread of the target',
    f64: 1e-8,
    f32: 1e-8,
    reason: 'Linear models are solved to about 1e-10 from covariances that are summed in different orders; nearly collinear features lose digits. Everything is computed in float64, under f32 too. Trees grow on one engine only.',
  },
  tables: (params, shape) => learnTables(traits(params), shape),
  estimate,
};
