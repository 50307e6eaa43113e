import type { FormHints, Params } from './form-hints.ts';

const methodOf = (params: Params): unknown => params['method'] ?? 'pearson';
const isMethod = (params: Params, ...methods: readonly string[]): boolean => methods.some((method) => method === methodOf(params));
const given = (params: Params, name: string): boolean => params[name] !== null && params[name] !== undefined;

/** Of one window after the other; at lags; of the matrix as a whole: what has one meaning has none of the others'. */
const inWindows = (params: Params): boolean => isMethod(params, 'pearson') && (given(params, 'window') || given(params, 'halfLife'));
const canLag = (params: Params): boolean => isMethod(params, 'pearson') && !inWindows(params);
const atLags = (params: Params): boolean => canLag(params) && Number(params['maxLag'] ?? 0) > 0;
const overAllRows = (params: Params): boolean => !inWindows(params);
const atLagZero = (params: Params): boolean => overAllRows(params) && !atLags(params);

const listsPairs = (params: Params): boolean => overAllRows(params) && (params['output'] ?? 'matrix') !== 'matrix';

const shrinks = (params: Params): boolean => (params['shrinkage'] ?? 'none') !== 'none';
const denoises = (params: Params): boolean => (params['denoise'] ?? 'none') !== 'none';
const detones = (params: Params): boolean => Number(params['detone'] ?? 0) > 0;

/** A shrinkage wins over a denoising, and a partial correlation over a detoning: the form shows no two that exclude each other. */
const canShrink = (params: Params): boolean => atLagZero(params) && isMethod(params, 'pearson', 'covariance');
const canDenoise = (params: Params): boolean => atLagZero(params) && isMethod(params, 'pearson', 'spearman', 'covariance') && !(canShrink(params) && shrinks(params));
const canBePartial = (params: Params): boolean => atLagZero(params) && isMethod(params, 'pearson', 'spearman');
const canDetone = (params: Params): boolean => canDenoise(params) && !(canBePartial(params) && params['partial'] === true);
const hasP = (params: Params): boolean => isMethod(params, 'pearson', 'spearman', 'kendall') && !(canShrink(params) && shrinks(params)) && !(canDenoise(params) && denoises(params)) && !(canDetone(params) && detones(params));

export const correlationHints: FormHints = {
  groups: [
    { title: 'Lead and lag', names: ['maxLag'] },
    { title: 'Rolling', names: ['window', 'halfLife', 'step'] },
    { title: 'Robust estimation', names: ['partial', 'shrinkage', 'denoise', 'detone'] },
    { title: 'Pairs', names: ['minAbs', 'top', 'fdr'] },
  ],
  applies: {
    ddof: (params) => methodOf(params) === 'covariance' && !shrinks(params),
    maxLag: canLag,
    window: (params) => isMethod(params, 'pearson'),
    halfLife: (params) => isMethod(params, 'pearson') && !given(params, 'window'),
    step: inWindows,
    partial: canBePartial,
    shrinkage: canShrink,
    denoise: canDenoise,
    detone: canDetone,
    order: overAllRows,
    output: overAllRows,
    minAbs: listsPairs,
    top: listsPairs,
    fdr: (params) => listsPairs(params) && hasP(params),
  },
  choices: {
    method: {
      pearson: { label: 'Pearson', meaning: 'How well a straight line tells one of the other.' },
      spearman: { label: 'Spearman', meaning: 'Pearson of the ranks: any rising or falling relation, and no outlier counts for more than its place.' },
      kendall: { label: 'Kendall (tau-b)', meaning: 'How much more often two rows agree in direction than not.' },
      distance: { label: 'Distance correlation', meaning: 'Sees relations of any shape; 0 only where there is none. Slower, and without p.' },
      covariance: { label: 'Covariance', meaning: 'In the product of the two units, for portfolios and models.' },
    },
    missing: {
      pairwise: { label: 'Each pair over its own rows', meaning: 'All rows where both series have a value.' },
      listwise: { label: 'Only rows where every series has a value' },
    },
    shrinkage: {
      none: { label: 'None' },
      'ledoit-wolf': { label: 'Ledoit and Wolf' },
      oas: { label: 'Oracle approximating (OAS)', meaning: 'For values close to normal, better with very few rows.' },
    },
    denoise: {
      none: { label: 'No' },
      'marchenko-pastur': { label: 'Marchenko and Pastur', meaning: 'Eigenvalues that noise alone explains become one.' },
    },
    order: {
      none: { label: 'As selected' },
      hierarchical: { label: 'By similarity', meaning: 'Series that move together stand together in the heatmap.' },
    },
    output: { matrix: { label: 'Matrix' }, pairs: { label: 'Pairs' }, both: { label: 'Matrix and pairs' } },
  },
  help: {
    window: 'A correlation for each window of so many rows, instead of one over all.',
    halfLife: 'A correlation at each time in which older rows count less; in place of a window.',
    maxLag: '0 compares the same rows. Otherwise each pair is shown at the lag where it is strongest.',
  },
  series: {},
};
