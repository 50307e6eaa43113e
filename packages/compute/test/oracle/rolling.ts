/** Rolling statistics, slow and plain: each window is looked at on its own. */
import type { RollingRequest } from '../../src/engine/contract.ts';
import { centredProducts, compensatedSum } from './sum.ts';

export interface RollingOracle {
  readonly expected: Float64Array;
  /** What an error is measured against: the largest absolute value that takes part, at each place. */
  readonly scale: Float64Array;
}

/** The request for one series, as the engine contract defines it. */
export function rollingOracle(values: Float64Array, request: RollingRequest): RollingOracle {
  const { kind, window, ddof } = request;
  return kind === 'ema' ? emaOracle(values, window) : windowOracle(values, kind, window, ddof);
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

type WindowKind = Exclude<RollingRequest['kind'], 'ema'>;

function windowOracle(values: Float64Array, kind: WindowKind, window: number, ddof: number): RollingOracle {
  const expected = new Float64Array(values.length).fill(Number.NaN);
  const scale = new Float64Array(values.length);
  for (let t = window - 1; t < values.length; t++) {
    const inside = values.subarray(t - window + 1, t + 1);
    if (inside.some(Number.isNaN)) continue;
    expected[t] = statistic(kind, inside, ddof);
    scale[t] = largest(inside);
  }
  return { expected, scale };
}

function statistic(kind: WindowKind, inside: Float64Array, ddof: number): number {
  const window = inside.length;
  switch (kind) {
    case 'mean':
      return compensatedSum(inside) / window;
    case 'wma':
      return compensatedSum(inside.map((value, i) => (i + 1) * value)) / ((window * (window + 1)) / 2);
    case 'std':
      return window > ddof ? Math.sqrt(Math.max(0, centredProducts(inside, inside)) / (window - ddof)) : Number.NaN;
    case 'min':
      return inside.reduce((least, value) => Math.min(least, value), Infinity);
    case 'max':
      return inside.reduce((most, value) => Math.max(most, value), -Infinity);
  }
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
    magnitude = first ? compensatedSum(last.map(Math.abs)) / window : (1 - alpha) * magnitude + alpha * Math.abs(value);
    expected[t] = average;
    scale[t] = Math.max(magnitude, largest(last));
  }
  return { expected, scale };
}
