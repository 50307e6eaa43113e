/** The tables of a job, each with its picture where it has one, its rows, and its downloads. */
import { Center, Group, Loader, SegmentedControl, Tabs, Text, Title } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable as TableInfo } from '@corrente/shared/contract/result';
import { lazy, memo, Suspense, useState, type ReactNode } from 'react';
import { Empty, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatCount } from '../../lib/format.ts';
import type { ClusterTable } from './cluster-view/cluster-view.tsx';
import { DownloadMenu } from './download-menu.tsx';
import { firstShown } from './first-shown.ts';
import classes from './result-panel.module.css';
import { ResultTable } from './table/result-table.tsx';
import type { TableStore } from './table-store.ts';
import { useResultTable, type ArrivingTable } from './use-result-table.ts';
import { useSnapshotTable } from './use-snapshot-table.ts';
import { whenReachable } from '../../lib/when-reachable.ts';

const MatrixView = lazy(async () => ({ default: (await whenReachable(() => import('./matrix-view/matrix-view.tsx'))).MatrixView }));
const NetworkView = lazy(async () => ({ default: (await whenReachable(() => import('./network-view/network-view.tsx'))).NetworkView }));
const InformationView = lazy(async () => ({ default: (await whenReachable(() => import('./information-view.tsx'))).InformationView }));
const DifferencesView = lazy(async () => ({ default: (await whenReachable(() => import('./differences-view/differences-view.tsx'))).DifferencesView }));
const BarsView = lazy(async () => ({ default: (await whenReachable(() => import('./bars-view/bars-view.tsx'))).BarsView }));
const LocalView = lazy(async () => ({ default: (await whenReachable(() => import('./local-view/local-view.tsx'))).LocalView }));
const PanelsView = lazy(async () => ({ default: (await whenReachable(() => import('./panels-view/panels-view.tsx'))).PanelsView }));
const RollingView = lazy(async () => ({ default: (await whenReachable(() => import('./rolling-view/rolling-view.tsx'))).RollingView }));
const LeadLagView = lazy(async () => ({ default: (await whenReachable(() => import('./lead-lag-view/lead-lag-view.tsx'))).LeadLagView }));
const ForecastView = lazy(async () => ({ default: (await whenReachable(() => import('./forecast-view/forecast-view.tsx'))).ForecastView }));
const ErrorsView = lazy(async () => ({ default: (await whenReachable(() => import('./forecast-view/errors-view.tsx'))).ErrorsView }));
const LossView = lazy(async () => ({ default: (await whenReachable(() => import('./forecast-view/loss-view.tsx'))).LossView }));
const PredictionsView = lazy(async () => ({ default: (await whenReachable(() => import('./predictions-view/predictions-view.tsx'))).PredictionsView }));
const LearnView = lazy(async () => ({ default: (await whenReachable(() => import('./learn-view/learn-view.tsx'))).LearnView }));
const ReliabilityView = lazy(async () => ({ default: (await whenReachable(() => import('./learn-view/reliability-view.tsx'))).ReliabilityView }));
const ClusterView = lazy(async () => ({ default: (await whenReachable(() => import('./cluster-view/cluster-view.tsx'))).ClusterView }));
const PcaView = lazy(async () => ({ default: (await whenReachable(() => import('./pca-view/pca-view.tsx'))).PcaView }));
const AnomalyView = lazy(async () => ({ default: (await whenReachable(() => import('./anomaly-view/anomaly-view.tsx'))).AnomalyView }));

/** The most series whose matrix is drawn; larger ones are for the download. */
const mostDrawn = 6000;

/** Drawn anew only when the tables or the state change, not with every step of progress. */
export const ResultPanel = memo(ResultTables, (before, after) => before.job.id === after.job.id && before.job.state === after.job.state && before.job.tables === after.job.tables);

function ResultTables({ job }: { job: Job }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const table = job.tables.find(({ name }) => name === chosen) ?? firstShown(job);
  if (table === undefined) return null;
  return (
    <Panel flush label="Result">
      {job.tables.length > 1 && (
        <Tabs value={table.name} onChange={setChosen} className={classes['tabs']}>
          <Tabs.List>
            {job.tables.map(({ name, title }) => (
              <Tabs.Tab key={name} value={name}>{title}</Tabs.Tab>
            ))}
          </Tabs.List>
        </Tabs>
      )}
      <TablePanel key={table.name} job={job} table={table} />
    </Panel>
  );
}

function TablePanel({ job, table }: { job: Job; table: TableInfo }) {
  const arriving = useRows(job, table);
  const { store, version } = arriving;
  const pictures = picturesOf(job, table);
  const [view, setView] = useState(pictures[0]?.kind ?? 'table');
  const picture = pictures.find(({ kind }) => kind === view);
  return (
    <>
      <Group className={classes['bar']} justify="space-between" gap="sm">
        <Group gap="md">
          {job.tables.length === 1 && <Title order={2}>{table.title}</Title>}
          {pictures.length > 0 && <SegmentedControl size="xs" aria-label="View" data={[...pictures.map(({ kind, label }) => ({ value: kind, label })), { value: 'table', label: 'Table' }]} value={view} onChange={(value) => setView(pictures.find(({ kind }) => kind === value)?.kind ?? 'table')} />}
          <Arrival arriving={arriving} table={table} />
        </Group>
        <DownloadMenu jobId={job.id} table={table} store={store} />
      </Group>
      <div className={picture === undefined ? classes['plain'] : classes['picture']} data-kind={picture?.kind}>
        {store === null ? (
          arriving.state === 'broken' ? null : <Waiting />
        ) : picture !== undefined ? (
          <Suspense fallback={<Waiting />}>{picture.draw(arriving)}</Suspense>
        ) : store.rows === 0 && arriving.state === 'complete' ? (
          <Empty title="The table is empty">No row met what the parameters ask for.</Empty>
        ) : (
          <ResultTable label={table.title} store={store} version={version} initialSorting={initialSorting(arriving, table)} />
        )}
      </div>
      {arriving.error !== null && job.state !== 'failed' && job.state !== 'cancelled' && (
        <div className={classes['error']}>
          <ProblemAlert error={arriving.error} />
        </div>
      )}
    </>
  );
}

/** The rows as they arrive; while the job runs, with the provisional ones that it shows. */
function useRows(job: Job, table: TableInfo): ArrivingTable {
  const arriving = useResultTable(job.id, table.name);
  const provisional = table.provisionalRows > 0 && arriving.state !== 'complete';
  const { store } = useSnapshotTable(job, table.name, provisional);
  return provisional && store !== null ? { ...arriving, store, version: arriving.version + store.rows, state: arriving.state === 'broken' ? 'broken' : 'arriving' } : arriving;
}

interface ViewProps extends Pick<ArrivingTable, 'version' | 'state'> {
  readonly job: Job;
  readonly table: TableInfo;
  readonly store: TableStore;
}

interface Picture {
  readonly kind: 'matrix' | 'lines' | 'graph' | 'links' | 'pairs' | 'bars' | 'leads';
  readonly label: string;
  readonly draw: (arriving: ArrivingTable) => ReactNode;
}

/** By what the table holds, so that a later analysis with such a table has its pictures at once; the first is shown first. */
function picturesOf(job: Job, table: TableInfo): Picture[] {
  const names = table.columns.map((column) => column.name);
  const has = (...wanted: string[]) => wanted.every((name) => names.includes(name));
  const size = names.length - 1;
  if (table.name === 'matrix' && names[0] === 'series' && size > 1 && size <= mostDrawn) {
    return [{ kind: 'matrix', label: 'Heatmap', draw: ({ store, version }) => (store === null ? null : <MatrixView job={job} store={store} version={version} />) }];
  }
  if (table.name === 'links' && has('source', 'target', 'lag', 'te')) {
    return [
      { kind: 'graph', label: 'Graph', draw: () => <NetworkView job={job} as="graph" /> },
      { kind: 'links', label: 'Matrix', draw: () => <NetworkView job={job} as="matrix" /> },
    ];
  }
  if (table.name === 'differences' && has('source', 'target', 'difference')) {
    return (['graph', 'matrix'] as const).map((as) => ({
      kind: as === 'graph' ? as : 'links',
      label: as === 'graph' ? 'Graph' : 'Matrix',
      draw: ({ store, version }) => (store === null ? null : <DifferencesView job={job} store={store} version={version} as={as} />),
    }));
  }
  const learnt = learntPicture(job, table, has);
  if (learnt !== null) return [learnt];
  const bars = barsOf(job, table, has);
  if (bars !== null) {
    return [{ kind: 'bars', label: 'Bars', draw: ({ store, version }) => (store === null ? null : <BarsView of={bars} table={table} store={store} version={version} />) }];
  }
  if (table.name === 'local' && has('time', 'value')) {
    return [{ kind: 'lines', label: 'Chart', draw: ({ store, version }) => (store === null ? null : <LocalView table={table} store={store} version={version} />) }];
  }
  if ((has('source', 'target', 'value') && asksForPairs(job)) || (table.name === 'matrix' && names[0] === 'target' && size > 1 && size <= mostDrawn)) {
    return [{ kind: 'pairs', label: 'Heatmap', draw: ({ store, version }) => (store === null ? null : <InformationView job={job} table={table} store={store} version={version} />) }];
  }
  if (table.name === 'rolling' && has('time', 'a', 'b', 'r')) {
    return [{ kind: 'lines', label: 'Chart', draw: ({ store, version, state }) => (store === null ? null : <RollingView table={table} store={store} version={version} state={state} />) }];
  }
  const longest = Number(job.spec.params['maxLag'] ?? 0);
  if (table.name === 'pairs' && has('a', 'b', 'lag', 'r') && longest > 0) {
    return [{ kind: 'leads', label: 'Who leads', draw: ({ store, version, state }) => (store === null ? null : <LeadLagView store={store} version={version} state={state} longest={longest} />) }];
  }
  if (names[0] === 'time' && names[1] === 'series' && names.length > 2) {
    return [{ kind: 'lines', label: 'Chart', draw: ({ store, version, state }) => (store === null ? null : <PanelsView job={job} store={store} version={version} state={state} />) }];
  }
  return [];
}

/** Of models, groups, components and anomalies. */
function learntPicture(job: Job, table: TableInfo, has: (...wanted: string[]) => boolean): Picture | null {
  const { name } = table;
  const picture = (kind: Picture['kind'], label: string, draw: (props: ViewProps) => ReactNode): Picture => ({ kind, label, draw: ({ store, version, state }) => (store === null ? null : draw({ job, table, store, version, state })) });
  if (name === 'history' && has('epoch', 'train_loss', 'val_loss')) return picture('lines', 'Chart', (props) => <LossView {...props} />);
  if (name === 'forecast' && has('origin', 'yhat', 'lower', 'upper')) return picture('lines', 'Chart', (props) => <ForecastView {...props} />);
  if (name === 'metrics' && has('series', 'mse', 'naive_mse')) return picture('bars', 'Bars', (props) => <ErrorsView by="series" {...props} />);
  if (name === 'by-step' && has('step', 'mse', 'naive_mse')) return picture('lines', 'Chart', (props) => <ErrorsView by="step" {...props} />);
  if (name === 'predictions' && has('time', 'series', 'yhat')) return picture('lines', 'Chart', (props) => <PredictionsView {...props} />);
  if (name === 'metrics' && has('fold', 'metric', 'baseline')) return picture('bars', 'Bars', (props) => <LearnView of="metrics" {...props} />);
  if (name === 'importances' && has('feature', 'gain', 'permutation')) return picture('bars', 'Bars', (props) => <LearnView of="importances" {...props} />);
  if (name === 'coefficients' && has('feature', 'standardised')) return picture('bars', 'Bars', (props) => <LearnView of="coefficients" {...props} />);
  if (name === 'calibration' && has('predicted', 'observed')) return picture('lines', 'Chart', (props) => <ReliabilityView {...props} />);
  if (name === 'anomalies' && has('time', 'series', 'score', 'flagged')) return picture('lines', 'Chart', (props) => <AnomalyView {...props} />);
  if ((name === 'variance' && has('component', 'ratio')) || (name === 'components' && has('component', 'loading'))) return picture('bars', 'Bars', (props) => <PcaView of={name} {...props} />);
  if (name === 'scores' && has('time', 'component_1')) return picture('lines', 'Chart', (props) => <PcaView of="scores" {...props} />);
  const cluster = clusterTable(table, has);
  return cluster === null ? null : picture(cluster === 'rows' || cluster === 'choice' ? 'lines' : 'bars', cluster === 'tree' ? 'Tree' : 'Chart', (props) => <ClusterView of={cluster} {...props} />);
}

function clusterTable({ name }: TableInfo, has: (...wanted: string[]) => boolean): ClusterTable | null {
  if (name === 'assignments' && has('cluster')) return has('series') ? 'members' : 'rows';
  if (name === 'clusters' && has('cluster', 'size')) return 'clusters';
  if (name === 'centroids' && has('cluster', 'value')) return 'centroids';
  if (name === 'choice' && has('clusters', 'silhouette')) return 'choice';
  return name === 'tree' && has('a', 'b', 'height') ? 'tree' : null;
}

/** Targets are bars only where nothing but their own past is asked for: else they are told beside the network. */
function barsOf({ spec: { params } }: Job, { name }: TableInfo, has: (...wanted: string[]) => boolean): 'atoms' | 'storage' | null {
  if (name === 'atoms' && has('atom', 'bits')) return 'atoms';
  return name === 'targets' && has('target', 'omnibus_te') && params['method'] === 'active-information' ? 'storage' : null;
}

/** Whether every series is paired with every other: that is what a measure of two series does where none is named. */
function asksForPairs({ spec: { params } }: Job): boolean {
  const none = ['pairs', 'source', 'target'].every((name) => params[name] === undefined || params[name] === null);
  const ofPairs = [undefined, 'te', 'mi', 'cmi'].some((measure) => measure === params['measure']);
  return ofPairs && (params['pairs'] === 'all' || none);
}

/** Pairs begin with the strongest: that is what one looks for. */
function initialSorting({ store }: ArrivingTable, table: TableInfo) {
  const column = table.name === 'pairs' ? (store?.columnNamed('r') ?? -1) : -1;
  return column < 0 ? null : { column, descending: true, absolute: true };
}

function Arrival({ arriving, table }: { arriving: ArrivingTable; table: TableInfo }) {
  const rows = arriving.store?.rows ?? 0;
  const words = {
    waiting: 'Waiting for the first rows',
    arriving: `${formatCount(rows)} rows so far`,
    complete: `${formatCount(rows)} rows`,
    broken: `${formatCount(rows)} rows, then the stream ended`,
  }[arriving.state];
  return (
    <Text size="xs" c="dimmed" role="status" aria-label={`Rows of ${table.title}`}>
      {words}
    </Text>
  );
}

function Waiting() {
  return (
    <Center h="100%" mih={160}>
      <Loader size="sm" aria-label="Waiting for rows" />
    </Center>
  );
}
