/** Blocks [series × time] for tests. */
import type { Columns } from '../../src/engine/contract.ts';
import { gaussian, uniform } from './random.ts';

/**
 * The series, all of one length, as a block. What lies between a series' end and the next one's start is a value that
 * spoils any result it gets into.
 */
export function columnsOf(series: readonly Float64Array[], padding = 0): Columns {
  const length = series[0]?.length ?? 0;
  const stride = length + padding;
  const values = new Float64Array(series.length * stride).fill(7e77);
  for (const [s, one] of series.entries()) {
    if (one.length !== length) throw new Error(`columnsOf: series ${s} has length ${one.length}, series 0 has ${length}.`);
    values.set(one, s * stride);
  }
  return { values, series: series.length, length, stride };
}

/** One series of a block, without copying. */
export const seriesOf = ({ values, length, stride }: Columns, s: number): Float64Array => values.subarray(s * stride, s * stride + length);

/**
 * Gaussian series that share a common factor, so that their correlations lie between 0.1 and 0.9, with about `missing`
 * of the values NaN.
 */
export function gaussianColumns(series: number, length: number, { seed = 1, missing = 0, padding = 0 } = {}): Columns {
  const factor = Float64Array.from({ length }, (_, t) => gaussian(seed, t));
  return columnsOf(
    Array.from({ length: series }, (_, s) => {
      const loading = 0.3 + (0.65 * (s % 7)) / 6;
      return Float64Array.from({ length }, (_unused, t) => {
        if (missing > 0 && uniform(seed + 7919 * (s + 1), t) < missing) return Number.NaN;
        return loading * (factor[t] ?? 0) + Math.sqrt(1 - loading * loading) * gaussian(seed + 104729 * (s + 1), t);
      });
    }),
    padding,
  );
}
