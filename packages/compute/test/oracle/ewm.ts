/** Exponentially weighted mean and variance, slow and plain: all values so far, each with its weight. */
import type { Precision } from '@corrente/shared/contract/engine';
import { compensatedSum, compensatedSumOver } from './sum.ts';

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
  // Newest first, from the end of the list on: what is present so far are its last `count` values.
  const present = new Float64Array(values.length);
  let count = 0;
  const allWeights = weightsOf(keep, values.length);
  for (const [t, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    present[values.length - ++count] = value;
    if (count < window) continue;
    const weights = allWeights.subarray(0, count);
    const newest = present.subarray(values.length - count);
    const [least, most] = extent(newest.subarray(0, window));
    const magnitude = Math.max(average((i) => Math.abs(newest[i]!), weights), Math.abs(least), Math.abs(most));
    const variance = kind === 'ewm-mean' ? 0 : varianceOf(newest, weights, window > ddof ? ddof : Number.NaN);
    expected[t] = kind === 'ewm-mean' ? value + average((i) => newest[i]! - value, weights) : kind === 'ewm-var' ? variance : Math.sqrt(variance);
    const range = most - least;
    scale[t] = kind === 'ewm-var' ? variance + range * range + (precision === 'f32' ? range * magnitude + 1e-5 * magnitude * magnitude : 0) : Math.max(magnitude, kind === 'ewm-std' ? Math.sqrt(variance) : 0);
  }
  return { expected, scale };
}

function extent(values: Float64Array): [least: number, most: number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

/** Newest first, down to the least that matters. */
function weightsOf(keep: number, count: number): Float64Array {
  const until = keep === 0 ? 1 : Math.ceil(Math.log(leastWeight) / Math.log(keep));
  return Float64Array.from({ length: Math.min(count, until) }, (_, since) => keep ** since);
}

const average = (value: (since: number) => number, weights: Float64Array): number => compensatedSumOver(weights.length, (i) => value(i) * weights[i]!) / compensatedSum(weights);

/** Deviations are first taken from the newest value, exact where values lie close together. */
function varianceOf(newest: Float64Array, weights: Float64Array, ddof: number): number {
  const origin = newest[0] ?? Number.NaN;
  const mean = average((i) => newest[i]! - origin, weights);
  const biased = average((i) => (newest[i]! - origin - mean) ** 2, weights);
  const total = compensatedSum(weights);
  const freedom = total * total - ddof * compensatedSumOver(weights.length, (i) => weights[i]! * weights[i]!);
  return freedom > 0 ? (biased * total * total) / freedom : Number.NaN;
}
