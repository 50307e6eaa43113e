import { movingAverageKinds, takesPresentValues, type MovingAverageKind } from '@corrente/shared/contract/analyses/moving-average';
import type { FormHints, Params } from './form-hints.ts';

/** Those that are chosen; the contract's default where nothing is. */
function kindsOf(params: Params): readonly MovingAverageKind[] {
  const { kinds } = params;
  return Array.isArray(kinds) ? movingAverageKinds.filter((kind) => kinds.includes(kind)) : ['sma'];
}

const ofKinds = (...kinds: readonly MovingAverageKind[]) => (params: Params): boolean => kindsOf(params).some((kind) => kinds.includes(kind));

export const movingAverageHints: FormHints = {
  groups: [],
  applies: {
    ddof: ofKinds('std', 'var', 'zscore', 'ewm-var', 'ewm-std'),
    minPeriods: (params) => kindsOf(params).every(takesPresentValues),
    quantiles: ofKinds('quantile'),
    lag: ofKinds('autocorrelation'),
    almaOffset: ofKinds('alma'),
    almaSigma: ofKinds('alma'),
    volume: ofKinds('vwma'),
  },
  choices: {},
  help: {
    kinds: 'Each is computed for each window.',
    windows: 'Rows, or a length of time: 20, 5d, 12h, 90min (w, d, h, min, s, ms).',
  },
  series: { kinds: 'kinds', windows: 'windows' },
};
