import { Group, Progress, Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { Panel } from '../../components/page.tsx';

/** What the job is doing now. */
export function JobProgressPanel({ job, connected }: { job: Job; connected: boolean }) {
  const { fraction, stage, message } = job.progress;
  const percent = Math.floor(fraction * 100);
  const waiting = job.state === 'queued';
  return (
    <Panel>
      <Group justify="space-between" mb={8} gap="xs" wrap="nowrap">
        <Text size="sm" fw={500} role="status" aria-label="Stage">{stage[0]?.toUpperCase()}{stage.slice(1)}</Text>
        <Text size="sm">{waiting ? '' : `${percent} %`}</Text>
      </Group>
      <Progress value={waiting ? 100 : Math.max(1, fraction * 100)} striped={waiting} animated={waiting} color={waiting ? 'gray' : undefined} transitionDuration={150} aria-label="Progress of the job" />
      <Text size="xs" c="dimmed" mt={8} mih="1.2em">
        {connected ? message : 'The server does not answer; trying again. The job goes on without this page.'}
        {job.attempt > 1 && ` Attempt ${job.attempt}: a worker was lost, and the job took up from what it had stored.`}
      </Text>
    </Panel>
  );
}
