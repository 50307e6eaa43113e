/** Prediction intervals by split conformal inference: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman (2018). */
import { Pace, type PaceOptions } from '@corrente/shared/portable/pace';

/** Every so manieth origin, so that there are at most `most`, the first among them. */
export function thinned(origins: Int32Array<ArrayBuffer>, most: number): Int32Array<ArrayBuffer> {
  const stride = Math.ceil(origins.length / Math.max(1, most));
  return stride <= 1 ? origins : origins.filter((_, k) => k % stride === 0);
}

/** The place among n ascending residuals of the one that an interval reaches to, from 1; beyond n there is none. */
const rankOf = (n: number, coverage: number): number => Math.ceil((n + 1) * coverage - 1e-9);

/** The fewest residuals that give an interval. */
export function leastResiduals(coverage: number): number {
  const least = Math.max(1, Math.floor(coverage / (1 - coverage)));
  return rankOf(least, coverage) <= least ? least : least + 1;
}

/**
 * Half the widths of intervals, one for each column: the ⌈(n + 1) coverage⌉-th smallest of n absolute residuals, and NaN
 * where there is no such one. `residuals` is [columns × n], and is sorted in place.
 */
export async function conformalWidths(residuals: Float64Array, columns: number, coverage: number, options: PaceOptions): Promise<Float64Array<ArrayBuffer>> {
  const n = columns === 0 ? 0 : residuals.length / columns;
  const rank = rankOf(n, coverage);
  const widths = new Float64Array(columns).fill(Number.NaN);
  if (rank > n) return widths;
  const pace = new Pace('forecast', columns, options);
  for (let column = 0; column < columns; column++) {
    widths[column] = residuals.subarray(column * n, (column + 1) * n).sort()[rank - 1]!;
    pace.count(1);
    if (pace.due) await pace.turn();
  }
  return widths;
}
