/** Rows and queue together: what was decided in the rows is put into the queue, or taken out of it. */
import type { JobState } from '@corrente/shared/contract/job';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { JobQueue } from '../platform.ts';
import { cancelSharesOf, settle } from './shares.ts';

interface Parts {
  readonly queue: JobQueue;
  readonly log: Logger;
}

/** A queue that does not answer delays the job (the reconciler adds it), and fails nothing. */
export async function enqueue({ queue, log }: Parts, job: { id: string; priority: number; attempt: number }): Promise<void> {
  await queue.add(job.id, job.priority, job.attempt).catch((error: unknown) => log.warn({ err: error, job: job.id }, 'the queue did not take a job; it is added later'));
}

/** An entry that stays is delivered and finds its job ended. */
export async function unqueue({ queue, log }: Parts, job: { id: string; attempt: number }): Promise<void> {
  await queue.remove(job.id, job.attempt).catch((error: unknown) => log.warn({ err: error, job: job.id }, 'the queue keeps an entry of a cancelled job'));
}

/** What follows for a job from the states of its shares, and for them from its own; twice is the same as once. */
export async function settleParent(parts: Parts & { readonly database: Database }, parent: string): Promise<void> {
  const { database } = parts;
  const queued = await settle(database, parent);
  if (queued) return enqueue(parts, queued);
  const told: Array<{ id: string; state: JobState; attempt: number }> = await cancelSharesOf(database, parent);
  for (const share of told) if (share.state === 'cancelled') await unqueue(parts, share);
}
