/** Forecasts of one series over its history: the expected values, what is likely to hold them, and what came. */
import { Group, Input, SegmentedControl, Select, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { formatTimestamp } from '../../../lib/format.ts';
import { alignLines, type Points } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import classes from '../panels-view/panels-view.module.css';
import { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';
import { rawFits, useHistory } from '../use-history.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { apart, areNear, joinedWindows, recentFrom, windowsOf, type ForecastWindow } from './forecast-lines.ts';

export interface ForecastViewProps {
  readonly job: Job;
  readonly table: ResultTable;
  readonly store: TableStore;
  readonly version: number;
  readonly state: ArrivingTable['state'];
}

const nothing: Points = { x: new Float64Array(0), y: new Float64Array(0) };
/** What stands for an origin in the choice of one. */
const [newest, every] = ['newest', 'all'];

export function ForecastView({ job, table, store, version, state }: ForecastViewProps) {
  const scheme = useScheme();
  const index = useMemo(() => new SeriesIndex(store, store.columnNamed('series')), [store]);
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const [origin, setOrigin] = useState<string | null>(null);
  const [range, setRange] = useState<'recent' | 'whole'>('recent');
  const name = names[chosen] ?? names[0];
  const time = table.columns.find((column) => column.name === 'time')?.type === 'index' ? 'index' : 'timestamp';

  const windows = useMemo(() => (name === undefined ? [] : windowsOf(store, index, name)), [store, index, name, version]);
  const made = origin ?? (areNear(windows) ? every : newest);
  const shown = useMemo(() => chosenWindows(windows, made), [windows, made]);
  const fits = rawFits(job);
  const history = useHistory(job, fits && name !== undefined && shown.length > 0 ? [name] : [], range === 'recent' ? recentFrom(shown) : null, time).get(name ?? '') ?? nothing;
  const { data, lines } = useMemo(() => drawn(shown, fits ? history : null, name ?? '', time), [shown, fits, history, name, time]);
  const marks = useMemo(() => shown.map((window) => ({ at: window.origin * (time === 'timestamp' ? 1e-6 : 1), label: '' })), [shown, time]);

  if (name === undefined) return <NoRows state={state} />;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        {windows.length > 1 && <Select label="Made at" size="xs" w={190} data={[...windows.toReversed().map((window, i) => ({ value: i === 0 ? newest : String(window.origin), label: momentOf(window, time) })), { value: every, label: 'All that do not overlap' }]} value={made} onChange={setOrigin} allowDeselect={false} />}
        {fits && (
          <Input.Wrapper label="History" size="xs" labelElement="div">
            <SegmentedControl size="xs" display="flex" aria-label="History" data={[{ value: 'recent', label: 'Recent' }, { value: 'whole', label: 'Whole' }]} value={range} onChange={(value) => setRange(value === 'whole' ? 'whole' : 'recent')} />
          </Input.Wrapper>
        )}
        <Text size="xs" c="dimmed" ml="auto">{fits ? 'Dashed: where each forecast was made.' : 'Of the values as they were prepared; the series itself is left out.'}</Text>
      </Group>
      <LineChart label={`Forecast of ${name}`} data={data} lines={lines} time={time} scheme={scheme} height={400} marks={marks} />
    </div>
  );
}

function chosenWindows(windows: readonly ForecastWindow[], origin: string): ForecastWindow[] {
  if (origin === every) return apart(windows);
  return origin === newest ? windows.slice(-1) : windows.filter((window) => String(window.origin) === origin);
}

/** History, forecast and the ends of its interval, where it has one. */
function drawn(windows: readonly ForecastWindow[], history: Points | null, name: string, time: 'timestamp' | 'index') {
  const { y, yhat, lower, upper } = joinedWindows(windows);
  const hasInterval = lower.y.some((value) => !Number.isNaN(value));
  const lines: Line[] = [{ name: history === null ? 'what came' : name, quiet: true }, { name: 'forecast' }, ...(hasInterval ? [{ name: 'lower', edge: true }, { name: 'upper', edge: true }] : [])];
  return { data: alignLines([history ?? y, yhat, ...(hasInterval ? [lower, upper] : [])], time), lines };
}

function momentOf({ origin }: ForecastWindow, time: 'timestamp' | 'index'): string {
  return time === 'index' ? `row ${origin}` : formatTimestamp(BigInt(Math.round(origin)));
}
