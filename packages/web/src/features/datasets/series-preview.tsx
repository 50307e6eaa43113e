/** Some series of a data set over its whole range, four points per pixel column. */
import { Center, Group, Loader, MultiSelect, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { useMemo, useState } from 'react';
import { useScheme } from '../../app/use-scheme.ts';
import { LineChart } from '../../charts/line-chart/line-chart.tsx';
import { Empty } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { alignLines } from '../results/align-lines.ts';
import { seriesQuery } from './queries.ts';

const most = 8;
const points = 1200;
const height = 300;

export function SeriesPreview({ dataset }: { dataset: Dataset }) {
  const scheme = useScheme();
  const [field, setField] = useState(() => (dataset.fields.includes('close') ? 'close' : dataset.fields[0]!));
  const [chosen, setChosen] = useState<string[]>(() => dataset.series.slice(0, 1));
  const { data, error, isFetching } = useQuery({ ...seriesQuery(dataset.id, { field, series: chosen, points }), enabled: chosen.length > 0, placeholderData: (before) => before });
  const shown = useMemo(() => chosen.filter((name) => data?.has(name)), [chosen, data]);
  const lines = useMemo(() => shown.map((name) => ({ name })), [shown]);
  const aligned = useMemo(() => alignLines(shown.map((name) => data!.get(name)!), dataset.timeKind), [shown, data, dataset.timeKind]);
  return (
    <>
      <Group gap="sm" mb="md" align="flex-end">
        {dataset.fields.length > 1 && <Select label="Field" size="xs" w={140} data={dataset.fields} value={field} onChange={(value) => setField(value ?? field)} allowDeselect={false} />}
        <MultiSelect label="Series" size="xs" maw={560} style={{ flex: 1 }} searchable limit={60} maxValues={most} data={dataset.series} value={chosen} onChange={setChosen} placeholder={chosen.length === 0 ? 'Type a name' : ''} nothingFoundMessage="No series has this name" />
        {isFetching && <Loader size="xs" mb={8} aria-label="Loading the series" />}
      </Group>
      {error !== null ? (
        <ProblemAlert error={error} />
      ) : chosen.length === 0 ? (
        <Center h={height + 32}><Empty title="Choose a series to see it" /></Center>
      ) : (
        <LineChart label={`Preview of ${chosen.join(', ')}`} data={aligned} lines={lines} time={dataset.timeKind} scheme={scheme} height={height} />
      )}
    </>
  );
}
