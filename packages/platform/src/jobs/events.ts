/** The events of one job, stored ones first, then live ones. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, jobEvent, type JobEvent, type JobState } from '@corrente/shared/contract/job';
import { statement, type Database } from '../database/database.ts';
import { createBell } from './bell.ts';
import type { JobFeed } from './feed.ts';

const pageSize = 500;
/** Notices held for a slow reader; beyond that they are dropped and read from the rows. */
const mostPending = 256;

interface StoredEvents {
  readonly state: JobState;
  readonly events: JobEvent[];
}

const storedEvents = statement<StoredEvents>(
  'stored-events',
  `select j.state, coalesce((select json_agg(json_build_object('seq', e.seq, 'type', e.type, 'data', e.data) order by e.seq)
     from (select seq, type, data from job_events where job_id = j.id and seq > $2 order by seq limit ${pageSize}) e), '[]') as events
   from jobs j where j.id = $1`,
);

/**
 * Yields events with a seq above `afterSeq`, ascending, up to the terminal one. Between two of them a progress event
 * may be missing (it was older than the newest of that kind, or the reader was slow), never one of another type.
 * Ends without an error when the signal aborts.
 * @throws CorrenteError `job-not-found`.
 */
export async function* followEvents(database: Database, feed: JobFeed, id: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<JobEvent, void, undefined> {
  let last = afterSeq;
  let pending: JobEvent[] = [];
  let mustRead = true;
  const bell = createBell(signal);

  const stop = feed.follow(id, ({ event }) => {
    if (!event || pending.length >= mostPending) {
      pending = [];
      mustRead = true;
    } else if (!mustRead) {
      // A slow reader needs the newest progress only.
      if (event.type === 'progress' && pending.at(-1)?.type === 'progress') pending.pop();
      pending.push(event);
    }
    bell.ring();
  });

  try {
    while (!signal.aborted) {
      bell.reset();
      if (mustRead) {
        // Cleared first: what is told while we read is read again or waits in `pending`.
        mustRead = false;
        const [stored] = await database.query(storedEvents, [id, last]);
        if (!stored) throw new CorrenteError('job-not-found', `There is no job ${id}.`);
        for (const event of stored.events) {
          last = event.seq;
          yield jobEvent.parse(event);
          if (isTerminal(event) || signal.aborted) return;
        }
        if (stored.events.length === pageSize) mustRead = true;
        else if (finalStates.has(stored.state)) return;
        continue;
      }
      const event = pending.shift();
      if (!event) {
        await bell.rung();
        continue;
      }
      if (event.seq <= last) continue;
      last = event.seq;
      yield event;
      if (isTerminal(event)) return;
    }
  } finally {
    stop();
    bell.close();
  }
}

/** Whether this event is the last of its job. */
export function isTerminal(event: Pick<JobEvent, 'type'>): boolean {
  return event.type === 'succeeded' || event.type === 'failed' || event.type === 'cancelled';
}
