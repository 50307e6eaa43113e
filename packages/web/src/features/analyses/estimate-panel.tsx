import { Button, Text } from '@mantine/core';
import type { JobEstimate } from '@corrente/shared/contract/job';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/page.tsx';
import { ProblemAlert, Problems } from '../../components/problem-alert.tsx';
import { formatBytes, formatCount, formatMilliseconds } from '../../lib/format.ts';

export interface EstimatePanelProps {
  readonly estimate: JobEstimate | undefined;
  readonly stale: boolean;
  /** Why the spec is refused as it stands; what belongs to a field is shown there as well. */
  readonly error: Error | null;
  readonly submitting: boolean;
  readonly ready: boolean;
}

/** What the job would take, before it is submitted. */
export function EstimatePanel({ estimate, stale, error, submitting, ready }: EstimatePanelProps) {
  const answer = error === null ? estimate : undefined;
  // A refusal that came before the figures leaves these at zero.
  const shown = answer?.refused != null && answer.rows === 0 ? undefined : answer;
  const figures = [
    ['Series', shown && formatCount(shown.series)],
    ['Rows', shown && formatCount(shown.rows)],
    ['Memory', shown && formatBytes(shown.memoryBytes)],
    ['Time', shown && `about ${formatMilliseconds(shown.seconds * 1000)}`],
    ['Engine', shown && (shown.engine?.name ?? (shown.refused === null ? 'no worker is alive' : undefined))],
  ] as const;
  return (
    <>
      <Panel title="Estimate">
        <Facts label="Estimate" figures stale={stale} facts={figures.map(([term, text]) => [term, text ?? '–'])} />
        <Text size="xs" c="dimmed" mt={6} mih="1.4em">{shown?.engine?.device ?? ''}</Text>
        <Button type="submit" fullWidth mt="sm" loading={submitting} disabled={!ready}>
          Run the analysis
        </Button>
      </Panel>
      {error !== null ? <ProblemAlert error={error} /> : answer?.refused != null && <Problems problem={answer.refused} />}
    </>
  );
}
