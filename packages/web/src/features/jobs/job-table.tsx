import { Anchor, Progress, Table, Text, Tooltip } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { useState } from 'react';
import { Link } from 'react-router';
import { formatAgo, formatMilliseconds, formatMoment, shortId } from '../../lib/format.ts';
import { analysesQuery } from '../analyses/queries.ts';
import { datasetsQuery } from '../datasets/queries.ts';
import classes from './jobs.module.css';
import { StateBadge } from './state-badge.tsx';

/** Jobs with what they are doing; the times are told anew as they pass. */
export function JobTable({ jobs, label }: { jobs: readonly Job[]; label: string }) {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 5_000, { autoInvoke: true });
  const { data: analyses } = useQuery(analysesQuery);
  const { data: datasets } = useInfiniteQuery(datasetsQuery);
  const titles = new Map(analyses?.map(({ name, title }) => [name, title]));
  const names = new Map(datasets?.pages.flatMap((page) => page.items).map(({ id, name }) => [id, name]));
  return (
    <Table.ScrollContainer minWidth={620} type="native">
      <Table aria-label={label} verticalSpacing="xs" horizontalSpacing="md" highlightOnHover layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="31%">Analysis</Table.Th>
            <Table.Th w="22%">Data set</Table.Th>
            <Table.Th w="25%">State</Table.Th>
            <Table.Th w="10%">Engine</Table.Th>
            <Table.Th w="12%">Submitted</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <Table.Tr key={job.id}>
              <Table.Td>
                <Anchor component={Link} to={`/jobs/${job.id}`} fw={500} size="sm">{titles.get(job.analysis) ?? job.analysis}</Anchor>
                <Text size="xs" c="dimmed" component="div" truncate>{summary(job)}</Text>
              </Table.Td>
              <Table.Td><Text size="sm" truncate>{names.get(job.spec.input.dataset) ?? <span className="mono">{shortId(job.spec.input.dataset)}</span>}</Text></Table.Td>
              <Table.Td><StateCell job={job} /></Table.Td>
              <Table.Td>{job.engine?.name ?? '–'}</Table.Td>
              <Table.Td><Tooltip label={formatMoment(job.createdAt)}><span>{formatAgo(job.createdAt, now)}</span></Tooltip></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function StateCell({ job }: { job: Job }) {
  if (job.state === 'running') {
    return (
      <div className={classes['running']}>
        <Progress value={job.progress.fraction * 100} aria-label={`Progress of ${job.id}`} />
        <StateBadge state="running" />
      </div>
    );
  }
  const ran = job.timings.runMs;
  return (
    <>
      <StateBadge state={job.state} />
      {finalStates.has(job.state) && <Text span size="xs" c="dimmed" ml={8}>{job.cachedFrom !== null ? 'from a stored result' : job.state === 'failed' ? job.error?.title : ran === undefined ? '' : formatMilliseconds(ran)}</Text>}
    </>
  );
}

/** The few words by which one's own jobs are told apart. */
function summary({ spec }: Job): string {
  const { series, field, transform } = spec.input;
  const parts = [field, series === undefined ? 'all series' : series.length <= 3 ? series.join(', ') : `${series.length} series`, transform === 'none' ? undefined : transform];
  return parts.filter((part) => part !== undefined).join(' · ');
}
