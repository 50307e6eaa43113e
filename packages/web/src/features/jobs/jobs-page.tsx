import { Button, Group, Select, Skeleton } from '@mantine/core';
import { ShowOlder } from '../../components/show-older.tsx';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { jobStates } from '@corrente/shared/contract/job';
import { Link, useSearchParams } from 'react-router';
import { NewIcon } from '../../app/icons.tsx';
import { Empty, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { analysesQuery } from '../analyses/queries.ts';
import { datasetsQuery } from '../datasets/queries.ts';
import { JobTable } from './job-table.tsx';
import { jobsQuery, type JobFilter } from './queries.ts';

/** The filter stands in the address: it can be kept and sent to others. */
export function JobsPage() {
  const [search, setSearch] = useSearchParams();
  const filter: JobFilter = {
    state: jobStates.find((state) => state === search.get('state')),
    analysis: search.get('analysis') ?? undefined,
    dataset: search.get('dataset') ?? undefined,
  };
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(jobsQuery(filter));
  const { data: analyses } = useQuery(analysesQuery);
  const { data: datasets } = useInfiniteQuery(datasetsQuery);
  const jobs = data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const set = (key: string, value: string | null) =>
    setSearch((before) => {
      const next = new URLSearchParams(before);
      if (value === null) next.delete(key);
      else next.set(key, value);
      return next;
    });

  return (
    <Page title="Jobs" actions={<Button component={Link} to="/new" leftSection={<NewIcon size={14} />}>New analysis</Button>}>
      <Group gap="sm" role="group" aria-label="Filters">
        <Select label="State" placeholder="Any" clearable size="xs" w={140} data={[...jobStates]} value={filter.state ?? null} onChange={(value) => set('state', value)} />
        <Select label="Analysis" placeholder="Any" clearable size="xs" w={180} data={(analyses ?? []).map(({ name, title }) => ({ value: name, label: title }))} value={filter.analysis ?? null} onChange={(value) => set('analysis', value)} />
        <Select label="Data set" placeholder="Any" clearable searchable limit={60} size="xs" w={220} data={(datasets?.pages.flatMap((page) => page.items) ?? []).map(({ id, name }) => ({ value: id, label: name }))} value={filter.dataset ?? null} onChange={(value) => set('dataset', value)} />
      </Group>
      <Panel flush>
        {error !== null ? (
          <div style={{ padding: '1rem' }}><ProblemAlert error={error} /></div>
        ) : isPending ? (
          <Skeleton h={220} m="md" w="auto" />
        ) : jobs.length === 0 ? (
          filtered ? <Empty title="No job fits these filters" /> : <Empty title="No job yet"><Link to="/new">Submit an analysis</Link>, and it appears here.</Empty>
        ) : (
          <JobTable jobs={jobs} label="Jobs" />
        )}
      </Panel>
      <ShowOlder {...{ hasNextPage, isFetchingNextPage, fetchNextPage }} />
    </Page>
  );
}
