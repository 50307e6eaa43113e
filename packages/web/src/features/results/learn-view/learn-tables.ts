/** The tables of a learning as bars: metrics by fold beside their baseline, importances, coefficients. */
import type { Bar } from '../../../charts/bars/bars.tsx';
import { formatShare, formatShort } from '../../../lib/format.ts';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export interface FoldMetric {
  /** `all`: the mean of the folds. */
  readonly fold: string;
  readonly metric: string;
  readonly value: number;
  readonly baseline: number;
  readonly baselineName: string;
}

export function foldMetrics(store: TableStore): FoldMetric[] {
  const table = columnsOf(store);
  const [fold, metric, name, value, baseline] = [table.texts('fold'), table.texts('metric'), table.texts('baseline_name'), table.numbers('value'), table.numbers('baseline')];
  return rows(store, (i) => ({ fold: fold[i] ?? '', metric: metric[i] ?? '', value: value[i]!, baseline: baseline[i]!, baselineName: name[i] ?? '' }));
}

/** The metrics that there are, in the order of the table. */
export function metricsIn(of: readonly FoldMetric[]): string[] {
  return [...new Set(of.map(({ metric }) => metric))];
}

/** One metric as bars: the mean of the folds first, then each, with the baseline as a stroke. */
export function metricBars(of: readonly FoldMetric[], metric: string): Bar[] {
  const own = of.filter((row) => row.metric === metric);
  const [means, folds] = [own.filter(({ fold }) => fold === 'all'), own.filter(({ fold }) => fold !== 'all')];
  return [...means, ...folds].map(({ fold, value, baseline, baselineName }) => ({
    key: fold,
    name: fold === 'all' ? 'all folds' : `fold ${fold}`,
    value,
    figure: formatShort(value),
    mark: baseline,
    note: Number.isNaN(baseline) ? '' : `${formatShort(baseline)} · ${baselineName}`,
  }));
}

export type Importance = 'gain' | 'permutation';

/** As many features as are looked through. */
export const mostFeatures = 40;

/** Which importances the table has. */
export function importancesIn(store: TableStore): Importance[] {
  const table = columnsOf(store);
  return (['permutation', 'gain'] as const).filter((name) => table.numbers(name).some((value) => !Number.isNaN(value)));
}

/** Features by their importance, the most important first; hollow where it is less than its own spread. */
export function importanceBars(store: TableStore, of: Importance): Bar[] {
  const table = columnsOf(store);
  const [feature, value, spread] = [table.texts('feature'), table.numbers(of), table.numbers('permutation_sd')];
  const bars = rows(store, (i): Bar => {
    const sd = of === 'permutation' ? spread[i]! : Number.NaN;
    return {
      key: `${i} ${feature[i] ?? ''}`,
      name: feature[i] ?? '',
      value: value[i]!,
      figure: of === 'gain' ? formatShare(value[i]!) : formatShort(value[i]!),
      note: Number.isNaN(sd) ? '' : `± ${formatShort(sd)}`,
      hollow: !Number.isNaN(sd) && Math.abs(value[i]!) < sd,
    };
  });
  return bars.filter((bar) => !Number.isNaN(bar.value)).sort((a, b) => b.value - a.value);
}

/** The classes that coefficients are of; one empty name for a regression. */
export function classesIn(store: TableStore): string[] {
  return [...new Set(columnsOf(store).texts('class').map((name) => name ?? ''))];
}

/** Coefficients of one class, of features in standard deviations, the strongest first; the constant is left out. */
export function coefficientBars(store: TableStore, of: string): Bar[] {
  const table = columnsOf(store);
  const [name, feature, value, plain] = [table.texts('class'), table.texts('feature'), table.numbers('standardised'), table.numbers('coefficient')];
  const bars = rows(store, (i): Bar & { readonly of: string } => ({ of: name[i] ?? '', key: `${i} ${feature[i] ?? ''}`, name: feature[i] ?? '', value: value[i]!, figure: formatShort(value[i]!), note: formatShort(plain[i]!) }));
  return bars.filter((bar) => bar.of === of && bar.name !== '(intercept)').sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}
