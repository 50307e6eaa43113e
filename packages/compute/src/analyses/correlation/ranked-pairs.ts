/** Pairs whose rows cannot be told before all of them are known: the strongest of all, and those with q. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Reals } from '../../engine/contract.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import { firstPair, pairRows, pairsAbove, pValues, type PairRows, type PairRun } from './pairs.ts';
import { StrongestPairs } from './strongest.ts';
import type { TileBounds } from './tiles.ts';

/** r, n and p of every pair, by their numbers: what the control of false discoveries has to see. */
class AllPairs {
  readonly r: Reals;
  readonly n: Int32Array;
  readonly p: Float64Array<ArrayBuffer>;
  #q: ((p: number) => number) | null = null;

  constructor(count: number, precision: Precision) {
    this.r = precision === 'f32' ? new Float32Array(count) : new Float64Array(count);
    this.n = new Int32Array(count);
    this.p = new Float64Array(count);
  }

  add(run: PairRun): void {
    this.r.set(run.r, run.first);
    this.n.set(run.n, run.first);
    this.p.set(pValues(run), run.first);
  }

  /** q of a p, once all pairs are in. */
  q(p: number): number {
    this.#q ??= benjaminiHochberg(this.p);
    return this.#q(p);
  }
}

export interface Ranking {
  readonly minAbs: number;
  readonly top: number | null;
  readonly fdr: boolean;
}

export class RankedPairs {
  readonly #series: number;
  readonly #ranking: Ranking;
  readonly #precision: Precision;
  readonly #taken = new Set<TileBounds>();
  readonly #strongest: StrongestPairs | null;
  readonly #all: AllPairs | null;

  constructor(series: number, ranking: Ranking, precision: Precision) {
    const count = firstPair(series, series);
    this.#series = series;
    this.#ranking = ranking;
    this.#precision = precision;
    this.#strongest = ranking.top === null ? null : new StrongestPairs(Math.min(ranking.top, count));
    this.#all = ranking.fdr ? new AllPairs(count, precision) : null;
  }

  has(tile: TileBounds): boolean {
    return this.#taken.has(tile);
  }

  take(tile: TileBounds, run: PairRun): void {
    this.#taken.add(tile);
    this.#strongest?.offer(run, this.#ranking.minAbs);
    this.#all?.add(run);
  }

  /** The strongest pairs, strongest first; all tiles must have been taken. */
  strongest(): PairRows {
    const { index, r, n } = (this.#strongest ?? new StrongestPairs(0)).sorted();
    const p = Float64Array.from(r, (value, k) => correlationP(value, n[k] ?? 0));
    const all = this.#all;
    return { index, r: this.#precision === 'f32' ? Float32Array.from(r) : r, n, p, q: all === null ? null : p.map((value) => all.q(value)) };
  }

  /** The pairs whose first series is a row of the tile, with q; all tiles must have been taken. */
  ofTile({ from, to }: TileBounds): PairRows {
    const [first, end] = [firstPair(from, this.#series), firstPair(to, this.#series)];
    const all = this.#all ?? new AllPairs(0, this.#precision);
    const run = { first, r: all.r.subarray(first, end), n: all.n.subarray(first, end) };
    const p = all.p.subarray(first, end);
    return pairRows(run, pairsAbove(run, this.#ranking.minAbs), p, p.map((value) => all.q(value)));
  }
}
