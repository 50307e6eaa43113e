/** The kinds of the moving averages in words, by groups. */
import { averageKinds, statisticKinds, wholeKinds, type MovingAverageKind } from '@corrente/shared/contract/analyses/moving-average';

export interface KindOption {
  readonly value: MovingAverageKind;
  readonly label: string;
}

const words: Readonly<Record<MovingAverageKind, readonly [label: string, meaning: string]>> = {
  sma: ['Simple (SMA)', 'Every row of the window counts the same.'],
  ema: ['Exponential (EMA)', 'α = 2 / (n + 1), begun with the mean of the first window.'],
  wma: ['Weighted (WMA)', 'Weights rise by the same step towards the newest row.'],
  dema: ['Double exponential (DEMA)', '2 EMA − EMA of EMA: less lag.'],
  tema: ['Triple exponential (TEMA)', '3 EMA − 3 EMA of EMA + the EMA of that: still less lag.'],
  trima: ['Triangular (TRIMA)', 'The middle of the window counts most.'],
  hma: ['Hull (HMA)', 'Of weighted averages of half and of whole length: smooth, with little lag.'],
  kama: ['Kaufman adaptive (KAMA)', 'Fast where values go one way, slow where they waver.'],
  zlema: ['Zero-lag exponential (ZLEMA)', 'The EMA of what is ahead of its own lag.'],
  alma: ['Arnaud Legoux (ALMA)', 'A bell of weights, near the newest row.'],
  vwma: ['Volume-weighted (VWMA)', 'Each row counts as much as was traded.'],
  mean: ['Mean', 'As the simple average, by the name of the statistic.'],
  sum: ['Sum', 'Of the window’s values.'],
  std: ['Standard deviation', 'The spread, in the unit of the values.'],
  var: ['Variance', 'The square of the standard deviation.'],
  min: ['Minimum', 'The smallest value of the window.'],
  max: ['Maximum', 'The largest value of the window.'],
  median: ['Median', 'Half of the values lie below it.'],
  quantile: ['Quantiles', 'Shares of the values lie below them; which, is asked for below.'],
  rank: ['Rank', 'Place of the newest value among those of the window, from 1.'],
  skew: ['Skewness', 'Above 0 where the long tail is on the right.'],
  kurtosis: ['Kurtosis', 'In excess of the normal distribution’s: heavy tails lie above 0.'],
  zscore: ['Z-score', 'How many standard deviations the newest value lies from the mean.'],
  autocorrelation: ['Autocorrelation', 'Correlation with itself some rows before.'],
  'ewm-mean': ['Mean, exponentially weighted', 'Weights adjusted from the first row on, as in pandas.'],
  'ewm-var': ['Variance, exponentially weighted', 'About that mean.'],
  'ewm-std': ['Standard deviation, exponentially weighted', 'About that mean.'],
};

const option = (value: MovingAverageKind): KindOption => ({ value, label: words[value][0] });
const isWeighted = (kind: MovingAverageKind): boolean => kind.startsWith('ewm-');

export const kindGroups: readonly { readonly group: string; readonly items: readonly KindOption[] }[] = [
  { group: 'Averages', items: averageKinds.map(option) },
  { group: 'Statistics', items: [...statisticKinds, ...wholeKinds].filter((kind) => !isWeighted(kind)).map(option) },
  { group: 'Exponentially weighted', items: wholeKinds.filter(isWeighted).map(option) },
];

/** What a kind tells, in a line; empty where there is no such kind. */
export function kindMeaning(kind: string): string {
  return isKind(kind) ? words[kind][1] : '';
}

function isKind(kind: string): kind is MovingAverageKind {
  return Object.hasOwn(words, kind);
}
