import type { FormHints, Params } from './form-hints.ts';

const isMethod = (...methods: readonly string[]) => (params: Params): boolean => methods.some((method) => method === (params['method'] ?? 'robust-zscore'));
const isForest = isMethod('isolation-forest');

export const anomalyHints: FormHints = {
  groups: [{ title: 'Events and output', names: ['gap', 'output'] }],
  applies: {
    window: (params) => !isForest(params),
    season: isMethod('seasonal-residual'),
    trend: isMethod('seasonal-residual'),
    lags: isForest,
    spacing: (params) => isForest(params) && Number(params['lags'] ?? 0) > 0,
    together: isForest,
    trees: isForest,
    sampleSize: isForest,
    discords: isMethod('matrix-profile'),
    exclusion: isMethod('matrix-profile'),
  },
  choices: {
    method: {
      'robust-zscore': { label: 'Far from the median', meaning: 'In robust standard deviations; of the last rows only where a window is given.' },
      'seasonal-residual': { label: 'Far from trend and season', meaning: 'For series with days, weeks or years in them.' },
      'isolation-forest': { label: 'Isolation forest', meaning: 'Rows that random splits soon leave alone; also several series at once.' },
      'matrix-profile': { label: 'Shapes like no other', meaning: 'Windows far from every other. Needs a window; time grows with the square of the rows: seconds for 20,000, minutes for 200,000.' },
    },
    output: { all: { label: 'Every row with its score' }, flagged: { label: 'Flagged rows only' } },
  },
  help: {
    threshold: 'Scores from here on are flagged. Where none is given: 3.5 of z-scores; for the others by the scores themselves.',
    window: 'Rows of the shapes that are compared, or over which median and spread are taken; there of the whole series where none is given.',
  },
  series: {},
};
