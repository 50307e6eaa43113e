/**
 * Values of pairs of series from a table that is still arriving: one row for each pair (source, target, value), or one
 * row for each target with a column for each source. Every batch is read once.
 */
import { realsOf } from './arrow-columns.ts';
import type { PairCell } from './network-view/pairs.ts';
import type { TableStore } from './table-store.ts';

export class PairReader {
  readonly store: TableStore;
  readonly #mutual: boolean;
  readonly #places = new Map<string, number>();
  readonly #cells: PairCell[] = [];
  #read = 0;

  /** @param mutual a value counts for both directions of its pair. */
  constructor(store: TableStore, mutual: boolean) {
    this.store = store;
    this.#mutual = mutual;
  }

  /** Takes in the batches that came since the last call. */
  update(): this {
    const long = this.store.columnNamed('source') !== -1;
    for (; this.#read < this.store.batches.length; this.#read++) {
      if (long) this.#readPairs(this.#read);
      else this.#readMatrix(this.#read);
    }
    return this;
  }

  /** The series that occur, those of `order` first and in that order, and the values by their places among them. */
  pairs(order: readonly string[] = []): { readonly names: readonly string[]; readonly cells: readonly PairCell[] } {
    const names = [...new Set([...order.filter((name) => this.#places.has(name)), ...this.#places.keys()])];
    const moved = new Int32Array(names.length);
    names.forEach((name, place) => (moved[this.#places.get(name)!] = place));
    return { names, cells: this.#cells.map(({ source, target, value }) => ({ source: moved[source]!, target: moved[target]!, value })) };
  }

  #readPairs(index: number): void {
    const batch = this.store.batches[index]!;
    const [sources, targets] = [batch.getChildAt(this.store.columnNamed('source')), batch.getChildAt(this.store.columnNamed('target'))];
    const values = realsOf(batch, this.store.columnNamed('value'));
    for (let row = 0; row < batch.numRows; row++) this.#add(String(sources?.get(row)), String(targets?.get(row)), values[row]!);
  }

  #readMatrix(index: number): void {
    const batch = this.store.batches[index]!;
    const targets = batch.getChildAt(0);
    for (let column = 1; column < batch.numCols; column++) {
      const [source, values] = [this.store.schema.fields[column]!.name, realsOf(batch, column)];
      for (let row = 0; row < batch.numRows; row++) if (!Number.isNaN(values[row]!)) this.#add(source, String(targets?.get(row)), values[row]!);
    }
  }

  #add(source: string, target: string, value: number): void {
    const [from, to] = [this.#placeOf(source), this.#placeOf(target)];
    this.#cells.push({ source: from, target: to, value });
    if (this.#mutual) this.#cells.push({ source: to, target: from, value });
  }

  #placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.#places.size);
    return this.#places.size - 1;
  }
}
