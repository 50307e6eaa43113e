import { both, estimatorChoices, nullChoices, oneOf, surrogateHints } from './common.ts';
import type { FormHints, Params } from './form-hints.ts';

const measure = (...values: readonly string[]) => oneOf('measure', 'te', ...values);
const estimator = (...values: readonly string[]) => oneOf('estimator', 'ksg1', ...values);
const relation = measure('te', 'mi', 'cmi');
const tested = measure('te', 'mi', 'cmi', 'ais', 'predictive-information');
const embedded = measure('te', 'ais');
const given = (params: Params) => !embedded(params) || (params['embedding'] ?? 'given') === 'given';
const searched = both(embedded, oneOf('embedding', 'given', 'ragwitz', 'max-ais'));
const conditioned = (params: Params) => params['conditional'] !== null && params['conditional'] !== undefined;
const permutes = (params: Params) => Number(params['permutations'] ?? 0) > 0;

export const informationMeasureHints: FormHints = {
  groups: [
    { title: 'Past and delay', names: ['embedding', 'targetHistory', 'targetTau', 'sourceHistory', 'sourceTau', 'delay', 'conditionalHistory', 'conditionalTau', 'conditionalDelay', 'maxHistory', 'maxTau'] },
    { title: 'Estimator', names: ['neighbours', 'theiler', 'kernelWidth', 'normalise', 'noise', 'biasCorrection', 'binning', 'bins', 'base', 'patternOrder', 'patternTau'] },
    { title: 'Significance', names: ['permutations', 'alpha', 'nullDistribution', 'surrogates'] },
  ],
  applies: {
    source: relation,
    pairs: relation,
    output: relation,
    local: tested,
    conditional: measure('te', 'cmi'),
    targetHistory: both(measure('te', 'ais', 'block-entropy', 'entropy-rate', 'predictive-information'), given),
    targetTau: both(measure('te', 'ais', 'block-entropy', 'entropy-rate', 'predictive-information'), given),
    sourceHistory: both(measure('te'), given),
    sourceTau: both(measure('te'), given),
    delay: relation,
    conditionalHistory: both(measure('te'), conditioned),
    conditionalTau: both(measure('te'), conditioned),
    conditionalDelay: both(measure('te', 'cmi'), conditioned),
    embedding: embedded,
    maxHistory: searched,
    maxTau: searched,
    neighbours: (params) => estimator('ksg1', 'ksg2')(params) || (embedded(params) && params['embedding'] === 'ragwitz'),
    theiler: estimator('ksg1', 'ksg2', 'kernel'),
    kernelWidth: estimator('kernel'),
    normalise: estimator('ksg1', 'ksg2', 'kernel'),
    noise: estimator('ksg1', 'ksg2', 'kernel', 'gaussian'),
    biasCorrection: estimator('gaussian'),
    bins: estimator('discrete'),
    binning: both(estimator('discrete'), (params) => params['bins'] !== null && params['bins'] !== undefined),
    base: estimator('discrete'),
    patternOrder: estimator('symbolic'),
    patternTau: estimator('symbolic'),
    permutations: tested,
    alpha: tested,
    nullDistribution: tested,
    surrogates: both(tested, permutes),
    ...surrogateHints.applies,
  },
  choices: {
    measure: {
      te: { label: 'Transfer entropy', meaning: 'What the past of the source tells of the target beyond its own past.' },
      mi: { label: 'Mutual information', meaning: 'What one series tells of the other.' },
      cmi: { label: 'Conditional mutual information', meaning: 'What one series tells of the other once a third is known.' },
      ais: { label: 'Active information storage', meaning: 'What the past of a series tells of its next value.' },
      entropy: { label: 'Entropy', meaning: 'How uncertain a value is.' },
      'block-entropy': { label: 'Block entropy', meaning: 'How uncertain some successive values are together.' },
      'entropy-rate': { label: 'Entropy rate', meaning: 'How uncertain the next value is once the past is known.' },
      'predictive-information': { label: 'Predictive information', meaning: 'What the past tells of the future.' },
      'multi-information': { label: 'Multi-information', meaning: 'How far several series are from being independent.' },
      'o-information': { label: 'O-information', meaning: 'Whether several series share redundantly (above 0) or synergetically (below).' },
      's-information': { label: 'S-information', meaning: 'How much several series share, redundant and synergetic together.' },
    },
    estimator: estimatorChoices,
    embedding: { given: { label: 'As given' }, ragwitz: { label: 'Chosen by Ragwitz' }, 'max-ais': { label: 'Chosen by active information' } },
    binning: { none: { label: 'None: whole numbers' }, 'equal-width': { label: 'Bins of equal width' }, 'equal-frequency': { label: 'Bins with equally many values' } },
    nullDistribution: nullChoices,
    output: { pairs: { label: 'One row for each pair' }, matrix: { label: 'A matrix' }, both: { label: 'Both' } },
    ...surrogateHints.choices,
  },
  help: {
    source: 'One series, or several taken together; each by itself where none is named.',
    target: 'One series, or several taken together; each by itself where none is named.',
    conditional: 'What is known besides: one series, or several.',
    pairs: 'The source with the target (every pair where neither is named), all ordered pairs, or those of a list.',
  },
  series: { source: 'one-or-more', target: 'one-or-more', conditional: 'one-or-more', pairs: 'pairs' },
};
