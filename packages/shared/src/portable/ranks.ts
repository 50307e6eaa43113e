/** Ranks of the values of each series, from which rank correlations over any rows are made without sorting again. */
import type { Block } from './block.ts';
import type { Pace } from './pace.ts';

export interface RankedColumns {
  readonly series: number;
  readonly length: number;
  /** Whether no series has a missing value. */
  readonly complete: boolean;
  /** Of each series its present rows, those of smaller values first. */
  readonly orders: readonly Int32Array<ArrayBuffer>[];
  /** Of each row of a series how many different values are smaller; -1 where missing. Stride `length`. */
  readonly levels: Int32Array<ArrayBuffer>;
}

/** Throws `cancelled` as the pace does. */
export async function rankColumns({ series, length, values, stride }: Block, pace: Pace): Promise<RankedColumns> {
  const orders: Int32Array<ArrayBuffer>[] = [];
  const levels = new Int32Array(series * length).fill(-1);
  for (let s = 0; s < series; s++) {
    const own = values.subarray(s * stride, s * stride + length);
    const order = Int32Array.from(own.keys())
      .filter((t) => own[t] === own[t])
      .sort((t, u) => own[t]! - own[u]!);
    let level = 0;
    for (let i = 0; i < order.length; i++) {
      if (i > 0 && own[order[i]!] !== own[order[i - 1]!]) level += 1;
      levels[s * length + order[i]!] = level;
    }
    orders.push(order);
    pace.count(length);
    if (pace.due) await pace.turn();
  }
  return { series, length, complete: orders.every((order) => order.length === length), orders, levels };
}

/** Rows of series a that series b has too, those of smaller values of a first; how many they are. */
export function commonOrder({ orders, levels, length }: RankedColumns, a: number, b: number, into: Int32Array): number {
  const order = orders[a]!;
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if (levels[b * length + row]! >= 0) into[count++] = row;
  }
  return count;
}

/**
 * Calls `visit` with each run of rows [from, to) of an order that have the same value of series a: `level` is constant
 * over it.
 */
export function forTies(order: Int32Array, count: number, levels: Int32Array, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < count; ) {
    const level = levels[order[from]!];
    let to = from + 1;
    while (to < count && levels[order[to]!] === level) to += 1;
    visit(from, to);
    from = to;
  }
}

/** The block of ranks from 1 of complete columns, ties having their mean. */
export function rankBlock(columns: RankedColumns): Block {
  const { series, length, orders, levels } = columns;
  const values = new Float64Array(series * length);
  for (let s = 0; s < series; s++) {
    const order = orders[s]!;
    forTies(order, order.length, levels.subarray(s * length, (s + 1) * length), (from, to) => {
      for (let i = from; i < to; i++) values[s * length + order[i]!] = (from + to + 1) / 2;
    });
  }
  return { values, series, length, stride: length };
}
