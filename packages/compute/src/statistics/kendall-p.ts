/** The p-value of Kendall's tau-b. */
import { chiSquareTail } from './chi-square.ts';

/** What ties among n values take from the variance of Kendall's S: sums over groups of t equal values. */
export interface Ties {
  /** Σ t (t - 1) / 2: pairs that tie. */
  pairs: number;
  /** Σ t (t - 1) (t - 2) */
  triples: number;
  /** Σ t (t - 1) (2 t + 5) */
  weighted: number;
}

export const noTies: Readonly<Ties> = { pairs: 0, triples: 0, weighted: 0 };

/**
 * The probability of a tau-b at least as far from 0, of n pairs of independent values with these ties: two-sided, by the
 * normal approximation of S = concordant - discordant pairs (M. G. Kendall, "Rank Correlation Methods", 4th edition,
 * 1970, chapter 4), as `scipy.stats.kendalltau(method='asymptotic')`. NaN where tau is, or no variance is left.
 */
export function kendallP(tau: number, n: number, x: Readonly<Ties>, y: Readonly<Ties>): number {
  if (Number.isNaN(tau) || n < 2) return Number.NaN;
  const pairs = (n * (n - 1)) / 2;
  // Exactly a whole number, but for the rounding of tau.
  const s = Math.round(tau * Math.sqrt(pairs - x.pairs) * Math.sqrt(pairs - y.pairs));
  const m = n * (n - 1);
  const ofTriples = n > 2 ? (x.triples * y.triples) / (9 * m * (n - 2)) : 0;
  const variance = (m * (2 * n + 5) - x.weighted - y.weighted) / 18 + (2 * x.pairs * y.pairs) / m + ofTriples;
  return variance > 0 ? chiSquareTail((s * s) / variance, 1) : Number.NaN;
}

/**
 * Counts ties of pairs of series over their common rows. Those of a series with one that has no missing value are its
 * own, counted once: there are as many pairs as series squared, and this is one thread's work.
 */
export class PairTies {
  readonly #codes: readonly Int32Array[];
  readonly #tied: readonly boolean[];
  readonly #complete: readonly boolean[];
  readonly #own = new Map<number, Readonly<Ties>>();
  readonly #counts: Int32Array;

  /** @param series values of each series, NaN where missing; all of one length. */
  constructor(series: readonly Float64Array[]) {
    const coded = series.map(codesOf);
    this.#codes = coded.map(({ codes }) => codes);
    this.#tied = coded.map(({ tied }) => tied);
    this.#complete = coded.map(({ codes }) => !codes.includes(-1));
    this.#counts = new Int32Array(series[0]?.length ?? 0);
  }

  /** Ties of series i over the rows that it has in common with series j. */
  of(i: number, j: number): Readonly<Ties> {
    const [own, other] = [this.#codes[i], this.#codes[j]];
    if (own === undefined || other === undefined || this.#tied[i] !== true) return noTies;
    if (this.#complete[j] !== true) return this.#count(own, other);
    const known = this.#own.get(i) ?? this.#count(own, own);
    this.#own.set(i, known);
    return known;
  }

  /** Ties of the one over the rows that the other has too. */
  #count(own: Int32Array, other: Int32Array): Readonly<Ties> {
    const counts = this.#counts;
    const ties = { ...noTies };
    for (let t = 0; t < own.length; t++) {
      const code = own[t] ?? -1;
      if (code < 0 || (other[t] ?? -1) < 0) continue;
      // What one more equal value adds to each sum.
      const count = counts[code] ?? 0;
      ties.pairs += count;
      ties.triples += 3 * count * (count - 1);
      ties.weighted += count * (6 * count + 12);
      counts[code] = count + 1;
    }
    for (const code of own) if (code >= 0) counts[code] = 0;
    return ties;
  }
}

/** For each value the number of its group of equal ones, -1 where it is missing; and whether any group has two. */
function codesOf(values: Float64Array): { codes: Int32Array; tied: boolean } {
  const order = Array.from(values, (_, t) => t).filter((t) => !Number.isNaN(values[t])).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const codes = new Int32Array(values.length).fill(-1);
  let [code, tied] = [-1, false];
  for (const [k, t] of order.entries()) {
    if (k > 0 && values[t] === values[order[k - 1] ?? 0]) tied = true;
    else code += 1;
    codes[t] = code;
  }
  return { codes, tied };
}
