/** The jobs: what `platform.ts` promises, put together from the statements beside this file. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobState } from '@corrente/shared/contract/job';
import type { Logger } from 'pino';
import { statement, type Database } from '../database/database.ts';
import type { Claim, JobQueue, JobStore, StoredPart } from '../platform.ts';
import { storageError } from '../results/storage-error.ts';
import { sweepFolder } from '../results/sweep.ts';
import * as attempt from './attempt.ts';
import { batched } from './batcher.ts';
import { followEvents } from './events.ts';
import { cancelChannel, type JobFeed } from './feed.ts';
import { ProgressThrottle } from './progress-throttle.ts';
import { countJobs, jobNotFound, listJobs, readJobs } from './read.ts';
import { submitJob, submittedJob } from './submit.ts';

export interface JobStoreParts {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly feed: JobFeed;
  readonly resultsFolder: string;
  readonly log: Logger;
}

/** Queued jobs end here; of running ones the worker is asked, by a notice and by the row that `renew` reads. */
const cancelJob = statement<{ id: string; state: JobState; attempt: number }>(
  'cancel-job',
  `with j as (
     update jobs set cancel_requested = true,
       state = case when state = 'queued' then 'cancelled' else state end,
       finished_at = case when state = 'queued' then clock_timestamp() end,
       last_seq = last_seq + case when state = 'queued' then 1 else 0 end
     where id = $1 and state in ('queued', 'running') returning id, state, attempt, last_seq
   )
   select id, state, attempt, case state when 'cancelled' then emit_job_event(id, last_seq, 'cancelled', '{}') end,
     case state when 'running' then pg_notify('${cancelChannel}', id) end
   from j`,
);

/** The folders that the job's parts lie in are noted before the rows go, in the same transaction. */
const noteSweeps = statement<{ owner: string }>(
  'note-sweeps',
  `insert into job_sweeps (owner) select $1 union select owner from job_parts where job_id = $1 on conflict (owner) do update set since = clock_timestamp() returning owner`,
);
const deleteJob = statement<{ id: string }>('delete-job', `delete from jobs where id = $1 and state in ('succeeded', 'failed', 'cancelled') returning id`);

export function createJobStore(parts: JobStoreParts): JobStore & { close(): void } {
  const { database, queue, feed, resultsFolder, log } = parts;
  const throttle = new ProgressThrottle(
    (claim, progress) => attempt.progress(database, claim, progress),
    (error) => log.warn({ err: error }, 'progress was not stored'),
  );
  const getBatched = batched((ids: readonly string[]) => readJobs(database, ids));

  /** What ends an attempt: the progress that waits would come too late. */
  async function ending<T>(claim: Claim, end: () => Promise<T>): Promise<T> {
    throttle.drop(claim);
    return end();
  }

  async function get(id: string) {
    return (await readJobs(database, [id])).get(id) ?? null;
  }

  return {
    submit: (spec, options) => submitJob({ database, queue, log }, spec, options),
    submitted: (idempotencyKey, spec) => submittedJob(database, idempotencyKey, spec),
    get,
    getBatched,
    counts: () => countJobs(database),
    list: (filter) => listJobs(database, filter),

    async cancel(id) {
      const [touched] = await database.query(cancelJob, [id]);
      const job = await get(id);
      if (!job) throw jobNotFound(id);
      if (!touched) throw new CorrenteError('job-final', `Job ${id} has already ended (${job.state}) and cannot be cancelled.`);
      if (touched.state === 'cancelled') {
        await queue.remove(id, touched.attempt).catch((error: unknown) => log.warn({ err: error, job: id }, 'the queue keeps an entry of a cancelled job'));
      }
      return job;
    },

    async delete(id) {
      const owners = await database.transaction(async (queries) => {
        const noted = await queries.query(noteSweeps, [id]);
        const [deleted] = await queries.query(deleteJob, [id]);
        if (deleted) return noted.map(({ owner }) => owner);
        const job = await get(id);
        if (!job) throw jobNotFound(id);
        throw new CorrenteError('job-not-final', `Job ${id} is ${job.state}; only a job that has ended can be deleted.`);
      });
      for (const owner of owners) {
        await sweepFolder(database, resultsFolder, owner).catch((error: unknown) => log.warn({ err: error, job: owner }, 'files of a deleted job are removed later'));
      }
    },

    claim: (id, worker, leaseMs) => attempt.claim(database, id, worker, leaseMs),
    renew: (claim, leaseMs) => attempt.renew(database, claim, leaseMs),
    progress: (claim, progress) => throttle.push(claim, progress),
    log: (claim, level, message) => attempt.log(database, claim, level, message),
    begin: (claim, engine, tables) => attempt.begin(database, claim, engine, tables),

    async storeStep(claim, step, stored) {
      await checkParts(resultsFolder, claim, stored);
      await throttle.settle(claim);
      return attempt.storeStep(database, claim, step, stored);
    },

    succeed: (claim, timings, identity) => ending(claim, () => attempt.succeed(database, claim, timings, identity)),
    succeedFromCache: (claim, identity) => ending(claim, () => database.transaction((queries) => attempt.succeedFromCache(queries, claim, identity))),
    fail: (claim, error) => ending(claim, () => attempt.fail(database, claim, error)),
    cancelled: (claim) => ending(claim, () => attempt.cancelled(database, claim)),

    async release(claim, reason, { orderly = false } = {}) {
      const given = await ending(claim, () => attempt.release(database, claim, reason, orderly));
      if (given?.state === 'queued') {
        await queue.add(given.id, given.priority, given.attempt).catch((error: unknown) => log.warn({ err: error, job: given.id }, 'the queue did not take a job back; it is added later'));
      }
      return given === null || given.state === 'cancelled' ? null : given.state;
    },

    onCancel: (listener) => feed.onCancel(listener),
    events: (id, afterSeq, signal) => followEvents(database, feed, id, afterSeq, signal),

    async tables(id) {
      const job = await get(id);
      return job ? job.tables : null;
    },

    close: () => throttle.close(),
  };
}

/**
 * Parts must lie in the attempt's own folder, and hold what was said: a part cut short by a full disk must not become
 * part of a result.
 */
async function checkParts(folder: string, claim: Claim, parts: readonly StoredPart[]): Promise<void> {
  const own = `${claim.job.id}/${claim.attempt}/`;
  await Promise.all(
    parts.map(async ({ path, bytes }) => {
      if (!path.startsWith(own) || !/^\w[\w.-]*$/.test(path.slice(own.length))) {
        throw new CorrenteError('internal', `A part lies at ${JSON.stringify(path)}; expected a file in ${own}.`);
      }
      const { size } = await stat(join(folder, path)).catch((error: unknown) => {
        throw storageError(error, path);
      });
      if (size !== bytes) throw new CorrenteError('internal', `The part ${path} has ${size} bytes; expected ${bytes}.`);
    }),
  );
}
