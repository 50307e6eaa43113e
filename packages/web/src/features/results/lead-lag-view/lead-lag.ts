/** Pairs at the lag where they are strongest, in words. */
import { plural } from '../../../lib/format.ts';
import { sortRows } from '../sort-rows.ts';
import type { TableStore } from '../table-store.ts';

export interface LaggedPair {
  readonly a: string;
  readonly b: string;
  /** Rows; positive where a leads b. */
  readonly lag: number;
  readonly r: number;
  /** Rows that took part. */
  readonly n: number;
  /** NaN where there is none. */
  readonly p: number;
}

export type LagChoice = 'all' | 'apart' | 'together';

/** "AAPL leads MSFT by 2 rows". */
export function lagWords({ a, b, lag }: Pick<LaggedPair, 'a' | 'b' | 'lag'>): string {
  if (lag === 0) return `${a} and ${b} together`;
  const [first, second] = lag > 0 ? [a, b] : [b, a];
  return `${first} leads ${second} by ${plural(Math.abs(lag), 'row')}`;
}

export interface LaggedPairs {
  /** The strongest of those that are looked for, by |r|. */
  readonly strongest: readonly LaggedPair[];
  /** How many are looked for. */
  readonly total: number;
  /** How many pairs have each lag, from the longest of b before a to the longest of a before b. */
  readonly counts: readonly { readonly lag: number; readonly pairs: number }[];
}

/** Of a table (a, b, lag, r, …): pairs that have a value, of `series` where it is named. */
export function laggedPairs(store: TableStore, { series, lags, most, longest }: { series: string | null; lags: LagChoice; most: number; longest: number }): LaggedPairs {
  const [as, bs] = [store.texts(store.columnNamed('a')), store.texts(store.columnNamed('b'))];
  const [lag, r, n, p] = [numbersOf(store, 'lag'), numbersOf(store, 'r'), numbersOf(store, 'n'), numbersOf(store, 'p')];
  const counts = Array.from({ length: 2 * longest + 1 }, (_, i) => ({ lag: i - longest, pairs: 0 }));
  const strongest: LaggedPair[] = [];
  let total = 0;
  for (const row of sortRows(store, { column: store.columnNamed('r'), descending: true, absolute: true })) {
    const pair = { a: as[row] ?? '', b: bs[row] ?? '', lag: lag[row]!, r: r[row]!, n: n[row]!, p: p[row]! };
    if (Number.isNaN(pair.r) || Number.isNaN(pair.lag) || (series !== null && pair.a !== series && pair.b !== series)) continue;
    // The lag of a series is that of its lead.
    const place = counts[(series === pair.b ? -pair.lag : pair.lag) + longest];
    if (place !== undefined) place.pairs++;
    if (lags !== 'all' && (pair.lag === 0) !== (lags === 'together')) continue;
    total++;
    if (strongest.length < most) strongest.push(pair);
  }
  return { strongest, total, counts };
}

function numbersOf(store: TableStore, name: string): Float64Array {
  return store.numbers(store.columnNamed(name));
}
