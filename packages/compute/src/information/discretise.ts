/** Whole numbers out of real series: bins, and ordinal patterns. */
import type { Columns } from '../engine/contract.ts';

export type Binning = 'none' | 'equal-width' | 'equal-frequency';

/** Each series in `bins` bins, numbered from 0, over all its rows; `none` leaves the values as they are. */
export function bin(source: Columns, binning: Binning, bins: number): Columns {
  const length = source.length;
  const values = new Float64Array(source.series * length);
  for (let s = 0; s < source.series; s += 1) {
    const series = source.values.subarray(s * source.stride, s * source.stride + length);
    values.set(binning === 'none' ? series : binning === 'equal-width' ? equalWidth(series, bins) : equalFrequency(series, bins), s * length);
  }
  return { values, series: source.series, length, stride: length };
}

/** Bins of equal width from the least to the greatest value, which is in the last bin. */
function equalWidth(values: Float64Array, bins: number): Float64Array {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const width = greatest - least;
  return values.map((value) => (width > 0 ? Math.min(bins - 1, Math.floor(((value - least) / width) * bins)) : 0));
}

/** Bins of as equal numbers of values as can be without parting equal values: bin ⌊bins · (values below) / N⌋. */
function equalFrequency(values: Float64Array, bins: number): Float64Array {
  const sorted = values.toSorted();
  const binOf = new Map<number, number>();
  for (let i = 0; i < sorted.length; i += 1) {
    const value = sorted[i] ?? Number.NaN;
    if (!binOf.has(value)) binOf.set(value, Math.floor((bins * i) / sorted.length));
  }
  return values.map((value) => binOf.get(value) ?? Number.NaN);
}

/** How many ordinal patterns there are of this order: its factorial. */
export function patternCount(order: number): number {
  let count = 1;
  for (let i = 2; i <= order; i += 1) count *= i;
  return count;
}

/**
 * The ordinal pattern of the `order` values of each series, `tau` rows apart, that end at each row (Bandt and Pompe,
 * Phys. Rev. Lett. 88, 174102, 2002), as a number from 0 to order! − 1: its rank among the permutations. Of equal
 * values the earlier counts as the smaller. A trial's first (order − 1) · tau rows have no pattern: the blocks are that
 * much shorter for each trial.
 */
export function ordinalPatterns(source: Columns & { readonly trials?: number }, order: number, tau: number): Columns & { readonly trials: number } {
  const trials = source.trials ?? 1;
  const rows = source.length / trials;
  const first = (order - 1) * tau;
  const kept = Math.max(0, rows - first);
  const length = kept * trials;
  const values = new Float64Array(source.series * length);
  for (let s = 0; s < source.series; s += 1) {
    for (let trial = 0; trial < trials; trial += 1) {
      const from = s * source.stride + trial * rows;
      for (let t = 0; t < kept; t += 1) values[s * length + trial * kept + t] = patternAt(source.values, from + t, order, tau);
    }
  }
  return { values, series: source.series, length, stride: length, trials };
}

/** The Lehmer code of the values at from, from + tau, …: for each, how many later ones are smaller. */
function patternAt(values: Float64Array, from: number, order: number, tau: number): number {
  let code = 0;
  for (let i = 0; i < order; i += 1) {
    let smaller = 0;
    for (let j = i + 1; j < order; j += 1) if ((values[from + j * tau] ?? 0) < (values[from + i * tau] ?? 0)) smaller += 1;
    code = code * (order - i) + smaller;
  }
  return code;
}
