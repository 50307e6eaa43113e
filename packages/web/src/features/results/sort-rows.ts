/** Row numbers in the order of one column, missing values always last, ties in the table's own order. */
import type { TableStore } from './table-store.ts';

export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
  /** Numbers only: by size, whatever the sign. */
  readonly absolute?: boolean;
}

export function sortRows(store: TableStore, { column, descending, absolute = false }: Sorting): Uint32Array {
  const rows = Uint32Array.from({ length: store.rows }, (_, row) => row);
  const sign = descending ? -1 : 1;
  if (store.isNumeric(column) || store.schema.fields[column]!.type.toString().startsWith('Timestamp')) {
    const numbers = store.numbers(column);
    const keys = absolute ? numbers.map((value) => Math.abs(value)) : numbers;
    return rows.sort((a, b) => {
      const [x, y] = [keys[a]!, keys[b]!];
      const [missingX, missingY] = [Number.isNaN(x), Number.isNaN(y)];
      if (missingX || missingY) return Number(missingX) - Number(missingY) || a - b;
      return sign * (x - y) || a - b;
    });
  }
  const texts = store.texts(column);
  const ranks = textRanks(texts);
  return rows.sort((a, b) => {
    const [x, y] = [texts[a], texts[b]];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || a - b;
    return sign * (ranks.get(x!)! - ranks.get(y!)!) || a - b;
  });
}

/** Names repeat often: comparing them once each is far cheaper than once per pair of rows. */
function textRanks(texts: readonly (string | null)[]): Map<string, number> {
  const collator = new Intl.Collator('en', { numeric: true });
  const distinct = [...new Set(texts)].filter((text) => text !== null).sort(collator.compare);
  return new Map(distinct.map((text, rank) => [text, rank]));
}
