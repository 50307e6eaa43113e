/** A series with its anomalies shaded, what was expected of it, and the score below on the same axis of time. */
import { Group, Stack, Text, Title } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { ChartLink } from '../../../charts/line-chart/chart-link.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { plural } from '../../../lib/format.ts';
import { alignLines, type Points } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';
import { thinned } from '../thinned.ts';
import { rawFits, useHistory } from '../use-history.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { scoredSeries, thresholdOf } from './scored-series.ts';

export interface AnomalyViewProps {
  readonly job: Job;
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

/** Four points of each are drawn. */
const buckets = 1500;

export function AnomalyView({ job, table, store, version, state }: AnomalyViewProps) {
  const index = useMemo(() => new SeriesIndex(store, store.columnNamed('series')), [store]);
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const name = names[chosen] ?? names[0];
  const time = table.columns.find((column) => column.name === 'time')?.type === 'index' ? 'index' : 'timestamp';
  const scored = useMemo(() => (name === undefined ? null : scoredSeries(store, index, name, time)), [store, index, name, version, time]);
  const own = rawFits(job) && job.spec.params['together'] !== true;
  const history = useHistory(job, own && name !== undefined ? [name] : [], null, time).get(name ?? '');
  if (name === undefined || scored === null) return <NoRows state={state} />;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={220} />
        <Text size="sm" role="status" aria-label="Flagged">{scored.flagged.length === 0 ? 'Nothing is flagged.' : `Flagged: ${plural(scored.flagged.length, 'stretch', 'stretches')} of rows, shaded.`}</Text>
        <Text size="xs" c="dimmed" ml="auto">{own ? 'Drag to zoom, double click for all.' : 'The series itself is left out: the scores are of prepared values.'}</Text>
      </Group>
      <Charts name={name} scored={scored} history={own ? (history ?? null) : null} threshold={thresholdOf(job.spec.params)} unit={table.columns.find((column) => column.name === 'score')?.unit ?? ''} time={time} />
    </div>
  );
}

interface ChartsProps {
  readonly name: string;
  readonly scored: ReturnType<typeof scoredSeries>;
  readonly history: Points | null;
  readonly threshold: number | null;
  readonly unit: string;
  readonly time: 'timestamp' | 'index';
}

function Charts({ name, scored: { score, expected, flagged }, history, threshold, unit, time }: ChartsProps) {
  const scheme = useScheme();
  const [link] = useState(() => new ChartLink());
  const values = useMemo(() => [...(expected === null ? [] : [thinned(expected, buckets)]), ...(history === null ? [] : [history])], [expected, history]);
  const valueData = useMemo(() => alignLines(values, time), [values, time]);
  const scores = useMemo(() => {
    const drawn = thinned(score, buckets);
    return alignLines([...(threshold === null ? [] : [{ x: drawn.x, y: new Float64Array(drawn.x.length).fill(threshold) }]), drawn], time);
  }, [score, threshold, time]);
  const valueLines: Line[] = [...(expected === null ? [] : [{ name: 'expected', quiet: true }]), ...(history === null ? [] : [{ name }])];
  const scoreLines: Line[] = [...(threshold === null ? [] : [{ name: 'threshold', quiet: true }]), { name: 'score' }];
  return (
    <Stack gap="md">
      {valueLines.length > 0 && <LineChart label={`${name} with its anomalies`} data={valueData} lines={valueLines} time={time} scheme={scheme} height={300} link={link} spans={flagged} />}
      <div>
        <Title order={3} size="h5" mb={2}>Score{unit === '' || unit === '1' ? '' : `, in ${unit}`}</Title>
        <LineChart label={`Score of ${name}`} data={scores} lines={scoreLines} time={time} scheme={scheme} height={valueLines.length > 0 ? 170 : 320} link={link} spans={flagged} />
      </div>
    </Stack>
  );
}
