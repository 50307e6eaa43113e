/** One X of many: that which was asked for, or one of its surrogates. */
import type { Space } from './information-space.ts';

export interface Lane {
  readonly source: Space;
  /** The points of X as a set, which no permutation changes; null where Z has coordinates, and nobody asks. */
  readonly sorted: SortedPoints | null;
}

/** Points in the order of their first coordinate. */
export class SortedPoints {
  readonly #first: Float64Array;
  readonly #others: Float64Array;
  readonly #dimensions: number;
  readonly #single: boolean;

  constructor({ coordinates, dimensions, length, single }: Space) {
    const order = Int32Array.from({ length }, (_, i) => i).sort((a, b) => coordinates[a * dimensions]! - coordinates[b * dimensions]!);
    const others = dimensions - 1;
    this.#first = Float64Array.from(order, (i) => coordinates[i * dimensions]!);
    this.#others = new Float64Array(length * others);
    for (let place = 0; place < length; place++) {
      for (let d = 0; d < others; d++) this.#others[place * others + d] = coordinates[order[place]! * dimensions + d + 1]!;
    }
    this.#dimensions = dimensions;
    this.#single = single;
  }

  /** How many points, point i itself among them, are nearer to it than `bound`, or as near where `inclusive`. */
  countWithin({ coordinates }: Space, i: number, bound: number, inclusive: boolean): number {
    if (!(inclusive || bound > 0)) return 0;
    const at = i * this.#dimensions;
    const centre = coordinates[at]!;
    const from = this.#place(centre, bound, inclusive, -1);
    const to = this.#place(centre, bound, inclusive, 1);
    const others = this.#dimensions - 1;
    if (others === 0) return to - from;
    let count = 0;
    for (let place = from; place < to; place++) {
      let largest = 0;
      for (let d = 0; d < others; d++) {
        const difference = Math.abs(coordinates[at + 1 + d]! - this.#others[place * others + d]!);
        if (difference > largest) largest = difference;
      }
      if (this.#within(largest, bound, inclusive)) count++;
    }
    return count;
  }

  /**
   * Where the points within the bound begin (side -1), or end (side 1). The very difference that decides is searched
   * by, since centre ± bound would be rounded elsewhere.
   */
  #place(centre: number, bound: number, inclusive: boolean, side: number): number {
    const first = this.#first;
    let low = 0;
    let high = first.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = (first[middle]! - centre) * side;
      const beyond = difference > 0 && !this.#within(difference, bound, inclusive);
      if (side < 0 ? beyond : !beyond) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #within(difference: number, bound: number, inclusive: boolean): boolean {
    const rounded = this.#single ? Math.fround(difference) : difference;
    return inclusive ? rounded <= bound : rounded < bound;
  }
}
