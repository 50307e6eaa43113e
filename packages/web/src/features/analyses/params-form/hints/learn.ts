import { modelNames } from '../../model-names.ts';
import type { Choice, FormHints } from './form-hints.ts';
import { isParams, type Params } from './params.ts';

const group = (params: Params, name: string): Params => {
  const value = params[name];
  return isParams(value) ? value : {};
};

/** The model that is meant: ridge, or logistic regression where classes are learnt. */
function modelOf(params: Params): unknown {
  return params['model'] ?? (learnsClasses(params) ? 'logistic' : 'ridge');
}

const isModel = (...models: readonly string[]) => (params: Params): boolean => models.some((model) => model === modelOf(params));

/** Told by the task, or by a model or a target that is of classes only. */
function learnsClasses(params: Params): boolean {
  const { task, model } = params;
  if (task === 'classification' || task === 'regression') return task === 'classification';
  const { kind } = group(params, 'target');
  return ['logistic', 'gaussian-naive-bayes'].some((one) => one === model) || ['direction', 'sign', 'class'].some((one) => one === kind);
}

const isPenalised = isModel('ridge', 'lasso', 'elastic-net', 'logistic');
const isTrees = isModel('random-forest', 'gradient-boosting');

const calibrates = (params: Params): boolean => learnsClasses(params) && (params['calibration'] ?? 'none') !== 'none';
const stopsEarly = (params: Params): boolean => isModel('gradient-boosting')(params) && group(params, 'boosting')['patience'] !== 0;
const choosesPenalty = (params: Params): boolean => isPenalised(params) && (params['alpha'] === null || params['alpha'] === undefined);

const hasAny = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const readsBars = (params: Params): boolean => hasAny(group(params, 'features')['indicators']);

const choice = (model: string, meaning: string): readonly [string, Choice] => [model, { label: modelNames[model] ?? model, meaning }];

export const learnHints: FormHints = {
  groups: [
    { title: 'Features', names: ['features'] },
    { title: 'Settings of the model', names: ['alpha', 'l1Ratio', 'smoothing', 'impute', 'forest', 'boosting', 'heldOut'] },
    { title: 'Test', names: ['folds', 'permutations', 'calibration', 'reliabilityBins'] },
  ],
  applies: {
    alpha: isPenalised,
    l1Ratio: isModel('elastic-net'),
    smoothing: isModel('gaussian-naive-bayes'),
    impute: (params) => !isTrees(params),
    forest: isModel('random-forest'),
    boosting: isModel('gradient-boosting'),
    heldOut: (params) => calibrates(params) || stopsEarly(params) || choosesPenalty(params),
    calibration: learnsClasses,
    reliabilityBins: learnsClasses,
    'folds.trainRows': (params) => group(params, 'folds')['train'] === 'rolling',
    'features.cyclic': (params) => hasAny(group(params, 'features')['calendar']),
    'features.open': readsBars,
    'features.high': readsBars,
    'features.low': readsBars,
    'features.close': readsBars,
    'features.volume': readsBars,
  },
  choices: {
    task: {
      regression: { label: 'A number', meaning: 'Regression: the value itself, its difference or its return.' },
      classification: { label: 'A class', meaning: 'Classification: up or down, or a class that the series holds as numbers.' },
    },
    model: Object.fromEntries([
      choice('ridge', 'Linear, every feature counting a little. In seconds, and the one to beat.'),
      choice('lasso', 'Linear, with as few features as will do.'),
      choice('elastic-net', 'Between ridge and lasso.'),
      choice('logistic', 'Linear, of classes.'),
      choice('gaussian-naive-bayes', 'Of classes, as if features were independent and normal.'),
      choice('random-forest', 'Many trees of random rows and features. Takes missing values; time grows with the trees.'),
      choice('gradient-boosting', 'Trees that correct each other, stopped on held-out rows. Takes missing values; often the most exact.'),
    ]),
    'target.kind': {
      level: { label: 'The value itself' },
      difference: { label: 'Its difference from the newest' },
      return: { label: 'Its return' },
      'log-return': { label: 'Its log return' },
      direction: { label: 'Whether it is above the newest', meaning: 'Up or down.' },
      sign: { label: 'Whether it is above 0', meaning: 'Of an input that is a difference or a return already.' },
      class: { label: 'A class', meaning: 'The series holds numbers of classes.' },
    },
    'folds.train': {
      expanding: { label: 'All rows before', meaning: 'Each fold trains on everything before it.' },
      rolling: { label: 'So many rows before', meaning: 'Forgets what is long past.' },
    },
    impute: { none: { label: 'Refuse them' }, mean: { label: 'Put the mean' }, median: { label: 'Put the median' } },
    calibration: {
      none: { label: 'None' },
      isotonic: { label: 'Isotonic', meaning: 'A rising step function; needs some hundreds of held-out rows.' },
      platt: { label: 'Platt', meaning: 'A logistic curve.' },
    },
  },
  help: {
    'target.series': 'The one series to predict, by its own past and that of the others. None: every series, each by its own past, one model for all.',
    'features.others.series': 'Series whose values every row reads; all others where the target is one series, otherwise none.',
    permutations: 'How often each feature is permuted for its importance. Many features and trees take long: 0 leaves it out.',
  },
  series: { 'target.series': 'one', 'features.others.series': 'some-names', 'features.indicators': 'indicators' },
};
