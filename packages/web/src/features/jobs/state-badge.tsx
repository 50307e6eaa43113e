import type { JobState } from '@corrente/shared/contract/job';
import classes from './jobs.module.css';

/** The state as a word, with a mark that differs in shape too. */
export function StateBadge({ state }: { state: JobState }) {
  return (
    <span className={classes['state']} data-state={state}>
      <svg width="9" height="9" viewBox="0 0 10 10" aria-hidden="true">
        {state === 'queued' && <circle cx="5" cy="5" r="3.8" fill="none" stroke="currentColor" strokeWidth="1.6" />}
        {state === 'running' && <circle cx="5" cy="5" r="4.4" fill="currentColor" />}
        {state === 'succeeded' && <path d="M1.2 5.4 4 8.2 8.8 2.2" fill="none" stroke="currentColor" strokeWidth="2" />}
        {state === 'failed' && <path d="M1.6 1.6 8.4 8.4M8.4 1.6 1.6 8.4" fill="none" stroke="currentColor" strokeWidth="2" />}
        {state === 'cancelled' && <rect x="1.4" y="1.4" width="7.2" height="7.2" fill="currentColor" />}
      </svg>
      {state}
    </span>
  );
}
