import type { Dataset } from '@corrente/shared/contract/dataset';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { Link } from 'react-router';
import { Facts, type Fact } from '../../components/facts.tsx';
import { formatMilliseconds, formatMoment, shortId } from '../../lib/format.ts';

/** Which engine ran and why, and where the time went. */
export function JobFacts({ job, dataset }: { job: Job; dataset: Dataset | undefined }) {
  const { engine, timings } = job;
  const parts = [
    ['reading', timings.readMs],
    ['computing', timings.computeMs],
    ['storing', timings.storeMs],
  ] as const;
  const spent = parts.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${formatMilliseconds(ms)}`])).join(', ');
  const facts: readonly Fact[] = [
    ['Data set', <Link key="dataset" to={`/datasets/${job.spec.input.dataset}`}>{dataset?.name ?? <span className="mono">{job.spec.input.dataset}</span>}</Link>],
    ...(['a', 'b'] as const).flatMap((side) => (job.spec.input.results === undefined || job.spec.input.results[side].length === 0 ? [] : [[`Results ${side}`, <Results key={side} ids={job.spec.input.results[side]} />] as const])),
    ['Engine', engine === null ? (finalStates.has(job.state) ? 'none was chosen' : 'not chosen yet') : `${engine.name}, ${engine.precision}: ${engine.device}`],
    ...(engine === null ? [] : [['Why', engine.reason] as const]),
    ...(timings.queuedMs === undefined ? [] : [['Waited', formatMilliseconds(timings.queuedMs)] as const]),
    ...(timings.runMs === undefined ? [] : [['Ran', `${formatMilliseconds(timings.runMs)}${spent === '' ? '' : `: ${spent}`}`] as const]),
    ...(job.finishedAt === null ? [] : [['Ended', formatMoment(job.finishedAt)] as const]),
    ...(job.attempt > 1 ? [['Attempts', String(job.attempt)] as const] : []),
    ...(job.retryOf === null ? [] : [['Retry of', <Link key="retry" to={`/jobs/${job.retryOf}`} className="mono">{job.retryOf}</Link>] as const]),
  ];
  return <Facts facts={facts} />;
}

/** Links to the jobs whose results were read. */
function Results({ ids }: { ids: readonly string[] }) {
  return (
    <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: '0 0.6rem' }}>
      {ids.map((id, place) => (
        <Link key={`${place} ${id}`} to={`/jobs/${id}`} className="mono" title={id}>{shortId(id)}</Link>
      ))}
    </span>
  );
}
