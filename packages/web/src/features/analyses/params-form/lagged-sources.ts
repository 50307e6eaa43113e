/** Sources as a parameter holds them (a name, or a series at a lag; null for all others) and as rows of a form. */
import { isJson } from './form-schema.ts';

export interface SourceRow {
  readonly series: string;
  /** null where the source has none of its own. */
  readonly lag: number | null;
}

/** What cannot be read as a source is left out. */
export function sourceRows(value: unknown): SourceRow[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown): SourceRow[] => {
    if (typeof item === 'string') return [{ series: item, lag: null }];
    if (!isJson(item) || typeof item['series'] !== 'string') return [];
    return [{ series: item['series'], lag: typeof item['lag'] === 'number' ? item['lag'] : null }];
  });
}

export function sourcesOf(rows: readonly SourceRow[]): (string | { readonly series: string; readonly lag: number })[] | null {
  return rows.length === 0 ? null : rows.map(({ series, lag }) => (lag === null ? series : { series, lag }));
}
