/**
 * The periodic look for what no one else mends: leases that lapsed, queued jobs that the queue has lost, jobs whose
 * shares have ended without their being told, files that nobody names. Any process may run it, and running it again changes nothing; an advisory lock keeps it to one at a
 * time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { statement, type Database } from '../database/database.ts';
import { lockSpace } from '../database/migrate.ts';
import type { JobQueue } from '../platform.ts';
import { sweepDueFolders } from '../results/sweep.ts';
import { giveUpLapsed } from './attempt.ts';
import { settleParent } from './settle.ts';
import { unsettledParents } from './shares.ts';

const reconcilerLock = 2;

/** Rows checked against the queue in one pass. */
const checksPerPass = 200;

export interface ReconcilerParts {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly resultsFolder: string;
  readonly log: Logger;
}

export interface ReconcilerTimes {
  /** Between two looks at whether the queue has a queued row, and before the first. */
  readonly checkAfterMs: number;
  /** How long an attempt that was given up may still write before its files are removed. */
  readonly sweepAfterMs: number;
}

export interface Reconciled {
  readonly lapsed: number;
  readonly requeued: number;
  readonly swept: number;
}

const tryLock = statement<{ locked: boolean }>('reconciler-lock', 'select pg_try_advisory_xact_lock($1, $2) as locked');

/** Takes rows whose look is due and puts them at the end of the line. */
const dueChecks = statement<{ id: string; attempt: number; priority: number }>(
  'reconciler-due',
  `update jobs set checked_at = clock_timestamp() where id in (
     select id from jobs where state = 'queued' and checked_at < clock_timestamp() - $1 * interval '1 millisecond' order by checked_at limit ${checksPerPass} for update skip locked
   ) returning id, attempt, priority`,
);

/** One pass. Null where another process is at it. */
export async function reconcile({ database, queue, resultsFolder, log }: ReconcilerParts, times: ReconcilerTimes): Promise<Reconciled | null> {
  const found = await database.transaction(async (queries) => {
    const [lock] = await queries.query(tryLock, [lockSpace, reconcilerLock]);
    if (!lock?.locked) return null;
    return { lapsed: await giveUpLapsed(queries), due: await queries.query(dueChecks, [times.checkAfterMs]) };
  });
  if (!found) return null;

  // From here on every step may be done by two at once without harm.
  for (const job of found.lapsed) {
    log.warn({ job: job.id, attempt: job.attempt, state: job.state }, 'the worker of a job was lost');
    if (job.state === 'queued') await queue.add(job.id, job.priority, job.attempt);
  }
  for (const parent of await unsettledParents(database)) await settleParent({ database, queue, log }, parent);
  let requeued = 0;
  for (const job of found.due) {
    if (await queue.has(job.id, job.attempt)) continue;
    await queue.add(job.id, job.priority, job.attempt);
    requeued += 1;
    log.warn({ job: job.id }, 'the queue had lost a job; it was added again');
  }
  const swept = await sweepDueFolders(database, resultsFolder, times.sweepAfterMs);
  return { lapsed: found.lapsed.length, requeued, swept };
}

/** Runs `reconcile` again and again until closed; `close` waits for the pass that runs. */
export function startReconciler(parts: ReconcilerParts, everyMs: number): { close(): Promise<void> } {
  const stopping = new AbortController();
  const times = { checkAfterMs: Math.max(1000, 2 * everyMs), sweepAfterMs: 30_000 };

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      // A little chance in the pause keeps processes that started together from meeting every time.
      await sleep(everyMs * (0.75 + Math.random() / 2), undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await reconcile(parts, times).catch((error: unknown) => parts.log.warn({ err: error }, 'the reconciler will try again'));
    }
  }

  const running = loop();
  return {
    async close() {
      stopping.abort();
      await running;
    },
  };
}
