/** The tables of principal components as bars. */
import type { Bar } from '../../../charts/bars/bars.tsx';
import { formatCoefficient, formatShare } from '../../../lib/format.ts';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

/** What each component holds of the variance, and all up to it together. */
export function varianceBars(store: TableStore): Bar[] {
  const table = columnsOf(store);
  const [component, ratio, cumulative] = [table.numbers('component'), table.numbers('ratio'), table.numbers('cumulative')];
  return rows(store, (i) => ({ key: String(component[i]), name: `component ${component[i]!}`, value: ratio[i]!, figure: formatShare(ratio[i]!), note: formatShare(cumulative[i]!) }));
}

/** The components whose loadings are there. */
export function componentsIn(store: TableStore): number[] {
  return [...new Set(columnsOf(store).numbers('component'))].sort((a, b) => a - b);
}

/** The loadings of one component, the strongest first. */
export function loadingBars(store: TableStore, component: number): Bar[] {
  const table = columnsOf(store);
  const [of, series, loading] = [table.numbers('component'), table.texts('series'), table.numbers('loading')];
  const own = Array.from(of.keys()).filter((row) => of[row] === component);
  return own.sort((a, b) => Math.abs(loading[b]!) - Math.abs(loading[a]!)).map((row) => ({ key: `${row} ${series[row] ?? ''}`, name: series[row] ?? '', value: loading[row]!, figure: formatCoefficient(loading[row]!) }));
}
