/**
 * Statistics of a sliding window by block scans, after van Herk (1992) and Gil and Werman (1993): the series is cut
 * into blocks as long as the window, so that every window is the tail of one block and the head of the next. Heads and
 * tails are accumulated from the cut outwards. Nothing is ever taken away from a sum, so nothing outside a window
 * takes part in it, and a missing value (NaN) spoils exactly the windows that hold it.
 */
import type { Scan } from './scan.ts';

/** What a kind of statistic does with the values of a block, of which it keeps the tails. */
interface Blocks {
  /** Accumulates the tails [i, window) of the block that begins at row `begin`, for every i. */
  readonly tails: (begin: number) => void;
  /** Writes rows [begin, end) of a block, from its heads and, but for a whole block, the tails of the one before. */
  readonly heads: (begin: number, end: number) => void;
}

function scanOfBlocks(out: Float64Array, window: number, { tails, heads }: Blocks): Scan {
  return {
    step: window,
    run(from, to) {
      for (let begin = from; begin < to; begin += window) {
        const end = Math.min(to, begin + window);
        if (begin === 0) out.fill(Number.NaN, 0, Math.min(end, window - 1));
        if (begin > 0) tails(begin - window);
        if (begin > 0 || end >= window) heads(begin, end);
      }
    },
  };
}

/** Mean: compensated sums (Kahan 1965). */
export function meanScan(values: Float64Array, out: Float64Array, window: number): Scan {
  const tail = new Float64Array(Math.min(window, values.length) + 1);
  return scanOfBlocks(out, window, {
    tails(begin) {
      let sum = 0;
      let lost = 0;
      for (let i = window - 1; i > 0; i--) {
        const term = values[begin + i]! - lost;
        const next = sum + term;
        lost = next - sum - term;
        sum = next;
        tail[i] = sum;
      }
    },
    heads(begin, end) {
      let sum = 0;
      let lost = 0;
      for (let t = begin; t < end; t++) {
        const term = values[t]! - lost;
        const next = sum + term;
        lost = next - sum - term;
        sum = next;
        const i = t - begin + 1;
        if (begin > 0 || i === window) out[t] = (i < window ? tail[i]! + sum : sum) / window;
      }
    },
  });
}

/** Weighted mean, weights 1 to window: a tail's weights begin at 1; a head's follow on the tail's number of values. */
export function wmaScan(values: Float64Array, out: Float64Array, window: number): Scan {
  const tail = new Float64Array(Math.min(window, values.length) + 1);
  const weights = (window * (window + 1)) / 2;
  return scanOfBlocks(out, window, {
    tails(begin) {
      let sum = 0;
      let lost = 0;
      let weighted = 0;
      let weightedLost = 0;
      for (let i = window - 1; i > 0; i--) {
        const term = values[begin + i]! - lost;
        const next = sum + term;
        lost = next - sum - term;
        sum = next;
        // Every value from here on weighs one more than in the tail before.
        const more = sum - weightedLost;
        const nextWeighted = weighted + more;
        weightedLost = nextWeighted - weighted - more;
        weighted = nextWeighted;
        tail[i] = weighted;
      }
    },
    heads(begin, end) {
      let sum = 0;
      let lost = 0;
      let weighted = 0;
      let weightedLost = 0;
      for (let t = begin; t < end; t++) {
        const i = t - begin + 1;
        const term = values[t]! - lost;
        const next = sum + term;
        lost = next - sum - term;
        sum = next;
        const more = i * values[t]! - weightedLost;
        const nextWeighted = weighted + more;
        weightedLost = nextWeighted - weighted - more;
        weighted = nextWeighted;
        if (begin > 0 || i === window) out[t] = (i < window ? tail[i]! + (window - i) * sum + weighted : weighted) / weights;
      }
    },
  });
}

/**
 * Standard deviation: sums of deviations and of their squares from the value at the cut, which is in every head (or
 * tail) there; the two are merged by Chan, Golub and LeVeque (1983), eq. 2.1.
 */
export function stdScan(values: Float64Array, out: Float64Array, window: number, ddof: number): Scan {
  const size = Math.min(window, values.length) + 1;
  const tailMean = new Float64Array(size);
  const tailSquares = new Float64Array(size);
  const freedom = window - ddof;
  let tailOrigin = 0;
  return scanOfBlocks(out, window, {
    tails(begin) {
      tailOrigin = values[begin + window - 1]!;
      let sum = 0;
      let squares = 0;
      for (let i = window - 1; i > 0; i--) {
        const d = values[begin + i]! - tailOrigin;
        sum += d;
        squares += d * d;
        const mean = sum / (window - i);
        tailMean[i] = mean;
        tailSquares[i] = squares - sum * mean;
      }
    },
    heads(begin, end) {
      const origin = values[begin]!;
      const step = origin - tailOrigin;
      let sum = 0;
      let squares = 0;
      for (let t = begin; t < end; t++) {
        const d = values[t]! - origin;
        const i = t - begin + 1;
        sum += d;
        squares += d * d;
        if (begin === 0 && i < window) continue;
        const mean = sum / i;
        let about = squares - sum * mean;
        if (i < window) {
          const apart = step + (mean - tailMean[i]!);
          about += tailSquares[i]! + apart * apart * ((i * (window - i)) / window);
        }
        out[t] = freedom > 0 ? Math.sqrt(about > 0 || about !== about ? about / freedom : 0) : Number.NaN;
      }
    },
  });
}

/** Least value, or with `sign` -1 the greatest, as the least of the values turned over. Math.min passes NaN on. */
export function extremeScan(values: Float64Array, out: Float64Array, window: number, sign: 1 | -1): Scan {
  const tail = new Float64Array(Math.min(window, values.length) + 1);
  return scanOfBlocks(out, window, {
    tails(begin) {
      let least = Infinity;
      for (let i = window - 1; i > 0; i--) {
        least = Math.min(least, sign * values[begin + i]!);
        tail[i] = least;
      }
    },
    heads(begin, end) {
      let least = Infinity;
      for (let t = begin; t < end; t++) {
        least = Math.min(least, sign * values[t]!);
        const i = t - begin + 1;
        if (begin > 0 || i === window) out[t] = sign * (i < window ? Math.min(tail[i]!, least) : least);
      }
    },
  });
}
