/**
 * Pairs of series, numbered in matrix order: (0, 1), (0, 2), …, (1, 2), …; pair (i, j), i < j, of S series has the
 * number i (2 S − i − 1) / 2 + j − i − 1.
 */
import type { Reals } from '../../engine/contract.ts';
import type { PartColumn } from '../analysis.ts';
import type { PairP } from './pair-p.ts';
import type { UpperTile } from './tiles.ts';

/** The number of the first pair whose first series is i; with i = S, the number of all pairs. */
export function firstPair(i: number, series: number): number {
  return (i * (2 * series - i - 1)) / 2;
}

/** The number of a pair, a < b. */
export function pairNumber(a: number, b: number, series: number): number {
  return firstPair(a, series) + b - a - 1;
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
  /** Null where all is at lag 0. */
  readonly lag: Int32Array | null;
}

/** The pairs whose first series is a row of the tile. */
export function pairsOfTile(tile: UpperTile): PairRun {
  const series = tile.from + tile.width;
  const first = firstPair(tile.from, series);
  const count = firstPair(tile.to, series) - first;
  const r = tile.r instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const n = new Int32Array(count);
  const lag = tile.lag === null ? null : new Int32Array(count);
  let at = 0;
  for (let i = 0; i < tile.to - tile.from; i++) {
    const [from, to] = [i * tile.width + i + 1, (i + 1) * tile.width];
    r.set(tile.r.subarray(from, to), at);
    if (typeof tile.n === 'number') n.fill(tile.n, at, at + to - from);
    else n.set(tile.n.subarray(from, to), at);
    if (lag !== null && tile.lag !== null) lag.set(tile.lag.subarray(from, to), at);
    at += to - from;
  }
  return { first, r, n, lag };
}

/** Places in the run of the pairs with |r| of at least `minAbs`: all, the missing ones among them, where that is 0. */
export function pairsAbove({ r }: PairRun, minAbs: number): Int32Array {
  const places = new Int32Array(r.length);
  let count = 0;
  for (let k = 0; k < r.length; k++) if (minAbs === 0 || Math.abs(r[k] ?? Number.NaN) >= minAbs) places[count++] = k;
  return places.subarray(0, count);
}

/** Rows of the table `pairs`, but for p and q. */
export interface PairRows {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly lag: Int32Array;
  readonly r: Reals;
  readonly n: Int32Array;
}

/** The rows of these places of a run. */
export function pairRows(run: PairRun, places: Int32Array, series: number): PairRows {
  const { a, b } = seriesOfPairs(Float64Array.from(places, (place) => run.first + place), series);
  const lag = run.lag === null ? new Int32Array(places.length) : picked(run.lag, places, new Int32Array(places.length));
  if (places.length === run.r.length) return { a, b, lag, r: run.r, n: run.n };
  const r = picked(run.r, places, run.r instanceof Float32Array ? new Float32Array(places.length) : new Float64Array(places.length));
  return { a, b, lag, r, n: picked(run.n, places, new Int32Array(places.length)) };
}

/** Both series of each pair, by the numbers of the pairs. */
export function seriesOfPairs(numbers: Float64Array, series: number): { a: Int32Array<ArrayBuffer>; b: Int32Array<ArrayBuffer> } {
  const a = new Int32Array(numbers.length);
  const b = new Int32Array(numbers.length);
  // Consecutive pairs mostly share their first series: its range of numbers is worked out once.
  let [i, from, to] = [0, 0, 0];
  for (const [k, number] of numbers.entries()) {
    if (number < from || number >= to) {
      [i] = pairOf(number, series);
      from = firstPair(i, series);
      to = firstPair(i + 1, series);
    }
    a[k] = i;
    b[k] = number - from + i + 1;
  }
  return { a, b };
}

/** p of each row. */
export function pOfRows({ a, b, r, n }: PairRows, pairP: PairP): Float64Array<ArrayBuffer> {
  return Float64Array.from(r, (value, k) => pairP(a[k] ?? 0, b[k] ?? 0, value, n[k] ?? 0));
}

/** The columns of the table `pairs`; `q` where the table has it. */
export function pairColumns(names: readonly string[], rows: PairRows, p: Float64Array<ArrayBuffer>, q: Float64Array<ArrayBuffer> | null): PartColumn[] {
  return [{ names, indices: rows.a }, { names, indices: rows.b }, rows.lag, rows.r, rows.n, p, ...(q === null ? [] : [q])];
}

function picked<T extends Int32Array | Reals>(from: { readonly [k: number]: number }, places: Int32Array, to: T): T {
  for (let k = 0; k < places.length; k++) to[k] = from[places[k] ?? 0] ?? Number.NaN;
  return to;
}
