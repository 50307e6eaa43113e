/** Which columns of a table of moving averages share a chart: what lies at the level of the series is drawn over it. */
import { movingAverageParams, outputsOf, type MovingAverageKind } from '@corrente/shared/contract/analyses/moving-average';
import type { ChartPanel } from './chart-panel.ts';

const level = 'values';

/** By kind, the panel: a spread has the unit of the series, but lies far below its level, and a sum far above. */
const titles: Readonly<Record<MovingAverageKind, string>> = {
  sma: level, ema: level, wma: level, dema: level, tema: level, trima: level, hma: level, kama: level, zlema: level, alma: level, vwma: level,
  mean: level, min: level, max: level, median: level, quantile: level, 'ewm-mean': level,
  std: 'Standard deviation', 'ewm-std': 'Standard deviation',
  var: 'Variance', 'ewm-var': 'Variance',
  sum: 'Sum', rank: 'Rank', skew: 'Skewness', kurtosis: 'Kurtosis', zscore: 'Z-score', autocorrelation: 'Autocorrelation',
};

/** First the series with what lies at its level, then a panel for each other quantity. `params` are those of the job. */
export function averagePanels(params: unknown): ChartPanel[] {
  const columns = new Map<string, string[]>([[level, []]]);
  for (const { name, kind } of outputsOf(movingAverageParams.parse(params))) columns.set(titles[kind], [...(columns.get(titles[kind]) ?? []), name]);
  return Array.from(columns, ([title, names]) => ({ title, columns: names, overField: title === level }));
}
