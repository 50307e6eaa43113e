/**
 * Pairs of series, numbered in matrix order: (0, 1), (0, 2), …, (1, 2), …; pair (i, j), i < j, of S series has the
 * number i (2 S − i − 1) / 2 + j − i − 1.
 */
import type { Reals } from '../../engine/contract.ts';
import { correlationP } from '../../statistics/correlation-p.ts';
import type { PartColumn } from '../analysis.ts';
import type { UpperTile } from './tiles.ts';

/** The number of the first pair whose first series is i; with i = S, the number of all pairs. */
export function firstPair(i: number, series: number): number {
  return (i * (2 * series - i - 1)) / 2;
}

/** The pair of a number: the inverse of the formula above, its root corrected for rounding. */
export function pairOf(index: number, series: number): [i: number, j: number] {
  const b = 2 * series - 1;
  let i = Math.floor((b - Math.sqrt(b * b - 8 * index)) / 2);
  while (firstPair(i + 1, series) <= index) i += 1;
  while (firstPair(i, series) > index) i -= 1;
  return [i, index - firstPair(i, series) + i + 1];
}

/** Pairs of consecutive numbers from `first`. */
export interface PairRun {
  readonly first: number;
  readonly r: Reals;
  readonly n: Int32Array;
}

/** The pairs whose first series is a row of the tile. */
export function pairsOfTile(tile: UpperTile): PairRun {
  const series = tile.from + tile.width;
  const first = firstPair(tile.from, series);
  const count = firstPair(tile.to, series) - first;
  const r = tile.r instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const n = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < tile.to - tile.from; i++) {
    const [from, to] = [i * tile.width + i + 1, (i + 1) * tile.width];
    r.set(tile.r.subarray(from, to), at);
    if (typeof tile.n === 'number') n.fill(tile.n, at, at + to - from);
    else n.set(tile.n.subarray(from, to), at);
    at += to - from;
  }
  return { first, r, n };
}

/** p of every pair of a run. */
export function pValues({ r, n }: PairRun): Float64Array<ArrayBuffer> {
  const p = new Float64Array(r.length);
  for (let k = 0; k < p.length; k++) p[k] = correlationP(r[k] ?? Number.NaN, n[k] ?? 0);
  return p;
}

/** Places in the run of the pairs with |r| of at least `minAbs`: all, the missing ones among them, where that is 0. */
export function pairsAbove({ r }: PairRun, minAbs: number): Int32Array {
  const places = new Int32Array(r.length);
  let count = 0;
  for (let k = 0; k < r.length; k++) if (minAbs === 0 || Math.abs(r[k] ?? Number.NaN) >= minAbs) places[count++] = k;
  return places.subarray(0, count);
}

/** Rows of the table `pairs`. `p` and `q` are given per row where they are known already. */
export interface PairRows {
  /** Numbers of the pairs. */
  readonly index: Float64Array;
  readonly r: Reals;
  readonly n: Int32Array;
  readonly p: Float64Array<ArrayBuffer>;
  readonly q: Float64Array<ArrayBuffer> | null;
}

export function pairColumns(names: readonly string[], rows: PairRows): PartColumn[] {
  const a = new Int32Array(rows.index.length);
  const b = new Int32Array(rows.index.length);
  // Consecutive pairs mostly share their first series: its range of numbers is worked out once.
  let [i, from, to] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    const index = rows.index[k] ?? 0;
    if (index < from || index >= to) {
      [i] = pairOf(index, names.length);
      from = firstPair(i, names.length);
      to = firstPair(i + 1, names.length);
    }
    a[k] = i;
    b[k] = index - from + i + 1;
  }
  const lag = new Int32Array(rows.index.length);
  return [{ names, indices: a }, { names, indices: b }, lag, rows.r, rows.n, rows.p, ...(rows.q === null ? [] : [rows.q])];
}

/** The rows of these places of a run; its own arrays where these are all. */
export function pairRows(run: PairRun, places: Int32Array, p: Float64Array<ArrayBuffer>, q: Float64Array<ArrayBuffer> | null): PairRows {
  const index = new Float64Array(places.length);
  for (let k = 0; k < index.length; k++) index[k] = run.first + (places[k] ?? 0);
  if (places.length === run.r.length) return { index, r: run.r, n: run.n, p, q };
  return {
    index,
    r: picked(run.r, places, run.r instanceof Float32Array ? new Float32Array(places.length) : new Float64Array(places.length)),
    n: picked(run.n, places, new Int32Array(places.length)),
    p: picked(p, places, new Float64Array(places.length)),
    q: q === null ? null : picked(q, places, new Float64Array(places.length)),
  };
}

function picked<T extends Float64Array | Int32Array | Reals>(from: { readonly [k: number]: number }, places: Int32Array, to: T): T {
  for (let k = 0; k < places.length; k++) to[k] = from[places[k] ?? 0] ?? Number.NaN;
  return to;
}
