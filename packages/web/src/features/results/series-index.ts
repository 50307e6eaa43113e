/** Where the rows of each series lie in a long table (time, series, values …) that is still arriving. */
import { realsOf, runsOf } from './arrow-columns.ts';
import type { TableStore } from './table-store.ts';

interface Piece {
  readonly batch: number;
  readonly from: number;
  readonly to: number;
}

export class SeriesIndex {
  readonly #store: TableStore;
  readonly #column: number;
  readonly #pieces = new Map<string, Piece[]>();
  #read = 0;

  constructor(store: TableStore, column: number) {
    this.#store = store;
    this.#column = column;
  }

  /** Takes in the batches that came since the last call. */
  update(): this {
    for (; this.#read < this.#store.batches.length; this.#read++) {
      for (const { text, from, to } of runsOf(this.#store.batches[this.#read]!, this.#column)) {
        const pieces = this.#pieces.get(text) ?? [];
        pieces.push({ batch: this.#read, from, to });
        this.#pieces.set(text, pieces);
      }
    }
    return this;
  }

  /** In the table's order. */
  get names(): string[] {
    return [...this.#pieces.keys()];
  }

  /** One column over the rows of one series, NaN where missing. */
  numbers(name: string, column: number): Float64Array {
    const pieces = this.#pieces.get(name) ?? [];
    const all = new Float64Array(pieces.reduce((sum, { from, to }) => sum + to - from, 0));
    let at = 0;
    for (const { batch, from, to } of pieces) {
      all.set(realsOf(this.#store.batches[batch]!, column).subarray(from, to), at);
      at += to - from;
    }
    return all;
  }
}
