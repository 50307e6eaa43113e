/** Kendall's tau-b of one pair in n log n (Knight 1966): rows in order of one series, exchanges that sort the other. */
import type { Pair } from './pair.ts';
import { commonOrder, forTies, type RankedColumns } from './ranks.ts';

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/** Counts of pairs of rows are whole numbers; only the last quotient is rounded. */
export function kendallOfPair(columns: RankedColumns): (a: number, b: number) => Pair {
  const { length, levels } = columns;
  const order = new Int32Array(length);
  const sequence = new Int32Array(length);
  const spare = new Int32Array(length);
  return (a, b) => {
    const [levelsOfA, levelsOfB] = [levels.subarray(a * length, (a + 1) * length), levels.subarray(b * length, (b + 1) * length)];
    const n = commonOrder(columns, a, b, order);
    for (let i = 0; i < n; i++) sequence[i] = levelsOfB[order[i]!]!;
    let [tiedInA, tiedInBoth, tiedInB] = [0, 0, 0];
    forTies(order, n, levelsOfA, (from, to) => {
      if (to - from === 1) return;
      tiedInA += pairsOf(to - from);
      // Rows of equal a are put in order of b: they count as no exchange.
      sequence.subarray(from, to).sort();
      tiedInBoth += tiedPairs(sequence, from, to);
    });
    const exchanges = sortCounting(sequence, spare, n);
    tiedInB = tiedPairs(sequence, 0, n);
    const [untiedInA, untiedInB] = [pairsOf(n) - tiedInA, pairsOf(n) - tiedInB];
    if (untiedInA === 0 || untiedInB === 0) return { r: Number.NaN, n };
    const score = pairsOf(n) - tiedInA - tiedInB + tiedInBoth - 2 * exchanges;
    return { r: Math.min(1, Math.max(-1, score / Math.sqrt(untiedInA * untiedInB))), n };
  };
}

/** Pairs of equal values in the sorted range [from, to). */
function tiedPairs(sorted: Int32Array, from: number, to: number): number {
  let pairs = 0;
  let run = 0;
  for (let i = from + 1; i < to; i++) {
    run = sorted[i] === sorted[i - 1] ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts the first `count` values by merging; the number of pairs that were the wrong way round. */
function sortCounting(values: Int32Array, spare: Int32Array, count: number): number {
  let exchanges = 0;
  let [source, target] = [values, spare];
  for (let width = 1; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      const middle = Math.min(count, from + width);
      const to = Math.min(count, from + 2 * width);
      let [left, right] = [from, middle];
      for (let i = from; i < to; i++) {
        if (left < middle && (right === to || source[left]! <= source[right]!)) {
          target[i] = source[left++]!;
        } else {
          exchanges += middle - left;
          target[i] = source[right++]!;
        }
      }
    }
    [source, target] = [target, source];
  }
  if (source !== values) values.set(source.subarray(0, count));
  return exchanges;
}
