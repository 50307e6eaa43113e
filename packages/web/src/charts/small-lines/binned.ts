/** Lines on one grid of equal stretches of time, brought to one scale: to be laid over each other however they were sampled. */
import type { Points } from '../../features/results/align-lines.ts';

/** The mean of the values in each of `bins` equal stretches from `from` to `to`; NaN where there is none. */
export function binned({ x, y }: Points, from: number, to: number, bins: number): Float64Array {
  const [sums, counts] = [new Float64Array(bins), new Float64Array(bins)];
  for (const [i, at] of x.entries()) {
    if (Number.isNaN(y[i]!) || at < from || at > to) continue;
    const bin = Math.min(bins - 1, Math.floor(((at - from) / (to - from || 1)) * bins));
    sums[bin]! += y[i]!;
    counts[bin]! += 1;
  }
  return sums.map((sum, bin) => (counts[bin] === 0 ? Number.NaN : sum / counts[bin]!));
}

/** In standard deviations about the mean of what is there; all 0 where nothing varies. */
export function standardised(values: Float64Array): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return values.map((value) => (deviation === 0 && !Number.isNaN(value) ? 0 : (value - mean) / deviation));
}

/** The mean of some lines bin by bin, over those that have a value there. */
export function meanLine(lines: readonly Float64Array[]): Float64Array {
  return Float64Array.from(lines[0] ?? [], (_, bin) => {
    const known = lines.map((line) => line[bin]!).filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
}
