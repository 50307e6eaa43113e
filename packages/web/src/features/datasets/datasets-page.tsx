import { Anchor, Skeleton, Table } from '@mantine/core';
import { ShowOlder } from '../../components/show-older.tsx';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { Link } from 'react-router';
import { Empty, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatBound, formatBytes, formatCount, formatMoment } from '../../lib/format.ts';
import classes from './datasets-page.module.css';
import { ImportPanel } from './import-panel.tsx';
import { datasetsQuery } from './queries.ts';

export function DatasetsPage() {
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(datasetsQuery);
  const datasets = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Data sets" lead="Files as they were imported. A data set never changes: the same content is the same data set.">
      <ImportPanel />
      <Panel title="Imported" flush>
        {error !== null ? (
          <div style={{ padding: '1rem' }}><ProblemAlert error={error} /></div>
        ) : isPending ? (
          <Skeleton h={140} m="md" w="auto" />
        ) : datasets.length === 0 ? (
          <Empty title="No data set yet">Drop a file above: it is read, checked, and reported on.</Empty>
        ) : (
          <DatasetTable datasets={datasets} />
        )}
      </Panel>
      <ShowOlder {...{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </Page>
  );
}

function DatasetTable({ datasets }: { datasets: readonly Dataset[] }) {
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table aria-label="Data sets" verticalSpacing="xs" horizontalSpacing="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th ta="right">Series</Table.Th>
            <Table.Th ta="right" className={classes['unbroken']}>Time points</Table.Th>
            <Table.Th>Range</Table.Th>
            <Table.Th>Frequency</Table.Th>
            <Table.Th ta="right">Size</Table.Th>
            <Table.Th>Imported</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.map((dataset) => (
            <Table.Tr key={dataset.id}>
              <Table.Td className={classes['name']}><Anchor component={Link} to={`/datasets/${dataset.id}`} fw={500} size="sm">{dataset.name}</Anchor></Table.Td>
              <Table.Td ta="right">{formatCount(dataset.series.length)}</Table.Td>
              <Table.Td ta="right">{formatCount(dataset.timePoints)}</Table.Td>
              <Table.Td>
                {dataset.from === null || dataset.to === null || dataset.timeKind === 'index' ? 'row numbers' : <><span className={classes['unbroken']}>{formatBound(dataset.from)} –</span> <span className={classes['unbroken']}>{formatBound(dataset.to)}</span></>}
              </Table.Td>
              <Table.Td className={classes['unbroken']}>{dataset.report.frequency?.label ?? '–'}</Table.Td>
              <Table.Td ta="right" className={classes['unbroken']}>{formatBytes(dataset.bytes)}</Table.Td>
              <Table.Td className={classes['unbroken']} title={formatMoment(dataset.createdAt)}>{formatMoment(dataset.createdAt).split(',')[0]}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
