import { Button, CopyButton } from '@mantine/core';
import type { JobSpec } from '@corrente/shared/contract/job';
import { CopyIcon } from '../../app/icons.tsx';
import { Panel } from '../../components/page.tsx';
import classes from './jobs.module.css';

/** The spec as it would be submitted over HTTP. */
export function JobSpecPanel({ spec }: { spec: JobSpec }) {
  const text = JSON.stringify(spec, null, 2);
  return (
    <Panel
      title="Spec"
      aside={
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="compact-xs" variant="subtle" leftSection={<CopyIcon size={13} />} onClick={copy}>
              {copied ? 'Copied' : 'Copy as JSON'}
            </Button>
          )}
        </CopyButton>
      }
    >
      <div className={classes['spec']}>
        <pre className="mono" tabIndex={0} aria-label="Spec as JSON">{abbreviated(spec)}</pre>
      </div>
    </Panel>
  );
}

/** Hundreds of series in a line each would push everything else out of sight; the copy has them all. */
function abbreviated(spec: JobSpec): string {
  const { series } = spec.input;
  const shown = series === undefined || series.length <= 12 ? spec : { ...spec, input: { ...spec.input, series: [...series.slice(0, 10), `… ${series.length - 10} more`] } };
  return JSON.stringify(shown, null, 2).replace(/\[\s+("[^\]]*?")\s+\]/g, (_all, items: string) => `[${items.replaceAll(/\s+/g, ' ')}]`);
}
