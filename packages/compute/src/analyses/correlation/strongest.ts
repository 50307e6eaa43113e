/** The pairs of largest |r|, found in one pass and bounded memory. */
import type { PairRun } from './pairs.ts';

/**
 * Keeps the `capacity` strongest pairs of all it is offered: by |r|, then by their number. A binary heap whose root is
 * the weakest pair kept. Pairs with missing r are never among them.
 */
export class StrongestPairs {
  readonly #strength: Float64Array;
  readonly #index: Float64Array;
  readonly #r: Float64Array;
  readonly #n: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#strength = new Float64Array(capacity);
    this.#index = new Float64Array(capacity);
    this.#r = new Float64Array(capacity);
    this.#n = new Int32Array(capacity);
  }

  /** Offers the pairs of a run that have |r| of at least `minAbs`. */
  offer(run: PairRun, minAbs: number): void {
    for (let k = 0; k < run.r.length; k++) {
      const r = run.r[k] ?? Number.NaN;
      if (Math.abs(r) >= minAbs) this.#offerOne(run.first + k, r, run.n[k] ?? 0);
    }
  }

  /** The pairs kept, strongest first. */
  sorted(): { index: Float64Array; r: Float64Array<ArrayBuffer>; n: Int32Array } {
    const order = Int32Array.from({ length: this.#size }, (_, k) => k).sort((x, y) => (this.#weaker(x, y) ? 1 : -1));
    return {
      index: Float64Array.from(order, (k) => this.#index[k] ?? 0),
      r: Float64Array.from(order, (k) => this.#r[k] ?? Number.NaN),
      n: Int32Array.from(order, (k) => this.#n[k] ?? 0),
    };
  }

  #offerOne(index: number, r: number, n: number): void {
    const capacity = this.#strength.length;
    if (this.#size < capacity) {
      this.#put(this.#size, index, r, n);
      this.#size += 1;
      this.#rise(this.#size - 1);
    } else if (Math.abs(r) > (this.#strength[0] ?? 0) || (Math.abs(r) === this.#strength[0] && index < (this.#index[0] ?? 0))) {
      this.#put(0, index, r, n);
      this.#sink(0);
    }
  }

  #put(at: number, index: number, r: number, n: number): void {
    this.#strength[at] = Math.abs(r);
    this.#index[at] = index;
    this.#r[at] = r;
    this.#n[at] = n;
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
    for (const field of [this.#strength, this.#index, this.#r, this.#n]) [field[x], field[y]] = [field[y] ?? 0, field[x] ?? 0];
  }
}
