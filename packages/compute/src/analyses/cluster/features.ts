/** A series described by a few statistics. */
import { clusterFeatures } from '@corrente/shared/contract/analyses/cluster';
import type { Columns } from '../../engine/contract.ts';

type Feature = (typeof clusterFeatures)[number];

/**
 * Statistics of one series that varies, without a missing value: mean; standard deviation (divided by n); skew and excess
 * kurtosis of the moments; trend, the correlation with time; autocorrelation at lags 1, 2 and 7; change, the mean
 * absolute step over the standard deviation.
 */
function describe(row: Float64Array): Record<Feature, number> {
  const n = row.length;
  const origin = row[0] ?? Number.NaN;
  const mean = row.reduce((sum, value) => sum + (value - origin), 0) / n;
  const x = row.map((value) => value - origin - mean);
  const moment = (power: number): number => x.reduce((sum, value) => sum + value ** power, 0) / n;
  const std = Math.sqrt(moment(2));
  const lagged = (lag: number): number => x.reduce((sum, value, t) => sum + (t < lag ? 0 : value * (x[t - lag] ?? Number.NaN)), 0) / (n * std ** 2);
  const middle = (n - 1) / 2;
  const trend = x.reduce((sum, value, t) => sum + value * (t - middle), 0) / (n * std * Math.sqrt((n * n - 1) / 12));
  const change = x.reduce((sum, value, t) => sum + (t === 0 ? 0 : Math.abs(value - (x[t - 1] ?? Number.NaN))), 0) / ((n - 1) * std);
  return { mean: origin + mean, std, skew: moment(3) / std ** 3, kurtosis: moment(4) / std ** 4 - 3, trend, autocorrelation_1: lagged(1), autocorrelation_2: lagged(2), autocorrelation_7: lagged(7), change };
}

/** [features × series], in the order of `clusterFeatures`. */
export function seriesFeatures({ values, series, length, stride }: Columns): Columns {
  const features = new Float64Array(clusterFeatures.length * series);
  for (let s = 0; s < series; s++) {
    const described = describe(values.subarray(s * stride, s * stride + length));
    for (const [f, name] of clusterFeatures.entries()) features[f * series + s] = described[name];
  }
  return { values: features, series: clusterFeatures.length, length: series, stride: series };
}
