import { Button, Text } from '@mantine/core';
import type { JobEstimate } from '@corrente/shared/contract/job';
import { Panel } from '../../components/page.tsx';
import { ProblemAlert, Problems } from '../../components/problem-alert.tsx';
import { formatBytes, formatCount, formatMilliseconds } from '../../lib/format.ts';
import classes from './new-analysis.module.css';

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
  const value = (text: string | undefined) => <dd style={{ opacity: stale ? 0.5 : 1 }}>{text ?? '–'}</dd>;
  return (
    <>
      <Panel title="Estimate">
        <dl className={classes['estimate']} aria-label="Estimate" aria-live="polite">
          <dt>Series</dt>
          {value(shown && formatCount(shown.series))}
          <dt>Rows</dt>
          {value(shown && formatCount(shown.rows))}
          <dt>Memory</dt>
          {value(shown && formatBytes(shown.memoryBytes))}
          <dt>Time</dt>
          {value(shown && `about ${formatMilliseconds(shown.seconds * 1000)}`)}
          <dt>Engine</dt>
          {value(shown && (shown.engine?.name ?? (shown.refused === null ? 'no worker is alive' : undefined)))}
        </dl>
        <Text size="xs" c="dimmed" mt={6} mih="1.4em">{shown?.engine?.device ?? ''}</Text>
        <Button type="submit" fullWidth mt="sm" loading={submitting} disabled={!ready}>
          Run the analysis
        </Button>
      </Panel>
      {error !== null ? <ProblemAlert error={error} /> : answer?.refused != null && <Problems problem={answer.refused} />}
    </>
  );
}
