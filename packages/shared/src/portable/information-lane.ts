/** One X of many: that which was asked for, or one of its surrogates. */
import type { Space } from './information-space.ts';

export interface Lane {
  readonly source: Space;
  /** The points of X as a set, which no permutation changes; null where Z has coordinates, and nobody asks. */
  readonly sorted: SortedPoints | null;
}

/** Points in the order of their first coordinate. */
export class SortedPoints {
  readonly #columns: readonly Float64Array[];
  readonly #length: number;
  readonly #single: boolean;

  constructor({ columns, length, single }: Space) {
    const first = columns[0] ?? new Float64Array(length);
    const order = Int32Array.from({ length }, (_, i) => i).sort((a, b) => first[a]! - first[b]!);
    this.#columns = columns.map((column) => Float64Array.from(order, (i) => column[i]!));
    this.#length = length;
    this.#single = single;
  }

  /** How many points, point i itself among them, are nearer to it than `bound`, or as near where `inclusive`. */
  countWithin({ columns }: Space, i: number, bound: number, inclusive: boolean): number {
    if (!(inclusive || bound > 0)) return 0;
    const first = this.#columns[0]!;
    const centre = columns[0]![i]!;
    const within = (difference: number): boolean => {
      const rounded = this.#single ? Math.fround(difference) : difference;
      return inclusive ? rounded <= bound : rounded < bound;
    };
    // The very difference that decides is searched by, since centre ± bound would be rounded elsewhere.
    const from = firstPlace(this.#length, (place) => first[place]! >= centre || within(centre - first[place]!));
    const to = firstPlace(this.#length, (place) => first[place]! > centre && !within(first[place]! - centre));
    if (this.#columns.length === 1) return to - from;
    let count = 0;
    for (let place = from; place < to; place++) {
      let inside = true;
      for (let d = 1; inside && d < columns.length; d++) inside = within(Math.abs(columns[d]![i]! - this.#columns[d]![place]!));
      if (inside) count++;
    }
    return count;
  }
}

/** The first of `length` places from which on the condition holds. */
function firstPlace(length: number, holds: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
