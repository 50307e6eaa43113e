/** Series with their moving averages: one series at a time, its raw values drawn beneath. */
import { Chip, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import { useMemo, useState } from 'react';
import { useScheme } from '../../app/use-scheme.ts';
import { LineChart, type Line } from '../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../components/page.tsx';
import { SeriesSelect } from '../../components/series-select.tsx';
import { seriesQuery } from '../datasets/queries.ts';
import { alignLines } from './align-lines.ts';
import classes from './averages-view.module.css';
import { SeriesIndex } from './series-index.ts';
import type { TableStore } from './table-store.ts';

/** Pixel columns that the raw series is reduced to. */
const points = 1200;

export function AveragesView({ job, store, version }: { job: Job; store: TableStore; version: number }) {
  const scheme = useScheme();
  const [timeColumn, seriesColumn] = [store.columnNamed('time'), store.columnNamed('series')];
  const [index] = useState(() => new SeriesIndex(store, seriesColumn));
  // The store grows in place; its version tells
  const names = useMemo(() => index.update().names, [index, version]);
  const [chosen, setChosen] = useState(0);
  const name = names[chosen] ?? names[0];
  const averages = store.schema.fields.map((field) => field.name).filter((_, column) => column !== timeColumn && column !== seriesColumn);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(averages.slice(8)));
  const time = job.tables[0]?.columns[timeColumn]?.type === 'index' ? 'index' : 'timestamp';

  // A transformed series has another scale than the raw one, and a resampled one other times.
  const { input } = job.spec;
  const rawFits = input.transform === 'none' && (input.resample === null || input.resample === undefined);
  const raw = useQuery({
    ...seriesQuery(input.dataset, { field: input.field, series: name === undefined ? [] : [name], from: input.from ?? undefined, to: input.to ?? undefined, points }),
    enabled: rawFits && name !== undefined,
  });

  const lines = useMemo<Line[]>(() => [...(rawFits ? [{ name: input.field ?? name ?? 'value', quiet: true }] : []), ...averages.filter((column) => !hidden.has(column)).map((column) => ({ name: column }))], [rawFits, input.field, name, averages.join(','), hidden]);
  const data = useMemo(() => {
    if (name === undefined) return null;
    const over = index.numbers(name, timeColumn);
    const rawSeries = raw.data?.get(name);
    return alignLines(
      [
        ...(rawFits ? [rawSeries === undefined ? { x: new Float64Array(0), y: new Float64Array(0) } : rawSeries] : []),
        ...averages.filter((column) => !hidden.has(column)).map((column) => ({ x: over, y: index.numbers(name, store.columnNamed(column)) })),
      ],
      time,
    );
  }, [name, raw.data, version, hidden, rawFits, time]);

  if (name === undefined || data === null) return <Empty title="No rows have arrived yet" />;
  return (
    <div className={classes['view']}>
      <Group align="flex-end" gap="md" mb="md">
        <SeriesSelect label="Series" names={names} value={names.indexOf(name)} onChange={(next) => setChosen(next ?? 0)} clearable={false} w={180} />
        {averages.length > 1 && (
          <Group gap={6} role="group" aria-label="Lines">
            {averages.map((column) => (
              <Chip key={column} size="xs" checked={!hidden.has(column)} onChange={(checked) => setHidden((now) => toggled(now, column, !checked))}>
                {column}
              </Chip>
            ))}
          </Group>
        )}
        <Text size="xs" c="dimmed" ml="auto">{rawFits ? 'Drag to zoom, double click for all.' : `The averages are of ${input.transform === 'none' ? 'resampled values' : `the ${input.transform}`}; the raw series is left out.`}</Text>
      </Group>
      <LineChart label={`${name} with its averages`} data={data} lines={lines} time={time} scheme={scheme} height={380} />
    </div>
  );
}

function toggled(set: ReadonlySet<string>, item: string, inside: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (inside) next.add(item);
  else next.delete(item);
  return next;
}
