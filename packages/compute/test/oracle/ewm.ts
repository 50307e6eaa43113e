/** Exponentially weighted mean and variance, slow and plain: all values so far, each with its weight. */
import type { Precision } from '@corrente/shared/contract/engine';
import { compensatedSum } from './sum.ts';

/** Weights below this change no digit of any result of values that are less than 1e24 times one another. */
const leastWeight = 1e-40;

type EwmKind = 'ewm-mean' | 'ewm-var' | 'ewm-std';

/**
 * Of the present values: weights (1 - alpha)^(present values since), alpha = 2 / (window + 1), divided by their sum W;
 * the variance is corrected for bias by W² / (W² - ddof Σw²). Missing at a missing value and until `window` are present.
 */
export function ewmOracle(values: Float64Array, kind: EwmKind, window: number, ddof: number, precision: Precision): { expected: Float64Array; scale: Float64Array } {
  const keep = (window - 1) / (window + 1);
  const expected = new Float64Array(values.length).fill(Number.NaN);
  const scale = new Float64Array(values.length);
  const present: number[] = [];
  const allWeights = weightsOf(keep, values.length);
  for (const [t, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    present.push(value);
    if (present.length < window) continue;
    const weights = allWeights.subarray(0, present.length);
    const newest = Float64Array.from({ length: weights.length }, (_, since) => present[present.length - 1 - since]!);
    const last = newest.subarray(0, window);
    const magnitude = Math.max(average(newest.map(Math.abs), weights), ...last.map(Math.abs));
    const variance = varianceOf(newest, weights, window > ddof ? ddof : Number.NaN);
    expected[t] = kind === 'ewm-mean' ? value + average(newest.map((one) => one - value), weights) : kind === 'ewm-var' ? variance : Math.sqrt(variance);
    const range = Math.max(...last) - Math.min(...last);
    scale[t] = kind === 'ewm-var' ? variance + range * range + (precision === 'f32' ? range * magnitude + 1e-5 * magnitude * magnitude : 0) : Math.max(magnitude, kind === 'ewm-std' ? Math.sqrt(variance) : 0);
  }
  return { expected, scale };
}

/** Newest first, down to the least that matters. */
function weightsOf(keep: number, count: number): Float64Array {
  const until = keep === 0 ? 1 : Math.ceil(Math.log(leastWeight) / Math.log(keep));
  return Float64Array.from({ length: Math.min(count, until) }, (_, since) => keep ** since);
}

const average = (values: Float64Array, weights: Float64Array): number => compensatedSum(values.map((value, i) => value * weights[i]!)) / compensatedSum(weights);

/** Deviations are first taken from the newest value, exact where values lie close together. */
function varianceOf(newest: Float64Array, weights: Float64Array, ddof: number): number {
  const relative = newest.map((value) => value - newest[0]!);
  const mean = average(relative, weights);
  const biased = average(relative.map((value) => (value - mean) ** 2), weights);
  const total = compensatedSum(weights);
  const freedom = total * total - ddof * compensatedSum(weights.map((weight) => weight * weight));
  return freedom > 0 ? (biased * total * total) / freedom : Number.NaN;
}
