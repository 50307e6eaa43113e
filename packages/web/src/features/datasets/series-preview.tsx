/** Some series of a data set over its whole range: as they are, or explored with statistics that the page computes. */
import { Center, Group, Loader, MultiSelect, SegmentedControl, Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useScheme } from '../../app/use-scheme.ts';
import { LineChart } from '../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { whenReachable } from '../../lib/when-reachable.ts';
import { alignLines } from '../results/align-lines.ts';
import { seriesQuery } from './queries.ts';

const most = 8;
/** Four points per pixel column of a chart; and all rows, of a data set that a page can compute with. */
const points = { look: 1200, explore: 100_000, exploreReduced: 16_000 };
const height = 300;

const Explore = lazy(async () => ({ default: (await whenReachable(() => import('../explore/explore.tsx'))).Explore }));

type Mode = 'look' | 'explore';

export function SeriesPreview({ dataset }: { dataset: Dataset }) {
  const scheme = useScheme();
  const [mode, setMode] = useState<Mode>('look');
  const [field, setField] = useState(() => (dataset.fields.includes('close') ? 'close' : dataset.fields[0]!));
  const [chosen, setChosen] = useState<string[]>(() => dataset.series.slice(0, 1));
  const reduced = dataset.timePoints > points.explore;
  const wanted = mode === 'look' ? points.look : reduced ? points.exploreReduced : points.explore;
  const { data, error, isFetching } = useQuery({
    ...seriesQuery(dataset.id, { field, series: chosen, points: wanted }),
    enabled: chosen.length > 0,
    // What was reduced to be looked at is not computed with.
    placeholderData: (before, query) => {
      const asked = query?.queryKey[2];
      return typeof asked === 'object' && asked.points === wanted ? before : undefined;
    },
  });
  const shown = useMemo(() => chosen.filter((name) => data?.has(name)), [chosen, data]);
  const lines = useMemo(() => shown.map((name) => ({ name })), [shown]);
  const aligned = useMemo(() => alignLines(shown.map((name) => data!.get(name)!), dataset.timeKind), [shown, data, dataset.timeKind]);
  return (
    <>
      <Group gap="sm" mb="md" align="flex-end">
        <SegmentedControl size="xs" aria-label="Mode" value={mode} onChange={(value) => setMode(value === 'explore' ? 'explore' : 'look')} data={[{ value: 'look', label: 'Look' }, { value: 'explore', label: 'Explore' }]} />
        {dataset.fields.length > 1 && <Select label="Field" size="xs" w={140} data={dataset.fields} value={field} onChange={(value) => setField(value ?? field)} allowDeselect={false} />}
        <MultiSelect label="Series" size="xs" maw={560} style={{ flex: 1 }} miw={180} searchable limit={60} maxValues={most} data={dataset.series} value={chosen} onChange={setChosen} placeholder={chosen.length === 0 ? 'Type a name' : ''} nothingFoundMessage="No series has this name" />
        {isFetching && <Loader size="xs" mb={8} aria-label="Loading the series" />}
      </Group>
      {error !== null ? (
        <ProblemAlert error={error} />
      ) : chosen.length === 0 ? (
        <Center h={height + 32}><Empty title="Choose a series to see it" /></Center>
      ) : mode === 'explore' && data === undefined ? (
        <Skeleton h={height + 120} />
      ) : mode === 'look' || data === undefined || shown.length === 0 ? (
        <LineChart label={`Preview of ${chosen.join(', ')}`} data={aligned} lines={lines} time={dataset.timeKind} scheme={scheme} height={height} />
      ) : (
        <Suspense fallback={<Skeleton h={height + 120} />}>
          <Explore dataset={dataset} field={field} names={shown} points={data} reduced={reduced} />
        </Suspense>
      )}
    </>
  );
}
