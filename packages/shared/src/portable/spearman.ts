/** Spearman correlation of one pair: Pearson's r of the ranks over the rows that both series have. */
import type { Pair } from './pair.ts';
import { commonOrder, forTies, type RankedColumns } from './ranks.ts';

/**
 * Twice the ranks less their mean are whole numbers, whose sums of products are exact up to 100,000 rows: no order of
 * rows or of the two series changes a bit.
 */
export function spearmanOfPair(columns: RankedColumns): (a: number, b: number) => Pair {
  const { length, levels } = columns;
  const order = new Int32Array(length);
  const ranksOfA = new Float64Array(length);
  const ranksOfB = new Float64Array(length);
  // By row, twice the distance of the rank from the mean of the ranks 1 … count.
  const rank = (a: number, b: number, into: Float64Array): number => {
    const count = commonOrder(columns, a, b, order);
    forTies(order, count, levels.subarray(a * length, (a + 1) * length), (from, to) => {
      for (let i = from; i < to; i++) into[order[i]!] = from + to - count;
    });
    return count;
  };
  return (a, b) => {
    rank(b, a, ranksOfB);
    const n = rank(a, b, ranksOfA);
    let [xx, yy, xy] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [x, y] = [ranksOfA[order[i]!]!, ranksOfB[order[i]!]!];
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    if (n < 2 || xx === 0 || yy === 0) return { r: Number.NaN, n };
    return { r: Math.min(1, Math.max(-1, xy / (Math.sqrt(xx) * Math.sqrt(yy)))), n };
  };
}
