/** Clusters as pictures: members side by side or rows coloured on the line, sizes, centres, the choice of their number, the tree. */
import { Group, Select, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { Bars } from '../../../charts/bars/bars.tsx';
import { DendrogramChart } from '../../../charts/dendrogram/dendrogram.tsx';
import { dendrogram } from '../../../charts/dendrogram/dendrogram-layout.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { formatCount } from '../../../lib/format.ts';
import { datasetQuery } from '../../datasets/queries.ts';
import { alignLines } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import type { TableStore } from '../table-store.ts';
import { thinned } from '../thinned.ts';
import { useHistory } from '../use-history.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { useSnapshotTable } from '../use-snapshot-table.ts';
import { centroidBars, centroidLines, choiceOf, colouredLines, groupedRows, groupsOf, mergesOf, sizeBars } from './cluster-tables.ts';
import classes from './cluster-view.module.css';
import { clusterColour, MemberPanels } from './member-panels.tsx';

export type ClusterTable = 'members' | 'rows' | 'clusters' | 'centroids' | 'choice' | 'tree';

export interface ClusterViewProps {
  readonly job: Job;
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

const views = { members: Members, rows: Rows, clusters: Sizes, centroids: Centroids, choice: Choice, tree: Tree } as const;

export function ClusterView({ of, ...props }: ClusterViewProps & { readonly of: ClusterTable }) {
  const View = views[of];
  return props.store.rows === 0 ? <NoRows state={props.state} /> : <div className={classes['view']}><View {...props} /></div>;
}

function timeOf(table: ResultTable): 'timestamp' | 'index' {
  return table.columns.find(({ name }) => name === 'time')?.type === 'index' ? 'index' : 'timestamp';
}

/** The table has no time: whether the series have one is known of their data set. */
function Members(props: ClusterViewProps) {
  const { data: dataset } = useQuery({ ...datasetQuery(props.job.spec.input.dataset), retry: false });
  return <MemberPanels {...props} time={dataset?.timeKind ?? 'timestamp'} />;
}

/** The series on which the clusters of rows are shown. */
function Rows({ job, table, store, version }: ClusterViewProps) {
  const scheme = useScheme();
  const time = timeOf(table);
  const { data: dataset } = useQuery({ ...datasetQuery(job.spec.input.dataset), retry: false });
  const names = job.spec.input.series ?? dataset?.series ?? [];
  const [chosen, setChosen] = useState(0);
  const name = names[chosen] ?? names[0];
  const history = useHistory(job, name === undefined ? [] : [name], null, time).get(name ?? '');
  // The store grows in place; its version tells
  const rows = useMemo(() => groupedRows(store), [store, version]);
  const data = useMemo(() => (history === undefined ? null : colouredLines(rows, history, time)), [rows, history, time]);
  const lines = useMemo((): Line[] => rows.clusters.map((cluster) => ({ name: `cluster ${cluster}`, dots: true })), [rows]);
  return (
    <>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={name === undefined ? null : names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        <Text size="xs" c="dimmed">Each row in the colour of its cluster, on a series of the data set.</Text>
      </Group>
      {data === null ? <Empty title="The series is being read" /> : <LineChart label={`${name ?? ''} by cluster`} data={data} lines={lines} time={time} scheme={scheme} height={380} />}
    </>
  );
}

function Sizes({ store, version }: ClusterViewProps) {
  const bars = useMemo(() => sizeBars(store), [store, version]);
  return <Bars label="Clusters" bars={bars} heads={{ name: 'Cluster', figure: 'size', note: 'silhouette' }} />;
}

/** Lines that are told apart by their colours, and points of each. */
const [mostLines, buckets] = [8, 1500];

function Centroids({ table, store, version }: ClusterViewProps) {
  return table.columns.some(({ name }) => name === 'time') ? <CentroidsOverTime table={table} store={store} version={version} /> : <CentroidsByName store={store} version={version} />;
}

function CentroidsOverTime({ table, store, version }: Pick<ClusterViewProps, 'table' | 'store' | 'version'>) {
  const scheme = useScheme();
  const time = timeOf(table);
  const all = useMemo(() => [...centroidLines(store)], [store, version]);
  const drawn = useMemo(() => all.slice(0, mostLines), [all]);
  const data = useMemo(() => alignLines(drawn.map(([, points]) => thinned(points, buckets)), time), [drawn, time]);
  const unit = table.columns.find(({ name }) => name === 'value')?.unit ?? '';
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs">In {unit}.{all.length > mostLines ? ` The largest ${mostLines} of ${formatCount(all.length)} clusters.` : ''}</Text>
      <LineChart label="Centres of the clusters" data={data} lines={drawn.map(([cluster]) => ({ name: `cluster ${cluster}` }))} time={time} scheme={scheme} height={380} />
    </>
  );
}

function CentroidsByName({ store, version }: Pick<ClusterViewProps, 'store' | 'version'>) {
  const clusters = useMemo(() => [...centroidLines(store).keys()], [store, version]);
  const [chosen, setChosen] = useState<string | null>(null);
  const cluster = clusters.find((one) => String(one) === chosen) ?? clusters[0] ?? 1;
  const bars = useMemo(() => centroidBars(store, cluster), [store, version, cluster]);
  return (
    <>
      <Select label="Cluster" size="xs" w={110} mb="xs" data={clusters.map(String)} value={String(cluster)} onChange={setChosen} allowDeselect={false} />
      <Bars label={`Centre of cluster ${cluster}`} bars={bars} heads={{ name: 'Of', figure: 'mean' }} />
    </>
  );
}

function Choice({ store, version }: ClusterViewProps) {
  const scheme = useScheme();
  const { points, chosen } = useMemo(() => choiceOf(store), [store, version]);
  const data = useMemo(() => alignLines([points, points], 'index'), [points]);
  const marks = useMemo(() => (chosen === null ? [] : [{ at: chosen, label: 'chosen' }]), [chosen]);
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs">Mean silhouette by number of clusters: 1 where every point is far nearer its own, 0 where it might as well be of the next.</Text>
      <LineChart label="Choice of the number of clusters" data={data} lines={silhouetteLines} time="index" scheme={scheme} height={320} abscissa="clusters" marks={marks} />
    </>
  );
}

const silhouetteLines: readonly Line[] = [{ name: 'mean silhouette' }, { name: 'tried', dots: true }];

/** More leaves than these are for the download. */
const mostLeaves = 400;

function Tree({ job, store, version }: ClusterViewProps) {
  const scheme = useScheme();
  const { store: assignments } = useSnapshotTable(job, 'assignments');
  const clusters = useMemo(() => new Map(assignments === null ? [] : groupsOf(assignments).flatMap(({ members }) => members.map(({ series, cluster }) => [series, cluster] as const))), [assignments]);
  const tree = useMemo(() => (store.rows >= mostLeaves ? null : dendrogram(mergesOf(store))), [store, version]);
  if (tree === null) return <Empty title="The tree is too large to draw">It has {formatCount(store.rows + 1)} leaves; the table holds every merge.</Empty>;
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs">Where two branches meet, the mean distance of their members from each other; dots by cluster.</Text>
      <DendrogramChart label="Tree of the clusters" tree={tree} groupOf={(leaf) => { const cluster = clusters.get(leaf); return cluster === undefined ? null : { colour: clusterColour(cluster, scheme), name: `cluster ${cluster}` }; }} />
    </>
  );
}
