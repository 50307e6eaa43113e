/** The tables of a clustering: members of each cluster, the choice of their number, the tree. */
import type { Bar } from '../../../charts/bars/bars.tsx';
import type { Merge } from '../../../charts/dendrogram/dendrogram-layout.ts';
import { formatCoefficient, plural } from '../../../lib/format.ts';
import { alignLines, type Points } from '../align-lines.ts';
import { columnsOf, rows } from '../network-view/network-tables.ts';
import type { TableStore } from '../table-store.ts';

export interface Member {
  readonly series: string;
  readonly cluster: number;
  /** NaN where none was taken. */
  readonly silhouette: number;
}

export interface Group {
  readonly cluster: number;
  /** Those that belong most clearly first. */
  readonly members: readonly Member[];
  /** Mean over the members that have one; NaN where none has. */
  readonly silhouette: number;
}

export function groupsOf(store: TableStore): Group[] {
  const table = columnsOf(store);
  const [series, cluster, silhouette] = [table.texts('series'), table.numbers('cluster'), table.numbers('silhouette')];
  const members = rows(store, (i): Member => ({ series: series[i] ?? '', cluster: cluster[i]!, silhouette: silhouette[i]! }));
  const size = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  return [...Map.groupBy(members, (member) => member.cluster)]
    .sort(([a], [b]) => a - b)
    .map(([number, own]) => {
      const known = own.filter((member) => !Number.isNaN(member.silhouette));
      const sorted = [...own].sort((a, b) => (size(a.silhouette) === size(b.silhouette) ? 0 : size(b.silhouette) - size(a.silhouette)));
      return { cluster: number, members: sorted, silhouette: known.reduce((sum, member) => sum + member.silhouette, 0) / known.length };
    });
}

/** The table clusters: the size of each, with its mean silhouette. */
export function sizeBars(store: TableStore): Bar[] {
  const table = columnsOf(store);
  const [cluster, size, silhouette] = [table.numbers('cluster'), table.numbers('size'), table.numbers('silhouette')];
  return rows(store, (i) => ({ key: String(cluster[i]), name: `cluster ${cluster[i]!}`, value: size[i]!, figure: plural(size[i]!, 'member'), note: Number.isNaN(silhouette[i]!) ? '' : formatCoefficient(silhouette[i]!, 3) }));
}

/** The table choice: mean silhouette by number of clusters, and the number that was taken. */
export function choiceOf(store: TableStore): { readonly points: Points; readonly chosen: number | null } {
  const table = columnsOf(store);
  const [clusters, silhouette, chosen] = [table.numbers('clusters'), table.numbers('silhouette'), table.verdicts('chosen')];
  const row = chosen.indexOf(true);
  return { points: { x: clusters, y: silhouette }, chosen: row === -1 ? null : clusters[row]! };
}

export function mergesOf(store: TableStore): Merge[] {
  const table = columnsOf(store);
  const [a, b, height] = [table.texts('a'), table.texts('b'), table.numbers('height')];
  return rows(store, (i) => ({ a: a[i] ?? '', b: b[i] ?? '', height: height[i]! }));
}

export interface GroupedRows {
  readonly time: Float64Array;
  readonly cluster: Float64Array;
  /** The clusters that there are, ascending. */
  readonly clusters: readonly number[];
}

/** Assignments of rows, by time. */
export function groupedRows(store: TableStore): GroupedRows {
  const table = columnsOf(store);
  const [time, cluster] = [table.numbers('time'), table.numbers('cluster')];
  return { time, cluster, clusters: [...new Set(cluster)].sort((a, b) => a - b) };
}

/** A series as one line for each cluster, which has a value where its rows are: `rows.time` ascending, and holding the times of `series`. */
export function colouredLines({ time, cluster, clusters }: GroupedRows, series: Points, kind: 'timestamp' | 'index'): ReturnType<typeof alignLines> {
  const own = new Float64Array(series.x.length);
  let row = 0;
  for (const [i, at] of series.x.entries()) {
    while (row < time.length - 1 && time[row]! < at) row++;
    own[i] = time[row] === at ? cluster[row]! : Number.NaN;
  }
  return alignLines(clusters.map((number) => ({ x: series.x, y: series.y.map((value, i) => (own[i] === number ? value : Number.NaN)) })), kind);
}

/** The table centroids of series: a line over time for each cluster. */
export function centroidLines(store: TableStore): ReadonlyMap<number, Points> {
  const table = columnsOf(store);
  const [cluster, time, value] = [table.numbers('cluster'), table.numbers('time'), table.numbers('value')];
  return new Map(
    [...Map.groupBy(cluster.keys(), (row) => cluster[row]!)].sort(([a], [b]) => a - b).map(([number, own]) => [number, { x: Float64Array.from(own, (row) => time[row]!), y: Float64Array.from(own, (row) => value[row]!) }]),
  );
}

/** The table centroids of rows, or of statistics: what each series, or each statistic, is in one cluster. */
export function centroidBars(store: TableStore, of: number): Bar[] {
  const table = columnsOf(store);
  const [cluster, series, feature, value] = [table.numbers('cluster'), table.texts('series'), table.texts('feature'), table.numbers('value')];
  const own = Array.from(cluster.keys()).filter((row) => cluster[row] === of);
  return own.map((row) => ({ key: String(row), name: series[row] ?? feature[row] ?? '', value: value[row]!, figure: formatCoefficient(value[row]!, 3) }));
}
