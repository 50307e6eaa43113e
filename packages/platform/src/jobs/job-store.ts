/** The jobs: what `platform.ts` promises, put together from the statements beside this file. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type JobProgress, type JobState } from '@corrente/shared/contract/job';
import type { Logger } from 'pino';
import { statement, type Database, type Queries } from '../database/database.ts';
import type { Claim, JobQueue, JobStore, StoredPart } from '../platform.ts';
import { storageError } from '../results/storage-error.ts';
import { sweepFolder } from '../results/sweep.ts';
import * as attempt from './attempt.ts';
import { batched } from './batcher.ts';
import { enqueue, settleParent, unqueue } from './settle.ts';
import { followEvents } from './events.ts';
import { cancelChannel, type JobFeed } from './feed.ts';
import { checkInputs, inputsOf, refuseReadResult } from './inputs.ts';
import { LatestThrottle } from './latest-throttle.ts';
import { countJobs, jobNotFound, listJobs, readJobs } from './read.ts';
import { parentProgress, shareOut } from './shares.ts';
import * as steps from './steps.ts';
import { submitJob, submittedJob } from './submit.ts';

export interface JobStoreParts {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly feed: JobFeed;
  readonly resultsFolder: string;
  readonly log: Logger;
}

/** Milliseconds between two stores of what comes often. Progress of shares is added up less often than it comes. */
const progressEveryMs = 100;
const parentProgressEveryMs = 400;
const checkpointEveryMs = 500;

/** Jobs that no worker holds end here; of others the worker is asked, by a notice and by the row that `renew` reads. */
const cancelJob = statement<{ id: string; state: JobState; attempt: number }>(
  'cancel-job',
  `with j as (
     update jobs set cancel_requested = true,
       state = case when worker is null then 'cancelled' else state end, waiting = false,
       finished_at = case when worker is null then clock_timestamp() end,
       last_seq = last_seq + case when worker is null then 1 else 0 end
     where id = $1 and state in ('queued', 'running') and parent_id is null returning id, state, attempt, last_seq
   )
   select id, state, attempt, case state when 'cancelled' then emit_job_event(id, last_seq, 'cancelled', '{}') end,
     case state when 'running' then pg_notify('${cancelChannel}', id) end
   from j`,
);

const lockForDelete = statement<{ state: JobState; parent_id: string | null }>('lock-job-for-delete', 'select state, parent_id from jobs where id = $1 for update');
const sharesLeft = statement<{ id: string }>('shares-left', `select id from jobs where parent_id = $1 and state in ('queued', 'running') limit 3`);
/** The folders that the job's parts lie in, and those of its shares, are noted before the rows go, in the same transaction. */
const noteSweeps = statement<{ owner: string }>(
  'note-sweeps',
  `insert into job_sweeps (owner) select $1 union select owner from job_parts where job_id = $1 union select id from jobs where parent_id = $1 on conflict (owner) do update set since = clock_timestamp() returning owner`,
);
const deleteJob = statement('delete-job', 'delete from jobs where id = $1');

export function createJobStore(parts: JobStoreParts): JobStore & { close(): void } {
  const { database, queue, feed, resultsFolder, log } = parts;
  const notStored = (error: unknown) => log.warn({ err: error }, 'progress was not stored');
  const parents = new LatestThrottle<string>((parent) => parentProgress(database, parent), notStored, parentProgressEveryMs);
  const progress = new LatestThrottle<{ claim: Claim; progress: JobProgress }>((told) => storeProgress(told.claim, told.progress), notStored, progressEveryMs);
  const checkpoints = new LatestThrottle<{ claim: Claim; step: number; note: string }>(({ claim, step, note }) => steps.checkpoint(database, claim, step, note), notStored, checkpointEveryMs);
  const getBatched = batched((ids: readonly string[]) => readJobs(database, ids));

  async function storeProgress(claim: Claim, told: JobProgress): Promise<boolean> {
    const live = await attempt.progress(database, claim, told);
    // What the parent tells is not what decides whether the share goes on.
    if (live && claim.share !== null) parents.push(claim.share.parent, claim.share.parent).catch(notStored);
    return live;
  }

  /** What ends an attempt: the progress that waits would come too late. A share's end may be its parent's. */
  async function ending<T>(claim: Claim, end: () => Promise<T>): Promise<T> {
    progress.drop(keyOf(claim));
    checkpoints.drop(keyOf(claim));
    const ended = await end();
    if (claim.share !== null) await settled(claim.share.parent);
    return ended;
  }

  /** Should this break off, the reconciler settles it. */
  async function settled(parent: string): Promise<void> {
    try {
      await settleParent({ database, queue, log }, parent);
    } catch (error) {
      log.warn({ err: error, job: parent }, 'a job whose shares have ended is settled later');
    }
  }

  async function get(id: string) {
    return (await readJobs(database, [id])).get(id) ?? null;
  }

  return {
    submit: (spec, options) => submitJob({ database, queue, log }, spec, options),
    async checkInputs(spec) {
      await checkInputs(database, spec, { lock: false });
    },
    submitted: (idempotencyKey, spec) => submittedJob(database, idempotencyKey, spec),
    get,
    getBatched,
    counts: () => countJobs(database),
    list: (filter) => listJobs(database, filter),

    async cancel(id) {
      const [touched] = await database.query(cancelJob, [id]);
      const job = await get(id);
      if (!job) throw jobNotFound(id);
      if (job.share) throw isShare(id, job.share.parent);
      if (!touched) throw new CorrenteError('job-final', `Job ${id} has already ended (${job.state}) and cannot be cancelled.`);
      if (touched.state === 'cancelled') {
        await unqueue({ queue, log }, touched);
        if (job.shares !== undefined) await settled(id);
      }
      return job;
    },

    async delete(id) {
      const owners = await database.transaction(async (queries) => {
        await refuseDelete(queries, id);
        const noted = await queries.query(noteSweeps, [id]);
        await queries.query(deleteJob, [id]);
        return noted.map(({ owner }) => owner);
      });
      for (const owner of owners) {
        await sweepFolder(database, resultsFolder, owner).catch((error: unknown) => log.warn({ err: error, job: owner }, 'files of a deleted job are removed later'));
      }
    },

    claim: (id, worker, leaseMs) => attempt.claim(database, id, worker, leaseMs),
    renew: (claim, leaseMs) => attempt.renew(database, claim, leaseMs),
    progress: (claim, told) => progress.push(keyOf(claim), { claim, progress: told }),
    log: (claim, level, message) => attempt.log(database, claim, level, message),
    inputs: (spec) => inputsOf(database, spec),
    begin: (claim, engine, tables) => attempt.begin(database, claim, engine, tables),

    async storeStep(claim, step, stored, returned = null) {
      await checkParts(resultsFolder, claim, stored);
      await progress.settle(keyOf(claim));
      // A note of this step has no more use.
      checkpoints.drop(keyOf(claim));
      return database.transaction((queries) => steps.storeStep(queries, claim, step, stored, returned));
    },

    async showParts(claim, step, shown) {
      await checkParts(resultsFolder, claim, shown);
      return database.transaction((queries) => steps.showParts(queries, claim, step, shown));
    },

    checkpoint: (claim, step, note) => checkpoints.push(keyOf(claim), { claim, step, note }),

    async shareOut(claim, work) {
      progress.drop(keyOf(claim));
      const shares = await database.transaction((queries) => shareOut(queries, claim, work, claim.job.spec.workers));
      for (const share of shares ?? []) await enqueue({ queue, log }, share);
      return shares !== null;
    },

    succeed: (claim, timings, identity) => ending(claim, () => attempt.succeed(database, claim, timings, identity)),
    succeedFromCache: (claim, identity) => ending(claim, () => database.transaction((queries) => attempt.succeedFromCache(queries, claim, identity))),
    fail: (claim, error) => ending(claim, () => attempt.fail(database, claim, error)),
    cancelled: (claim) => ending(claim, () => attempt.cancelled(database, claim)),

    async release(claim, reason, { orderly = false } = {}) {
      // The next attempt takes up at the last note.
      await checkpoints.settle(keyOf(claim)).catch(notStored);
      const given = await ending(claim, () => attempt.release(database, claim, reason, orderly));
      if (given?.state === 'queued') await enqueue({ queue, log }, given);
      return given === null || given.state === 'cancelled' ? null : given.state;
    },

    onCancel: (listener) => feed.onCancel(listener),
    events: (id, afterSeq, signal) => followEvents(database, feed, id, afterSeq, signal),

    async tables(id) {
      const job = await get(id);
      return job ? job.tables : null;
    },

    close() {
      for (const throttle of [progress, checkpoints, parents]) throttle.close();
    },
  };
}

const keyOf = (claim: Claim) => `${claim.job.id} ${claim.attempt}`;

function isShare(id: string, parent: string): CorrenteError {
  return new CorrenteError('job-is-share', `Job ${id} is a share of ${parent}.`);
}

/** Locks the job and throws the reason why it cannot be deleted now. */
async function refuseDelete(queries: Queries, id: string): Promise<void> {
  const [job] = await queries.query(lockForDelete, [id]);
  if (!job) throw jobNotFound(id);
  if (job.parent_id !== null) throw isShare(id, job.parent_id);
  if (!finalStates.has(job.state)) throw new CorrenteError('job-not-final', `Job ${id} is ${job.state}; only a job that has ended can be deleted.`);
  const shares = await queries.query(sharesLeft, [id]);
  if (shares.length > 0) throw new CorrenteError('job-not-final', `Job ${id} has ended, and its shares ${shares.map((share) => share.id).join(', ')} are about to; it can be deleted then.`);
  await refuseReadResult(queries, id);
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
