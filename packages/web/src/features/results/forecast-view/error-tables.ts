/** Errors of a forecast beside those of the last value repeated: by series, and by step. */
import type { Bar } from '../../../charts/bars/bars.tsx';
import { formatShare, formatShort } from '../../../lib/format.ts';
import type { Points } from '../align-lines.ts';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export type ErrorMetric = 'mse' | 'mae';

/** The row over all series. */
const over = 'all';

export interface SeriesErrors {
  readonly series: string;
  readonly value: number;
  readonly naive: number;
  readonly coverage: number;
}

/** Over all series first, then each, the largest error first. */
export function errorsBySeries(store: TableStore, metric: ErrorMetric): SeriesErrors[] {
  const table = columnsOf(store);
  const [series, value, naive, coverage] = [table.texts('series'), table.numbers(metric), table.numbers(`naive_${metric}`), table.numbers('coverage')];
  const size = (error: number) => (Number.isNaN(error) ? Number.NEGATIVE_INFINITY : error);
  const all = rows(store, (i): SeriesErrors => ({ series: series[i] ?? '', value: value[i]!, naive: naive[i]!, coverage: coverage[i]! }));
  return [...all.filter((row) => row.series === over), ...all.filter((row) => row.series !== over).sort((a, b) => (size(a.value) === size(b.value) ? 0 : size(b.value) - size(a.value)))];
}

export function errorBars(errors: readonly SeriesErrors[]): Bar[] {
  return errors.map(({ series, value, naive, coverage }) => ({
    key: series,
    name: series === over ? 'all series' : series,
    value,
    figure: formatShort(value),
    mark: naive,
    note: `${formatShort(naive)}${Number.isNaN(coverage) ? '' : ` · ${formatShare(coverage)}`}`,
  }));
}

/** A column of the table by-step, by step. */
export function byStep(store: TableStore, column: string): Points {
  const table = columnsOf(store);
  return { x: table.numbers('step'), y: table.numbers(column) };
}
