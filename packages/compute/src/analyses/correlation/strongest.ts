/** The pairs of largest |r|, found in one pass and bounded memory. */
import type { Precision } from '@corrente/shared/contract/engine';
import { pairNumber, seriesOfPairs, type PairRows } from './pairs.ts';

/**
 * Keeps the `capacity` strongest pairs of all it is offered: by |r|, then by their number. A binary heap whose root is
 * the weakest pair kept. Pairs with missing r are never among them.
 */
export class StrongestPairs {
  readonly #series: number;
  readonly #capacity: number;
  #strength = new Float64Array(0);
  #index = new Float64Array(0);
  #r = new Float64Array(0);
  #n = new Int32Array(0);
  #lag = new Int32Array(0);
  #size = 0;

  constructor(series: number, capacity: number) {
    this.#series = series;
    this.#capacity = capacity;
  }

  /** What a pair must reach to be kept; 0 while there is room. */
  get threshold(): number {
    return this.#size < this.#capacity ? 0 : (this.#strength[0] ?? Number.POSITIVE_INFINITY);
  }

  /** Offers pairs, each one once in all. */
  offer({ a, b, r, n, lag }: PairRows): void {
    for (let k = 0; k < r.length; k++) this.offerOne(pairNumber(a[k] ?? 0, b[k] ?? 0, this.#series), r[k] ?? Number.NaN, n[k] ?? 0, lag[k] ?? 0);
  }

  /** Offers the pair of a number. */
  offerOne(index: number, r: number, n: number, lag: number): void {
    const strength = Math.abs(r);
    if (Number.isNaN(strength)) return;
    if (this.#size < this.#capacity) {
      if (this.#size === this.#strength.length) this.#grow();
      this.#put(this.#size, index, r, n, lag);
      this.#size += 1;
      this.#rise(this.#size - 1);
    } else if (this.#capacity > 0 && (strength > (this.#strength[0] ?? 0) || (strength === this.#strength[0] && index < (this.#index[0] ?? 0)))) {
      this.#put(0, index, r, n, lag);
      this.#sink(0);
    }
  }

  /** The pairs kept, strongest first. */
  sorted(precision: Precision): PairRows {
    const order = Int32Array.from({ length: this.#size }, (_, k) => k).sort((x, y) => (this.#weaker(x, y) ? 1 : -1));
    const { a, b } = seriesOfPairs(Float64Array.from(order, (k) => this.#index[k] ?? 0), this.#series);
    const r = Float64Array.from(order, (k) => this.#r[k] ?? Number.NaN);
    return {
      a,
      b,
      lag: Int32Array.from(order, (k) => this.#lag[k] ?? 0),
      r: precision === 'f32' ? Float32Array.from(r) : r,
      n: Int32Array.from(order, (k) => this.#n[k] ?? 0),
    };
  }

  #grow(): void {
    const size = Math.min(this.#capacity, Math.max(1024, 2 * this.#size));
    this.#strength = longer(this.#strength, new Float64Array(size));
    this.#index = longer(this.#index, new Float64Array(size));
    this.#r = longer(this.#r, new Float64Array(size));
    this.#n = longer(this.#n, new Int32Array(size));
    this.#lag = longer(this.#lag, new Int32Array(size));
  }

  #put(at: number, index: number, r: number, n: number, lag: number): void {
    this.#strength[at] = Math.abs(r);
    this.#index[at] = index;
    this.#r[at] = r;
    this.#n[at] = n;
    this.#lag[at] = lag;
  }

  #weaker(x: number, y: number): boolean {
    const [sx, sy] = [this.#strength[x] ?? 0, this.#strength[y] ?? 0];
    return sx === sy ? (this.#index[x] ?? 0) > (this.#index[y] ?? 0) : sx < sy;
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#weaker(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    let at = from;
    for (;;) {
      let weakest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < this.#size && this.#weaker(child, weakest)) weakest = child;
      if (weakest === at) return;
      this.#swap(at, weakest);
      at = weakest;
    }
  }

  #swap(x: number, y: number): void {
    for (const field of [this.#strength, this.#index, this.#r, this.#n, this.#lag]) [field[x], field[y]] = [field[y] ?? 0, field[x] ?? 0];
  }
}

function longer<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
