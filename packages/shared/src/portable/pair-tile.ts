/** Tiles of coefficients that are computed pair by pair. */
import { isMirrored, placeIn, type Rectangle } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';
import type { Pair } from './pair.ts';
import { mirror, type PearsonTile } from './pearson.ts';

export type PairOf = (a: number, b: number, pace: Pace) => Pair | Promise<Pair>;

export interface PairKind {
  /** The common rows of every pair; null where they differ. */
  readonly uniform: number | null;
  /** Whether a series with itself has exactly 1, or no value. */
  readonly normalised: boolean;
}

/**
 * r and n of a rectangle, row-major. `pairOf` is asked for a ≤ b only, so that (a, b) and (b, a) are the same bits.
 */
export async function pairTile(pairOf: PairOf, rectangle: Rectangle, { uniform, normalised }: PairKind, options: PaceOptions): Promise<PearsonTile<Float64Array<ArrayBuffer>>> {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  const count = (rowTo - rowFrom) * (colTo - colFrom);
  const r = new Float64Array(count);
  const n = uniform ?? new Int32Array(count);
  const pace = new Pace('correlation', count, options);
  await pace.start();
  for (let row = rowFrom; row < rowTo; row++) {
    for (let col = colFrom; col < colTo; col++) {
      pace.count(1);
      if (isMirrored(rectangle, row, col)) continue;
      const coming = pairOf(Math.min(row, col), Math.max(row, col), pace);
      const pair = coming instanceof Promise ? await coming : coming;
      const place = placeIn(rectangle, row, col);
      r[place] = normalised && row === col && pair.r === pair.r ? 1 : pair.r;
      if (typeof n !== 'number') n[place] = pair.n;
      if (pace.due) await pace.turn();
    }
  }
  mirror(rectangle, r);
  if (typeof n !== 'number') mirror(rectangle, n);
  return { r, n };
}
