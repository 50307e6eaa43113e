import type { FormHints, Params } from './form-hints.ts';

const given = (params: Params, name: string): boolean => params[name] !== null && params[name] !== undefined;
const isTree = (params: Params): boolean => params['method'] === 'hierarchical';
const isKMeans = (params: Params): boolean => !isTree(params);
const canCut = (params: Params): boolean => isTree(params) && !given(params, 'clusters');
/** Several numbers are tried where neither their number nor a height is told. */
const tries = (params: Params): boolean => !given(params, 'clusters') && !(canCut(params) && given(params, 'height'));

export const clusterHints: FormHints = {
  groups: [{ title: 'Computation', names: ['starts', 'iterations', 'tolerance', 'missing'] }],
  applies: {
    height: canCut,
    fewest: tries,
    most: tries,
    features: (params) => isKMeans(params) && params['of'] !== 'rows',
    starts: isKMeans,
    iterations: isKMeans,
    tolerance: isKMeans,
  },
  choices: {
    method: {
      'k-means': { label: 'k-means', meaning: 'Groups about centres. Every number that is tried takes as many starts.' },
      hierarchical: { label: 'Tree of correlations', meaning: 'Joins what correlates most, level by level; time and memory grow with the square of what is grouped.' },
    },
    of: {
      series: { label: 'Series', meaning: 'Those that run alike.' },
      rows: { label: 'Rows', meaning: 'Times at which the series stand alike.' },
    },
    features: {
      values: { label: 'Their values', meaning: 'Every row is a dimension.' },
      statistics: { label: 'Their statistics', meaning: 'Mean, spread, shape, trend and autocorrelation: of series that need not run in step.' },
    },
    missing: { error: { label: 'Refuse them' }, skip: { label: 'Leave their rows out' }, 'drop-series': { label: 'Leave their series out' } },
  },
  help: { clusters: 'Where none is given, the number whose mean silhouette is largest.' },
  series: {},
};
