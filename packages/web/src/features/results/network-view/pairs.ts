/** Values of ordered pairs of series as a square matrix: a row for each source, a column for each target. */
import { GrowingMatrix } from '../../../charts/heatmap/growing-matrix.ts';

export interface PairCell {
  /** Places in the list of names. */
  readonly source: number;
  readonly target: number;
  readonly value: number;
}

/**
 * All rows count as arrived: a pair without a value is not its mirror image.
 * @param absent what stands where there is no value: NaN (missing), or 0 where that means that there is nothing.
 */
export function pairMatrix(names: readonly string[], cells: Iterable<PairCell>, absent = Number.NaN): GrowingMatrix {
  const matrix = new GrowingMatrix(names);
  matrix.values.fill(absent);
  matrix.rows = matrix.size;
  for (const { source, target, value } of cells) matrix.values[source * matrix.size + target] = value;
  return matrix;
}

/** The largest size of a value; 0 where there is none. */
export function largestSize(cells: Iterable<PairCell>): number {
  let most = 0;
  for (const { value } of cells) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

/** A packed pixel's lightness as the eye sees it (WCAG's relative luminance), 0 to 1. */
export function luminance(pixel: number): number {
  const linear = (byte: number) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(pixel & 255) + 0.7152 * linear((pixel >> 8) & 255) + 0.0722 * linear((pixel >> 16) & 255);
}
