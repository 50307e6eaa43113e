import { Anchor, Skeleton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Empty, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ImportPanel } from '../datasets/import-panel.tsx';
import { JobTable } from '../jobs/job-table.tsx';
import { jobsQuery } from '../jobs/queries.ts';

const recent = 8;

export function HomePage() {
  const { data, error, isPending } = useInfiniteQuery(jobsQuery({}, recent));
  const jobs = data?.pages[0]?.items ?? [];
  return (
    <Page title="Many time series, analysed at once" lead="Import a file, choose an analysis, and read its result while it is being computed.">
      <ImportPanel />
      <Panel title="Recent jobs" aside={jobs.length > 0 && <Anchor component={Link} to="/jobs" size="sm">All jobs</Anchor>} flush>
        {error !== null ? (
          <div style={{ padding: '1rem' }}><ProblemAlert error={error} /></div>
        ) : isPending ? (
          <Skeleton h={180} m="md" w="auto" />
        ) : jobs.length === 0 ? (
          <Empty title="No job yet">Import a file above, or <Link to="/new">choose an analysis</Link> of a data set that is there.</Empty>
        ) : (
          <JobTable jobs={jobs} label="Recent jobs" />
        )}
      </Panel>
    </Page>
  );
}
