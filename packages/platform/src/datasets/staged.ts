/** What the readers of each format hand on: a typed table, and the way back to the file. */
import type { Layout } from './layout.ts';

/** A cell in a row of the staging table; `column` is the index in `layout.fields`, or the time or key column. */
export interface StagedCell {
  readonly row: number;
  readonly column: number | 'time' | 'key';
  readonly text: string;
}

/**
 * Rows of the file in their order in the table `staging`: t TIMESTAMP (where there is time), k VARCHAR (long), r VARCHAR
 * (trials), f0, f1, … DOUBLE. `rowid` is the number of the record.
 */
export interface Staged {
  readonly layout: Layout;
  readonly format: 'csv' | 'parquet' | 'arrow';
  readonly compression: 'none' | 'gzip';
  readonly delimiter: string | null;
  readonly header: boolean;
  readonly rows: number;
  readonly commentLines: number;
  /** Records left out because their number of fields differs. */
  readonly badRows: { readonly count: number; readonly places: ReadonlyArray<{ readonly line: number; readonly expected: number; readonly found: number }> };
  /** `times` of them stand in the time column. */
  readonly badCells: { readonly count: number; readonly times: number; readonly places: readonly StagedCell[] };
  readonly notes: readonly string[];
  /** Lines and cells of some rows, by row. `cells` is null for binary formats. */
  find(rows: readonly number[]): Promise<ReadonlyMap<number, { readonly line: number; cells(column: number): string | null }>>;
}


/** Columns per statement where each column needs several expressions. */
export const columnsPerStatement = 500;
/** Places that a report keeps of each kind. */
export const placesKept = 100;

/** Runs `make` over `items` in parts, for statements that would be too long with all of them. */
export async function inParts<T>(items: readonly T[], size: number, make: (part: readonly T[], from: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += size) await make(items.slice(from, from + size), from);
}
