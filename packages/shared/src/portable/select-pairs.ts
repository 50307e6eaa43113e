/** The pairs of a rectangle that are wanted, picked band by band of rows: the rectangle is never held. */
import type { Rectangle } from './block.ts';
import type { PearsonTile } from './pearson.ts';

/** Pairs with |r| below `minAbs` or fewer than `minPeriods` common rows are left out; `top` is the most that are wanted. */
export interface PairChoice {
  readonly minAbs: number;
  readonly minPeriods: number;
  readonly top: number | null;
}

type Tile = PearsonTile<Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>>;

interface Pair {
  readonly a: number;
  readonly b: number;
  readonly r: number;
  readonly n: number;
}

/** Values of a band, at most, unless one row has more. */
const bandValues = 2 ** 18;

/**
 * Pairs a < b of the rectangle: where `top` is given the strongest first (then smallest a, then smallest b), otherwise
 * by a, then b. `tileOf` computes a part of the rectangle.
 */
export async function selectPairs(tileOf: (part: Rectangle, onProgress: (fraction: number) => void) => Promise<Tile>, rectangle: Rectangle, choice: PairChoice, onProgress: (fraction: number) => void): Promise<Pair[]> {
  const { rowFrom, rowTo, colTo } = rectangle;
  let chosen: Pair[] = [];
  let least = choice.minAbs;
  for (let from = rowFrom; from < rowTo; ) {
    // Columns up to the diagonal have no pair a < b.
    const colFrom = Math.min(colTo, Math.max(rectangle.colFrom, from + 1));
    const to = Math.min(rowTo, from + Math.max(1, Math.floor(bandValues / Math.max(1, colTo - colFrom))));
    const [done, share] = [(from - rowFrom) / (rowTo - rowFrom), (to - from) / (rowTo - rowFrom)];
    const { r, n } = await tileOf({ rowFrom: from, rowTo: to, colFrom, colTo }, (fraction) => onProgress(done + share * fraction));
    const width = colTo - colFrom;
    for (let a = from; a < to; a++) {
      for (let b = Math.max(colFrom, a + 1); b < colTo; b++) {
        const at = (a - from) * width + b - colFrom;
        const value = r[at]!;
        const common = typeof n === 'number' ? n : n[at]!;
        if (Math.abs(value) >= least && common >= choice.minPeriods) chosen.push({ a, b, r: value, n: common });
      }
    }
    if (choice.top !== null && chosen.length > 2 * choice.top) {
      chosen = strongest(chosen, choice.top);
      least = Math.max(least, Math.abs(chosen.at(-1)?.r ?? 0));
    }
    from = to;
  }
  return choice.top === null ? chosen : strongest(chosen, choice.top);
}

/** Sorting is stable, and pairs come by a, then b. */
function strongest(pairs: readonly Pair[], top: number): Pair[] {
  return pairs.toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r) || x.a - y.a || x.b - y.b).slice(0, top);
}
