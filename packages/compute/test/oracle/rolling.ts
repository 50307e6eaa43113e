/** Rolling statistics over full windows of rows, slow and plain: each window is looked at on its own. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { RollingRequest } from '../../src/engine/contract.ts';
import { ewmOracle } from './ewm.ts';
import { centredProducts, compensatedSum } from './sum.ts';

export interface RollingOracle {
  readonly expected: Float64Array;
  /** What an error is measured against at each place (see `rollingMetric` beside the contract). */
  readonly scale: Float64Array;
}

/** The request for one series, as the engine contract defines it; `precision` is that of the engine that is measured. */
export function rollingOracle(values: Float64Array, request: RollingRequest, precision: Precision = 'f64'): RollingOracle {
  const { kind, window, ddof } = request;
  if (kind === 'ema') return emaOracle(values, window);
  if (kind === 'ewm-mean' || kind === 'ewm-var' || kind === 'ewm-std') return ewmOracle(values, kind, window, ddof, precision);
  return windowOracle(values, request, precision);
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const absoluteSum = (values: Float64Array): number => compensatedSum(values.map(Math.abs));
const least = (values: Float64Array): number => values.reduce((one, value) => Math.min(one, value), Infinity);
const most = (values: Float64Array): number => values.reduce((one, value) => Math.max(one, value), -Infinity);

function windowOracle(values: Float64Array, request: RollingRequest, precision: Precision): RollingOracle {
  const { window } = request;
  const expected = new Float64Array(values.length).fill(Number.NaN);
  const scale = new Float64Array(values.length);
  for (let t = window - 1; t < values.length; t++) {
    const inside = values.subarray(t - window + 1, t + 1);
    if (inside.some(Number.isNaN)) continue;
    expected[t] = statistic(inside, request);
    scale[t] = scaleOf(inside, request, precision);
  }
  return { expected, scale };
}

function statistic(inside: Float64Array, { kind, ddof, parameter, weights }: RollingRequest): number {
  const n = inside.length;
  switch (kind) {
    case 'mean':
      return compensatedSum(inside) / n;
    case 'sum':
      return compensatedSum(inside);
    case 'wma':
      return compensatedSum(inside.map((value, i) => (i + 1) * value)) / ((n * (n + 1)) / 2);
    case 'weighted':
      return compensatedSum(inside.map((value, i) => value * (weights?.[i] ?? Number.NaN)));
    case 'var':
      return variance(inside, ddof);
    case 'std':
      return Math.sqrt(variance(inside, ddof));
    case 'zscore':
      return isConstant(inside) ? Number.NaN : deviationsOf(inside)[n - 1]! / Math.sqrt(variance(inside, ddof));
    case 'skew':
      return skewness(inside);
    case 'kurtosis':
      return kurtosis(inside);
    case 'autocorrelation':
      return correlation(inside.subarray(parameter), inside.subarray(0, Math.max(0, n - (parameter ?? Number.NaN))));
    case 'min':
      return least(inside);
    case 'max':
      return most(inside);
    default:
      throw new Error(`rollingOracle: ${kind} has an oracle of its own`);
  }
}

const isConstant = (inside: Float64Array): boolean => inside.every((value) => value === inside[0]);

function variance(inside: Float64Array, ddof: number): number {
  return inside.length > ddof ? Math.max(0, centredProducts(inside, inside)) / (inside.length - ddof) : Number.NaN;
}

/** From the mean; first taken relative to the first value, which is exact where values lie close together. */
function deviationsOf(inside: Float64Array): Float64Array {
  const relative = inside.map((value) => value - inside[0]!);
  const mean = compensatedSum(relative) / inside.length;
  return relative.map((value) => value - mean);
}

/** Sum of the deviations' powers. */
const moment = (inside: Float64Array, power: number): number => compensatedSum(deviationsOf(inside).map((d) => d ** power));

/** G1 of Joanes and Gill (1998). */
function skewness(inside: Float64Array): number {
  const n = inside.length;
  if (n < 3 || isConstant(inside)) return Number.NaN;
  const g1 = moment(inside, 3) / n / (moment(inside, 2) / n) ** 1.5;
  return (g1 * Math.sqrt(n * (n - 1))) / (n - 2);
}

/** G2 of Joanes and Gill (1998). */
function kurtosis(inside: Float64Array): number {
  const n = inside.length;
  if (n < 4 || isConstant(inside)) return Number.NaN;
  const g2 = moment(inside, 4) / n / (moment(inside, 2) / n) ** 2 - 3;
  return ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * g2 + 6);
}

function correlation(x: Float64Array, y: Float64Array): number {
  if (x.length < 2 || isConstant(x) || isConstant(y)) return Number.NaN;
  return centredProducts(x, y) / Math.sqrt(centredProducts(x, x)) / Math.sqrt(centredProducts(y, y));
}

function scaleOf(inside: Float64Array, { kind, weights }: RollingRequest, precision: Precision): number {
  switch (kind) {
    case 'sum':
      return absoluteSum(inside);
    case 'weighted':
      return absoluteSum(inside.map((value, i) => value * (weights?.[i] ?? Number.NaN)));
    case 'var':
      return squareScale(inside, precision);
    case 'skew':
    case 'zscore':
      return Math.sqrt(inside.length);
    case 'kurtosis':
      return inside.length;
    case 'autocorrelation':
      return 1;
    default:
      return largest(inside);
  }
}

/** Of a square: the range's; under f32, where values of an input that is rounded first move by a share of the largest. */
function squareScale(inside: Float64Array, precision: Precision): number {
  const range = most(inside) - least(inside);
  if (precision === 'f64') return range * range;
  return range * largest(inside) + 1e-5 * largest(inside) ** 2;
}

/**
 * The recursion, over the present values, with the old average weighed down before the new value is added: a spike that
 * is forgotten takes its rounding error with it. An old value's rounding error fades as its weight does, so the scale is the
 * same average of absolute values, or the largest of the last `window` present ones where that is more.
 */
function emaOracle(values: Float64Array, window: number): RollingOracle {
  const alpha = 2 / (window + 1);
  const expected = new Float64Array(values.length).fill(Number.NaN);
  const scale = new Float64Array(values.length);
  const present = new Float64Array(values.length);
  let seen = 0;
  let average = Number.NaN;
  let magnitude = Number.NaN;
  for (const [t, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    present[seen++] = value;
    if (seen < window) continue;
    const first = seen === window;
    const last = present.subarray(seen - window, seen);
    average = first ? compensatedSum(last) / window : (1 - alpha) * average + alpha * value;
    magnitude = first ? absoluteSum(last) / window : (1 - alpha) * magnitude + alpha * Math.abs(value);
    expected[t] = average;
    scale[t] = Math.max(magnitude, largest(last));
  }
  return { expected, scale };
}
