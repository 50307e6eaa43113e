/** Where the rows of each pair lie in a long table (…, a, b, r) that is still arriving, and how far its values vary. */
import { realsOf, runsOf } from '../arrow-columns.ts';
import type { TableStore } from '../table-store.ts';

interface Piece {
  readonly batch: number;
  readonly from: number;
  readonly to: number;
}

export interface PairOverTime {
  readonly a: string;
  readonly b: string;
  /** Values that are present, their mean and the sum of squares about it (Welford 1962), and their extremes. */
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly lowest: number;
  readonly highest: number;
}

interface Entry extends PairOverTime {
  readonly pieces: Piece[];
  count: number;
  mean: number;
  squares: number;
  lowest: number;
  highest: number;
}

export class PairIndex {
  readonly #store: TableStore;
  readonly #pairs = new Map<string, Entry>();
  #read = 0;

  constructor(store: TableStore) {
    this.#store = store;
  }

  /** Takes in the batches that came since the last call. */
  update(): this {
    for (; this.#read < this.#store.batches.length; this.#read++) this.#take(this.#read);
    return this;
  }

  /** The pairs so far, those first whose values vary most; a pair without values last. */
  byVariation(): readonly PairOverTime[] {
    return Array.from(this.#pairs.values()).sort((one, other) => variation(other) - variation(one));
  }

  /** A column over the rows of a pair, NaN where missing. */
  numbers({ a, b }: Pick<PairOverTime, 'a' | 'b'>, name: string): Float64Array {
    const column = this.#store.columnNamed(name);
    const pieces = this.#pairs.get(keyOf(a, b))?.pieces ?? [];
    const all = new Float64Array(pieces.reduce((sum, { from, to }) => sum + to - from, 0));
    let at = 0;
    for (const { batch, from, to } of pieces) {
      all.set(realsOf(this.#store.batches[batch]!, column).subarray(from, to), at);
      at += to - from;
    }
    return all;
  }

  #take(index: number): void {
    const batch = this.#store.batches[index]!;
    const values = realsOf(batch, this.#store.columnNamed('r'));
    const [as, bs] = ['a', 'b'].map((name) => runsOf(batch, this.#store.columnNamed(name)));
    let [atA, atB] = [0, 0];
    for (let from = 0; from < batch.numRows; ) {
      const [a, b] = [as![atA]!, bs![atB]!];
      const to = Math.min(a.to, b.to);
      const entry = this.#entryOf(a.text, b.text);
      entry.pieces.push({ batch: index, from, to });
      for (let row = from; row < to; row++) add(entry, values[row]!);
      if (a.to === to) atA++;
      if (b.to === to) atB++;
      from = to;
    }
  }

  #entryOf(a: string, b: string): Entry {
    const key = keyOf(a, b);
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const entry: Entry = { a, b, pieces: [], count: 0, mean: 0, squares: 0, lowest: Number.NaN, highest: Number.NaN };
    this.#pairs.set(key, entry);
    return entry;
  }
}

/** The standard deviation of the values; below every other where there is none. */
export function variation({ count, squares }: PairOverTime): number {
  return count === 0 ? -1 : Math.sqrt(squares / count);
}

export function keyOf(a: string, b: string): string {
  return `${a}\n${b}`;
}

function add(entry: Entry, value: number): void {
  if (Number.isNaN(value)) return;
  entry.count++;
  const off = value - entry.mean;
  entry.mean += off / entry.count;
  entry.squares += off * (value - entry.mean);
  if (!(entry.lowest <= value)) entry.lowest = value;
  if (!(entry.highest >= value)) entry.highest = value;
}
