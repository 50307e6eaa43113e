/** The models that learn from features, and the numbers that each takes. */
import { z } from 'zod';

export const regressionModels = ['ridge', 'lasso', 'elastic-net', 'random-forest', 'gradient-boosting'] as const;
export const classificationModels = ['logistic', 'gaussian-naive-bayes', 'random-forest', 'gradient-boosting'] as const;
export const learnModels = ['ridge', 'lasso', 'elastic-net', 'logistic', 'gaussian-naive-bayes', 'random-forest', 'gradient-boosting'] as const;
export type LearnModel = (typeof learnModels)[number];
export const learnTasks = ['regression', 'classification'] as const;
export type LearnTask = (typeof learnTasks)[number];

/** Trees may have missing features; all other models need each of them. */
export const isTrees = (model: LearnModel): boolean => model === 'random-forest' || model === 'gradient-boosting';
/** Whether a penalty on the coefficients holds the model back. */
export const isPenalised = (model: LearnModel): boolean => model === 'ridge' || model === 'lasso' || model === 'elastic-net' || model === 'logistic';

/** Whether a model does a task. */
export function does(model: LearnModel, task: LearnTask): boolean {
  return (task === 'regression' ? regressionModels : classificationModels).some((one) => one === model);
}

const depth = z.int().min(0).max(64);
const leaf = z.int().min(1).max(1_000_000);
const bins = z.int().min(2).max(255).default(255).meta({ title: 'Bins', description: 'Quantile bins of each feature, between which the splits lie.' });

export const forestParams = z
  .strictObject({
    trees: z.int().min(1).max(10_000).default(100).meta({ title: 'Trees' }),
    maxDepth: depth.default(0).meta({ title: 'Largest depth', description: '0: no limit.' }),
    minLeaf: leaf.default(5).meta({ title: 'Least rows of a leaf', unit: 'rows' }),
    featuresPerSplit: z.int().min(1).max(4096).nullable().default(null).meta({ title: 'Features per split', description: 'Drawn anew for each split. Where null: a third of them for regression, their square root for classification.' }),
    bootstrap: z.boolean().default(true).meta({ title: 'Bootstrap', description: 'Each tree has rows drawn with replacement.' }),
    bins,
  })
  .meta({ id: 'ForestParams' });
export type ForestParams = z.output<typeof forestParams>;

export const boostingParams = z
  .strictObject({
    rounds: z.int().min(1).max(10_000).default(200).meta({ title: 'Rounds', description: 'At most so many trees (of each class, where there are more than two).' }),
    patience: z.int().min(0).max(10_000).default(20).meta({ title: 'Patience', description: 'Stops after so many rounds without a lower loss on held-out rows; 0: never.' }),
    learningRate: z.number().gt(0).max(1).default(0.1).meta({ title: 'Learning rate' }),
    maxLeaves: z.int().min(2).max(4096).default(31).meta({ title: 'Most leaves of a tree' }),
    maxDepth: depth.default(0).meta({ title: 'Largest depth', description: '0: no limit.' }),
    minLeaf: leaf.default(20).meta({ title: 'Least rows of a leaf', unit: 'rows' }),
    l2: z.number().min(0).max(1e9).default(0).meta({ title: 'Penalty on leaves', description: 'Added to the second derivatives of a leaf.' }),
    featureShare: z.number().gt(0).max(1).default(1).meta({ title: 'Share of features', description: 'That each tree may split by.' }),
    bins,
  })
  .meta({ id: 'BoostingParams' });
export type BoostingParams = z.output<typeof boostingParams>;
