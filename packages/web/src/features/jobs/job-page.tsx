import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Job } from '@corrente/shared/contract/job';
import { lazy, Suspense } from 'react';
import { useParams } from 'react-router';
import { Page, Panel } from '../../components/page.tsx';
import { ProblemAlert, Problems } from '../../components/problem-alert.tsx';
import { formatMoment } from '../../lib/format.ts';
import { analysesQuery } from '../analyses/queries.ts';
import { datasetQuery } from '../datasets/queries.ts';
import { JobActions } from './job-actions.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobProgressPanel } from './job-progress.tsx';
import classes from './jobs.module.css';
import { StateBadge } from './state-badge.tsx';
import { JobSpecPanel } from './job-spec.tsx';
import { useLiveJob } from './use-live-job.ts';
import { whenReachable } from '../../lib/when-reachable.ts';

const ResultPanel = lazy(async () => ({ default: (await whenReachable(() => import('../results/result-panel.tsx'))).ResultPanel }));

export function JobPage() {
  const { id = '' } = useParams();
  const { job, error, log, connected } = useLiveJob(id);
  if (job === undefined) return <Page title="Job">{error === null ? <><Skeleton h={110} /><Skeleton h={320} /></> : <ProblemAlert error={error} />}</Page>;
  return <JobView key={id} job={job} log={log} connected={connected && error === null} />;
}

function JobView({ job, log, connected }: { job: Job; log: ReturnType<typeof useLiveJob>['log']; connected: boolean }) {
  const { data: analyses } = useQuery(analysesQuery);
  const { data: dataset } = useQuery({ ...datasetQuery(job.spec.input.dataset), retry: false });
  const title = analyses?.find(({ name }) => name === job.analysis)?.title ?? job.analysis;
  return (
    <Page
      title={dataset === undefined ? title : `${title} of ${dataset.name}`}
      lead={<span style={{ display: 'inline-flex', gap: '0.9rem', flexWrap: 'wrap', alignItems: 'center' }}><StateBadge state={job.state} /><span>Submitted {formatMoment(job.createdAt)}</span><span className="mono">{job.id}</span></span>}
      actions={<JobActions job={job} />}
    >
      <JobProgressPanel job={job} connected={connected} />
      {job.state === 'failed' && job.error !== null && <Problems problem={job.error} />}
      {job.tables.length > 0 && (
        <Suspense fallback={<Skeleton h={420} />}>
          <ResultPanel job={job} />
        </Suspense>
      )}
      <div className={classes['columns']}>
        <Panel title="Run">
          <JobFacts job={job} dataset={dataset} />
          {log.length > 0 && (
            <ul className={classes['log']} aria-label="Log" style={{ marginTop: '0.9rem' }}>
              {log.map((line) => (
                <li key={line.seq} data-level={line.level}>{line.message}</li>
              ))}
            </ul>
          )}
        </Panel>
        <JobSpecPanel spec={job.spec} />
      </div>
    </Page>
  );
}
