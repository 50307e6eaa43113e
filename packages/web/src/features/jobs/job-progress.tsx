import { Group, Progress, Text } from '@mantine/core';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Panel } from '../../components/page.tsx';
import { formatMilliseconds } from '../../lib/format.ts';

/** What the job is doing, or how it ended: as high before as after, so that nothing below it moves. */
export function JobProgressPanel({ job, connected }: { job: Job; connected: boolean }) {
  const waiting = job.state === 'queued';
  const ended = finalStates.has(job.state);
  const { stage } = job.progress;
  const heading = ended ? job.state : stage;
  const ran = job.timings.runMs;
  const figure = ended ? (ran === undefined ? '' : formatMilliseconds(ran)) : waiting ? '' : `${Math.floor(job.progress.fraction * 100)} %`;
  return (
    <Panel label="Progress">
      <Group justify="space-between" mb={8} gap="xs" wrap="nowrap">
        <Text size="sm" fw={500} role="status" aria-label="Stage">{heading.charAt(0).toUpperCase()}{heading.slice(1)}</Text>
        <Text size="sm">{figure}</Text>
      </Group>
      <Progress value={waiting ? 100 : ended && job.state === 'succeeded' ? 100 : Math.max(1, job.progress.fraction * 100)} striped={waiting} animated={waiting} color={barColour(job)} transitionDuration={150} aria-label="Progress of the job" />
      <Text size="xs" c="dimmed" mt={8} mih="1.4em" component="div">
        {connected || ended ? words(job) : 'The server does not answer; trying again. The job goes on without this page.'}
      </Text>
    </Panel>
  );
}

function barColour({ state }: Job): string | undefined {
  if (state === 'queued' || state === 'cancelled') return 'gray';
  return state === 'failed' ? 'red' : undefined;
}

function words(job: Job): ReactNode {
  // A shared job is started once more when its shares have ended, with no worker lost.
  const again = job.attempt > (job.shares === undefined ? 1 : 2) ? ` Attempt ${job.attempt}: a worker was lost, and the job took up from what it had stored.` : '';
  switch (job.state) {
    case 'queued':
    case 'running':
      return `${job.progress.message}${again}`;
    case 'succeeded':
      if (job.cachedFrom !== null) return <>Nothing had to be computed: <Link to={`/jobs/${job.cachedFrom}`}>an identical job</Link> had stored this result.</>;
      return job.engine === null ? '' : `On ${job.engine.name}: ${job.engine.device}. Engine ${job.engine.reason.replace(/\.$/, '')}.${again}`;
    case 'failed':
    case 'cancelled':
      return job.tables.some((table) => table.rows > 0) ? 'What it had stored by then is below.' : 'It had stored nothing by then.';
  }
}
