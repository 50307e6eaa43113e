import type { FormHints, Params } from './form-hints.ts';

const hasNumber = (params: Params): boolean => params['components'] !== null && params['components'] !== undefined;

export const pcaHints: FormHints = {
  groups: [],
  applies: { share: (params) => !hasNumber(params), scores: hasNumber, ddof: (params) => params['matrix'] === 'covariance' },
  choices: {
    matrix: {
      correlation: { label: 'Correlation', meaning: 'Every series counts alike.' },
      covariance: { label: 'Covariance', meaning: 'Series that vary more count more: of one unit only.' },
    },
    missing: { error: { label: 'Refuse them' }, listwise: { label: 'Leave their rows out' }, 'drop-series': { label: 'Leave their series out' } },
  },
  help: { components: 'As many as hold the share of variance where none is given; scores need their number.' },
  series: {},
};
