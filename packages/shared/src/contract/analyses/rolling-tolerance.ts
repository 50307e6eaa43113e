/** How far an engine's rolling statistic may be from the exact value, and what that is measured against. */
import type { RollingKind } from '../../portable/block.ts';
import type { Precision } from '../engine.ts';

/** What a difference is measured against, in words: the largest value that the statistic of such a window can have. */
export function rollingMetric(kind: RollingKind): string {
  switch (kind) {
    case 'min':
    case 'max':
    case 'rank':
      return 'none: exact, but for being rounded to the precision';
    case 'sum':
      return 'the sum of the absolute values in the window';
    case 'weighted':
      return 'the sum of the absolute weighted values in the window';
    case 'var':
      return 'the square of the range of the window (float32: of the range times the largest absolute value, where that is more)';
    case 'skew':
    case 'zscore':
      return 'the square root of the number of values in the window';
    case 'kurtosis':
      return 'the number of values in the window';
    case 'autocorrelation':
      return '1';
    case 'ema':
    case 'ewm-mean':
      return 'the same average of absolute values, or the largest of the last window where that is more';
    case 'ewm-std':
      return 'the same average of absolute values, the largest of the last window, or the value itself, whichever is most';
    case 'ewm-var':
      return 'the variance, and the square of the range of the last window';
    case 'mean':
    case 'std':
    case 'median':
    case 'quantile':
    case 'wma':
      return 'the largest absolute value in the window';
  }
}

/**
 * The largest difference allowed, as a share of what `rollingMetric` tells. Engines add up a window's values in different
 * orders, and take moments about different origins; nothing outside the window takes part. Under f32 inputs, or at
 * least results, are rounded to 24 bits.
 */
export function rollingTolerance(kind: RollingKind, precision: Precision): number {
  if (kind === 'min' || kind === 'max' || kind === 'rank') return 0;
  return precision === 'f64' ? 1e-12 : 1e-5;
}
