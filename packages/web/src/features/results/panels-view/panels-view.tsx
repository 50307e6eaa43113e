/** What was computed of each series, one series at a time: over the series itself, and in panels below on one axis of time. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { useScheme } from '../../../app/use-scheme.ts';
import { ChartLink } from '../../../charts/line-chart/chart-link.ts';
import { LineChart, type Line } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { seriesQuery } from '../../datasets/queries.ts';
import { alignLines, type Points } from '../align-lines.ts';
import { NoRows } from '../no-rows.tsx';
import { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';
import type { ArrivingTable } from '../use-result-table.ts';
import { averagePanels } from './average-panels.ts';
import { panelsWith, shownAtFirst, type ChartPanel } from './chart-panel.ts';
import { indicatorPanels } from './indicator-panels.ts';
import { LineChoice } from './line-choice.tsx';
import classes from './panels-view.module.css';

/** Pixel columns that the raw series is reduced to. */
const points = 1200;
const nothing: Points = { x: new Float64Array(0), y: new Float64Array(0) };

export function PanelsView({ job, store, version, state }: { job: Job; store: TableStore; version: number; state: ArrivingTable['state'] }) {
  const [timeColumn, seriesColumn] = [store.columnNamed('time'), store.columnNamed('series')];
  const index = useMemo(() => new SeriesIndex(store, seriesColumn), [store, seriesColumn]);
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const name = names[chosen] ?? names[0];
  const panels = useMemo(() => panelsOf(job, store), [job.spec, store]);
  const columns = panels.flatMap((panel) => panel.columns);
  const [shown, setShown] = useState(() => shownAtFirst(panels));

  // A transformed series has another scale than the raw one, and a resampled one other times.
  const { input } = job.spec;
  const rawFits = input.transform === 'none' && (input.resample === null || input.resample === undefined);
  const raw = useQuery({
    ...seriesQuery(input.dataset, { field: input.field, series: name === undefined ? [] : [name], from: input.from ?? undefined, to: input.to ?? undefined, points }),
    enabled: rawFits && name !== undefined,
  });

  const drawn = useMemo(() => panelsWith(panels, shown, rawFits), [panels, shown, rawFits]);
  const time = job.tables[0]?.columns[timeColumn]?.type === 'index' ? 'index' : 'timestamp';
  const field = rawFits ? (input.field ?? name ?? 'value') : null;
  const charts = useMemo(() => {
    if (name === undefined) return [];
    const x = index.numbers(name, timeColumn);
    return chartsOf(drawn, field, raw.data?.get(name) ?? nothing, (column) => ({ x, y: index.numbers(name, store.columnNamed(column)) }), time);
  }, [drawn, name, field, raw.data, index, version, time]);

  if (name === undefined) return <NoRows state={state} />;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        {columns.length > 1 && <LineChoice columns={columns} shown={shown} onChange={setShown} />}
        <Text size="xs" c="dimmed" ml="auto">{rawFits ? 'Drag to zoom, double click for all.' : `Of ${input.transform === 'none' ? 'resampled values' : `the ${input.transform}`}; the raw series is left out.`}</Text>
      </Group>
      {charts.length === 0 ? <Empty title="No line is chosen" /> : <Panels charts={charts} series={name} what={job.spec.analysis === 'indicators' ? 'indicators' : 'averages'} time={time} />}
    </div>
  );
}

function panelsOf({ spec: { analysis, params } }: Job, store: TableStore): ChartPanel[] {
  if (analysis === 'indicators') return indicatorPanels(params);
  if (analysis === 'moving-average') return averagePanels(params);
  const columns = store.schema.fields.map((field) => field.name).filter((name) => name !== 'time' && name !== 'series');
  return [{ title: 'values', columns, overField: true }];
}

interface Chart {
  readonly panel: ChartPanel;
  readonly lines: readonly Line[];
  readonly data: uPlot.AlignedData;
}

/** All lines over one abscissa, then each panel's own: so that a cursor stands at the same row in all of them. */
function chartsOf(panels: readonly ChartPanel[], field: string | null, raw: Points, pointsOf: (column: string) => Points, time: 'timestamp' | 'index'): Chart[] {
  const columns = panels.flatMap((panel) => panel.columns);
  const [xs, ...ys] = alignLines([...(field === null ? [] : [raw]), ...columns.map(pointsOf)], time);
  const fieldLine = field === null ? undefined : ys.shift();
  let at = 0;
  return panels.map((panel) => {
    const own = ys.slice(at, (at += panel.columns.length));
    const over = panel.overField && field !== null && fieldLine !== undefined;
    return {
      panel,
      lines: [...(over ? [{ name: field, quiet: true }] : []), ...panel.columns.map((column) => ({ name: column }))],
      data: [xs, ...(over ? [fieldLine] : []), ...own],
    };
  });
}

function Panels({ charts, series, what, time }: { charts: readonly Chart[]; series: string; what: string; time: 'timestamp' | 'index' }) {
  const scheme = useScheme();
  const [link] = useState(() => new ChartLink());
  return (
    <Stack gap="md">
      {charts.map(({ panel, lines, data }, place) => (
        <div key={panel.title}>
          {!panel.overField && <Title order={3} size="h5" mb={2}>{panel.title}</Title>}
          <LineChart label={panel.overField ? `${series} with its ${what}` : `${panel.title} of ${series}`} data={data} lines={lines} time={time} scheme={scheme} height={heightOf(panel, charts.length, isBare(place, charts.length))} bare={isBare(place, charts.length)} link={link} />
        </div>
      ))}
    </Stack>
  );
}

/** The first and the last tell the time for those between. */
function isBare(place: number, panels: number): boolean {
  return place > 0 && place < panels - 1;
}

function heightOf({ overField }: ChartPanel, panels: number, bare: boolean): number {
  if (panels === 1) return 380;
  return overField ? 320 : bare ? 125 : 165;
}
