/**
 * The queue on BullMQ, the same over PostgreSQL and Redis. It carries ids and nothing else: the `jobs` row decides
 * whether a delivered id is still to be run (`JobStore.claim`), so an entry may come twice or not at all.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { UnrecoverableError, type Job, type JobsOptions, type Processor } from 'bullmq';
import type { JobQueue } from '../platform.ts';

/** What this file uses of a BullMQ queue, whatever its backend. */
export interface BullQueue {
  add(name: string, data: { id: string }, options: JobsOptions): Promise<unknown>;
  getJob(id: string): Promise<{ getState(): Promise<string>; remove(): Promise<unknown> } | undefined>;
  getJobCounts(...states: ('wait' | 'prioritized' | 'delayed' | 'active')[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface BullWorker {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
}

export interface BullBackend {
  readonly name: JobQueue['backend'];
  readonly queue: BullQueue;
  worker(process: Processor<{ id: string }, void>, options: { concurrency: number }): BullWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A handler that throws (the database is away) is called again this often, two days long. */
const retries = { attempts: 172_800, backoff: { type: 'fixed', delay: 1000 } } as const;

/** How long `add` waits for a queue that does not answer, in milliseconds. */
const addTimeoutMs = 3000;

/** States in which an entry will reach a worker. */
const coming = new Set(['waiting', 'prioritized', 'delayed', 'active']);

const entryId = (jobId: string, attempt: number) => `${jobId}.${attempt}`;

/** BullMQ takes the lowest number first, and 0 before all others: priority 10 … -10 becomes 1 … 21. */
export function bullPriority(priority: number): number {
  return 11 - Math.max(-10, Math.min(10, Math.round(priority)));
}

export function createBullQueue(backend: BullBackend): JobQueue {
  const { queue } = backend;

  return {
    backend: backend.name,

    async add(jobId, priority, attempt = 0) {
      const added = queue.add('job', { id: jobId }, { jobId: entryId(jobId, attempt), priority: bullPriority(priority), removeOnComplete: true, removeOnFail: true, ...retries });
      await answered(added, backend.name);
    },

    async has(jobId, attempt = 0) {
      const entry = await queue.getJob(entryId(jobId, attempt));
      return entry !== undefined && coming.has(await entry.getState());
    },

    async remove(jobId, attempt = 0) {
      const entry = await queue.getJob(entryId(jobId, attempt));
      // An entry that a worker holds cannot be removed; its claim will find the job ended.
      if (entry && (await entry.getState()) !== 'active') await entry.remove();
    },

    async work(handle, { concurrency }) {
      const worker = backend.worker(async (entry: Job<{ id: string }>) => {
        if (typeof entry.data?.id !== 'string') throw new UnrecoverableError('an entry without a job id');
        await handle(entry.data.id);
      }, { concurrency });
      await worker.waitUntilReady();
      return { close: () => worker.close() };
    },

    async counts() {
      const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active');
      const { wait = 0, prioritized = 0, delayed = 0, active = 0 } = counts;
      return { waiting: wait + prioritized + delayed, active };
    },

    ping: () => backend.ping(),

    async close() {
      await queue.close();
      await backend.close();
    },
  };
}

async function answered(work: Promise<unknown>, name: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new CorrenteError('not-ready', `The queue (${name}) did not answer within ${addTimeoutMs} ms.`)), addTimeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } catch (error) {
    throw CorrenteError.from(error, 'not-ready');
  } finally {
    clearTimeout(timer);
  }
}
