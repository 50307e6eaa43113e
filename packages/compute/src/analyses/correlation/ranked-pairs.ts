/** Pairs whose rows cannot be told before all of them are known: the strongest of all, and those with q. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Reals } from '../../engine/contract.ts';
import { benjaminiHochberg } from '../../statistics/false-discovery.ts';
import type { PartColumn } from '../analysis.ts';
import type { PairP } from './pair-p.ts';
import { firstPair, pairColumns, pairRows, pairsAbove, pairsOfTile, pOfRows, type PairRows, type PairRun, seriesOfPairs } from './pairs.ts';
import { StrongestPairs } from './strongest.ts';
import type { TileBounds, UpperTile } from './tiles.ts';

/** What every pair has, by their numbers: what the control of false discoveries has to see. */
class AllPairs {
  readonly r: Reals;
  readonly n: Int32Array;
  readonly p: Float64Array<ArrayBuffer>;
  readonly lag: Int32Array;
  #q: ((p: number) => number) | null = null;

  constructor(count: number, precision: Precision) {
    this.r = precision === 'f32' ? new Float32Array(count) : new Float64Array(count);
    this.n = new Int32Array(count);
    this.p = new Float64Array(count);
    this.lag = new Int32Array(count);
  }

  add(run: PairRun, p: Float64Array): void {
    this.r.set(run.r, run.first);
    this.n.set(run.n, run.first);
    this.p.set(p, run.first);
    if (run.lag !== null) this.lag.set(run.lag, run.first);
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
  readonly #names: readonly string[];
  readonly #ranking: Ranking;
  readonly #precision: Precision;
  readonly #pairP: PairP;
  readonly #taken = new Set<TileBounds>();
  readonly #strongest: StrongestPairs | null;
  readonly #all: AllPairs | null;

  constructor(names: readonly string[], ranking: Ranking, precision: Precision, pairP: PairP) {
    const count = firstPair(names.length, names.length);
    this.#names = names;
    this.#ranking = ranking;
    this.#precision = precision;
    this.#pairP = pairP;
    this.#strongest = ranking.top === null ? null : new StrongestPairs(names.length, Math.min(ranking.top, count));
    this.#all = ranking.fdr ? new AllPairs(count, precision) : null;
  }

  has(tile: TileBounds): boolean {
    return this.#taken.has(tile);
  }

  take(tile: TileBounds, upper: UpperTile): void {
    this.#taken.add(tile);
    const run = pairsOfTile(upper);
    const { minAbs } = this.#ranking;
    if (this.#strongest !== null) {
      for (let k = 0; k < run.r.length; k++) if (Math.abs(run.r[k] ?? Number.NaN) >= minAbs) this.#strongest.offerOne(run.first + k, run.r[k] ?? Number.NaN, run.n[k] ?? 0, run.lag?.[k] ?? 0);
    }
    if (this.#all === null) return;
    const { a, b } = seriesOfPairs(Float64Array.from(run.r, (_, k) => run.first + k), this.#names.length);
    this.#all.add(run, Float64Array.from(run.r, (r, k) => this.#pairP(a[k] ?? 0, b[k] ?? 0, r, run.n[k] ?? 0)));
  }

  /** The strongest pairs, strongest first; all tiles must have been taken. */
  strongest(): PartColumn[] {
    return this.#columns((this.#strongest ?? new StrongestPairs(this.#names.length, 0)).sorted(this.#precision));
  }

  /** The pairs whose first series is a row of the tile, with q; all tiles must have been taken. */
  ofTile({ from, to }: TileBounds): PartColumn[] {
    const series = this.#names.length;
    const [first, end] = [firstPair(from, series), firstPair(to, series)];
    const all = this.#all ?? new AllPairs(0, this.#precision);
    const run = { first, r: all.r.subarray(first, end), n: all.n.subarray(first, end), lag: all.lag.subarray(first, end) };
    return this.#columns(pairRows(run, pairsAbove(run, this.#ranking.minAbs), series));
  }

  #columns(rows: PairRows): PartColumn[] {
    const p = pOfRows(rows, this.#pairP);
    const all = this.#all;
    return pairColumns(this.#names, rows, p, all === null ? null : p.map((value) => all.q(value)));
  }
}
