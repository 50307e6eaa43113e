/** Between which ends the values of a matrix lie: what its colours and its legend run over. */
import type { GrowingMatrix } from './growing-matrix.ts';

export interface ValueRange {
  readonly from: number;
  readonly to: number;
}

/** Of correlations, of distance correlations. */
export const correlationRange: ValueRange = { from: -1, to: 1 };
export const distanceRange: ValueRange = { from: 0, to: 1 };

/** Values looked at for a quantile, at most: a sample tells it as well. */
const sample = 200_000;

/** The largest size of all values that have arrived, and the size that 98 of 100 off the diagonal do not exceed; 1 where there is none. */
export function sizesOf(matrix: GrowingMatrix): { readonly largest: number; readonly usual: number } {
  const { size, rows, values } = matrix;
  const stride = Math.max(1, Math.floor((rows * size) / sample));
  const sizes: number[] = [];
  let largest = 0;
  for (let at = 0; at < rows * size; at++) {
    const value = Math.abs(values[at]!);
    if (Number.isNaN(value)) continue;
    if (value > largest) largest = value;
    if (at % stride === 0 && at % (size + 1) !== 0) sizes.push(value);
  }
  sizes.sort((a, b) => a - b);
  const usual = sizes[Math.min(sizes.length - 1, Math.floor(0.98 * sizes.length))] ?? 0;
  return { largest: largest || 1, usual: usual || largest || 1 };
}
