/** The statistics that the slider's window is put over, by the names of the analysis of moving averages. */
import type { RollingKind } from '@corrente/shared/portable/block';

export interface Statistic {
  readonly name: 'sma' | 'ema' | 'wma' | 'median' | 'min' | 'max' | 'std' | 'zscore';
  readonly title: string;
  readonly kind: RollingKind;
  /** Whether it has the scale of the series, and is drawn over them. */
  readonly overSeries: boolean;
}

export const statistics: readonly Statistic[] = [
  { name: 'sma', title: 'Simple average', kind: 'mean', overSeries: true },
  { name: 'ema', title: 'Exponential average', kind: 'ema', overSeries: true },
  { name: 'wma', title: 'Weighted average', kind: 'wma', overSeries: true },
  { name: 'median', title: 'Median', kind: 'median', overSeries: true },
  { name: 'min', title: 'Minimum', kind: 'min', overSeries: true },
  { name: 'max', title: 'Maximum', kind: 'max', overSeries: true },
  { name: 'std', title: 'Standard deviation', kind: 'std', overSeries: false },
  { name: 'zscore', title: 'z-score', kind: 'zscore', overSeries: false },
];
