import type { FormHints } from './form-hints.ts';

export const networkComparisonHints: FormHints = {
  groups: [],
  applies: { exchange: (params) => params['kind'] !== 'between' },
  choices: {
    kind: {
      within: { label: 'Within one subject', meaning: 'Two conditions, one result of each; trials or realisations are exchanged.' },
      between: { label: 'Between groups', meaning: 'Subjects on either side, one result of each; subjects are exchanged.' },
    },
    dependence: {
      independent: { label: 'Independent', meaning: 'Any may belong to either side.' },
      dependent: { label: 'Dependent', meaning: 'Partners in the order of the two lists; only these are exchanged.' },
    },
    exchange: {
      auto: { label: 'Automatic', meaning: 'Trials where these can be exchanged in ways enough, else realisations.' },
      trials: { label: 'Whole trials' },
      realisations: { label: 'Single realisations', meaning: 'Supposes that these are about independent, given the past.' },
    },
    tails: {
      two: { label: 'Two: a differs from b', meaning: 'Half of the significance level at each tail.' },
      one: { label: 'One: a is greater than b' },
    },
  },
  help: { kind: 'Within one subject where each side has one result, if left open.' },
  series: {},
};
