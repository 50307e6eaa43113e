/** What a linear model of least squares needs of its rows: means, spreads, and products of standardised columns. */
import type { Columns, Engine, OpOptions } from '../../engine/contract.ts';

export interface Moments {
  readonly rows: number;
  /** [features] */
  readonly mean: Float64Array;
  /** Standard deviations (divided by the rows), 1 for a constant feature. */
  readonly scale: Float64Array;
  readonly targetMean: number;
  /** Mean squared deviation of the target. */
  readonly targetVariance: number;
  /** Correlations of the features [features × features]; a constant feature has zeros. */
  readonly gram: Float64Array<ArrayBuffer>;
  /** Mean products of the standardised features with the centred target, [features]. */
  readonly towards: Float64Array;
}

/** Deviations smaller than this share of the mean are what is left of rounding, as scikit-learn's StandardScaler has it. */
const roundingShare = 10 * Number.EPSILON;

/**
 * Of a block [features + 1 × rows] without missing values, whose last series is the target: by the engine's
 * covariances, in float64.
 */
export async function momentsOf(block: Columns, engine: Engine, options: OpOptions): Promise<Moments> {
  const { series, length } = block;
  const features = series - 1;
  const session = await engine.openCorrelation(block, { method: 'covariance', ddof: 0 }, { ...options, precision: 'f64' });
  try {
    const { r } = await session.tile(0, series, 0, series, { ...options, precision: 'f64' });
    const means = Float64Array.from({ length: series }, (_, s) => meanOf(block, s));
    const scale = Float64Array.from({ length: features }, (_, i) => spreadOf(r[i * series + i] ?? 0, means[i] ?? 0));
    const constant = Uint8Array.from({ length: features }, (_, i) => (isConstant(r[i * series + i] ?? 0, means[i] ?? 0) ? 1 : 0));
    const gram = new Float64Array(features * features);
    const towards = new Float64Array(features);
    for (let i = 0; i < features; i++) {
      if (constant[i] === 1) continue;
      const own = scale[i] ?? 1;
      towards[i] = (r[i * series + features] ?? 0) / own;
      for (let j = 0; j < features; j++) if (constant[j] === 0) gram[i * features + j] = (r[i * series + j] ?? 0) / (own * (scale[j] ?? 1));
    }
    return { rows: length, mean: means.subarray(0, features), scale, targetMean: means[features] ?? 0, targetVariance: r[features * series + features] ?? 0, gram, towards };
  } finally {
    session.close();
  }
}

function isConstant(variance: number, mean: number): boolean {
  return variance <= roundingShare ** 2 * mean * mean || variance === 0;
}

function spreadOf(variance: number, mean: number): number {
  return isConstant(variance, mean) ? 1 : Math.sqrt(variance);
}

/** The mean of a series, corrected by the mean of what it leaves. */
export function meanOf({ values, length, stride }: Columns, series: number): number {
  const from = series * stride;
  let sum = 0;
  for (let t = 0; t < length; t++) sum += values[from + t] ?? Number.NaN;
  const mean = sum / length;
  let rest = 0;
  for (let t = 0; t < length; t++) rest += (values[from + t] ?? Number.NaN) - mean;
  return mean + rest / length;
}
