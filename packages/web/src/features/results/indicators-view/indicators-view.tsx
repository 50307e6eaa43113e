/** The indicators of one series at a time: those that are prices over the field itself, each other one below. */
import { Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { useScheme } from '../../../app/use-scheme.ts';
import { LineChart } from '../../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../../components/page.tsx';
import { SeriesSelect } from '../../../components/series-select.tsx';
import { seriesQuery } from '../../datasets/queries.ts';
import { alignLines, type Points } from '../align-lines.ts';
import classes from '../averages-view.module.css';
import { SeriesIndex } from '../series-index.ts';
import type { TableStore } from '../table-store.ts';
import { panelsOf, type ChartPanel } from './panels.ts';

/** Pixel columns that the raw series is reduced to. */
const points = 1200;
const nothing: Points = { x: new Float64Array(0), y: new Float64Array(0) };

export function IndicatorsView({ job, store, version }: { job: Job; store: TableStore; version: number }) {
  const [timeColumn, seriesColumn] = [store.columnNamed('time'), store.columnNamed('series')];
  const [index] = useState(() => new SeriesIndex(store, seriesColumn));
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const name = names[chosen] ?? names[0];
  const panels = useMemo(() => panelsOf(job.spec.params), [job.spec.params]);

  // A transformed series has another scale than the raw one, and a resampled one other times.
  const { input } = job.spec;
  const rawFits = input.transform === 'none' && (input.resample === null || input.resample === undefined);
  const raw = useQuery({
    ...seriesQuery(input.dataset, { field: input.field, series: name === undefined ? [] : [name], from: input.from ?? undefined, to: input.to ?? undefined, points }),
    enabled: rawFits && name !== undefined,
  });

  if (name === undefined) return <Empty title="No rows have arrived yet" />;
  const field: Field | null = rawFits ? { name: input.field ?? name, points: raw.data?.get(name) ?? nothing } : null;
  const time = job.tables[0]?.columns[timeColumn]?.type === 'index' ? 'index' : 'timestamp';
  const numbers = (column: string) => index.numbers(name, store.columnNamed(column));
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        <Text size="xs" c="dimmed" ml="auto">{rawFits ? 'Drag to zoom, double click for all.' : 'The field itself is left out: it has another scale, or other times.'}</Text>
      </Group>
      <Stack gap="lg">
        {panels.filter((panel) => panel.columns.length > 0 || field !== null).map((panel) => (
          <Panel key={panel.title} panel={panel} series={name} field={panel.overField ? field : null} x={index.numbers(name, timeColumn)} numbers={numbers} time={time} version={version} />
        ))}
      </Stack>
    </div>
  );
}

interface Field {
  readonly name: string;
  readonly points: Points;
}

interface PanelProps {
  readonly panel: ChartPanel;
  readonly series: string;
  readonly field: Field | null;
  readonly x: Float64Array;
  readonly numbers: (column: string) => Float64Array;
  readonly time: 'timestamp' | 'index';
  readonly version: number;
}

function Panel({ panel, series, field, x, numbers, time, version }: PanelProps) {
  const scheme = useScheme();
  const raw = field?.points;
  const lines = useMemo(() => [...(field === null ? [] : [{ name: field.name, quiet: true }]), ...panel.columns.map((column) => ({ name: column }))], [field?.name, panel]);
  const data = useMemo(() => alignLines([...(raw === undefined ? [] : [raw]), ...panel.columns.map((column) => ({ x, y: numbers(column) }))], time), [raw, panel, series, version, time]);
  return (
    <div>
      {!panel.overField && <Title order={3} size="h5">{panel.title}</Title>}
      <LineChart label={panel.overField ? `${series} with its indicators` : `${panel.title} of ${series}`} data={data} lines={lines} time={time} scheme={scheme} height={panel.overField ? 340 : 170} />
    </div>
  );
}
