import { both, estimatorChoices, nullChoices, oneOf, surrogateHints } from './common.ts';
import type { Choice, FormHints } from './form-hints.ts';

const method = (...values: readonly string[]) => oneOf('method', 'multivariate-te', ...values);
const estimator = (...values: readonly string[]) => oneOf('estimator', 'ksg1', ...values);
const hasPast = method('multivariate-te', 'bivariate-te', 'active-information');
const hasSources = method('multivariate-te', 'bivariate-te', 'multivariate-mi', 'bivariate-mi');
const permutes = (params: Readonly<Record<string, unknown>>) => {
  const wanted = params['nullDistribution'] ?? 'auto';
  return wanted === 'permutation' || (wanted === 'auto' && params['estimator'] !== 'gaussian');
};
const controls = (params: Readonly<Record<string, unknown>>) => params['fdr'] !== false;

const embeddings: Readonly<Record<string, Choice>> = {
  greedy: { label: 'Lag by lag (greedy)', meaning: 'Each lag is a candidate, taken as long as it tells something new.' },
  ragwitz: { label: 'Uniform, by Ragwitz', meaning: 'Evenly spaced lags with the smallest error of prediction.' },
  'max-ais': { label: 'Uniform, by active information', meaning: 'Evenly spaced lags with the largest bias-corrected active information.' },
};

export const networkInferenceHints: FormHints = {
  groups: [
    { title: 'Estimator', names: ['neighbours', 'theiler', 'kernelWidth', 'bins', 'binning', 'patternOrder', 'normalise', 'noise'] },
    { title: 'Lags, embedding and conditions', names: ['maxLagTarget', 'tauSources', 'tauTarget', 'targetEmbedding', 'sourceEmbedding', 'conditionals'] },
    { title: 'Significance', names: ['alpha', 'fdr', 'fdrMethod', 'fdrBy', 'nullDistribution', 'permutations', 'surrogates'] },
  ],
  applies: {
    neighbours: estimator('ksg1', 'ksg2'),
    theiler: estimator('ksg1', 'ksg2', 'kernel'),
    kernelWidth: estimator('kernel'),
    patternOrder: estimator('symbolic'),
    binning: estimator('discrete'),
    bins: both(estimator('discrete'), oneOf('binning', 'none', 'equal-width', 'equal-frequency')),
    maxLagSources: hasSources,
    minLagSources: hasSources,
    tauSources: hasSources,
    sourceEmbedding: hasSources,
    sources: hasSources,
    conditionals: hasSources,
    maxLagTarget: hasPast,
    tauTarget: hasPast,
    targetEmbedding: hasPast,
    permutations: permutes,
    surrogates: permutes,
    'permutations.minStatistic': hasSources,
    'permutations.sequential': hasSources,
    fdrMethod: controls,
    fdrBy: both(controls, hasSources),
    ...surrogateHints.applies,
  },
  choices: {
    method: {
      'multivariate-te': { label: 'Multivariate transfer entropy', meaning: 'What the past of each source adds to the past of the target and of all other sources: leaves out indirect and common drive.' },
      'bivariate-te': { label: 'Bivariate transfer entropy', meaning: 'What the past of each source adds to the past of the target, source by source: faster, and shows indirect links, too.' },
      'multivariate-mi': { label: 'Multivariate mutual information', meaning: 'As multivariate transfer entropy, without the past of the target.' },
      'bivariate-mi': { label: 'Bivariate mutual information', meaning: 'As bivariate transfer entropy, without the past of the target.' },
      'active-information': { label: 'Active information storage', meaning: 'How much of its own next value the past of each series tells. Makes no links.' },
    },
    estimator: estimatorChoices,
    binning: { none: { label: 'None: whole numbers' }, 'equal-width': { label: 'Bins of equal width' }, 'equal-frequency': { label: 'Bins with equally many values' } },
    targetEmbedding: embeddings,
    sourceEmbedding: embeddings,
    nullDistribution: nullChoices,
    fdrMethod: { 'benjamini-yekutieli': { label: 'Benjamini and Yekutieli' }, 'benjamini-hochberg': { label: 'Benjamini and Hochberg' } },
    fdrBy: { target: { label: 'One for each target', meaning: 'The test of all its sources together.' }, link: { label: 'One for each link', meaning: 'The test of each source variable.' } },
    ...surrogateHints.choices,
  },
  help: {
    targets: 'Series whose sources are looked for; all where none is named.',
    sources: 'Series that may drive them; all others where none is named.',
    conditionals: 'What every test is conditioned on besides: the present of every source, or series at given lags.',
  },
  series: { targets: 'names', sources: 'names', conditionals: 'variables' },
};
