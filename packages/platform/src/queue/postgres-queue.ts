/** The queue in PostgreSQL: BullMQ's own backend, in the schema `bullmq`. Workers are woken by LISTEN/NOTIFY. */
import { createPostgresBackend, withBackend } from 'bullmq';
import type { Logger } from 'pino';
import type { JobQueue } from '../platform.ts';
import { createBullQueue } from './bull-queue.ts';

const { Queue, Worker } = withBackend(createPostgresBackend);

export interface QueueOptions {
  readonly name: string;
  readonly leaseMs: number;
  readonly log: Logger;
}

/** Opens the queue, making or upgrading its schema. */
export async function openPostgresQueue(url: string, { name, leaseMs, log }: QueueOptions): Promise<JobQueue> {
  const connection = {
    connectionString: url,
    max: 4,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'corrente queue',
    // What a crash of PostgreSQL takes from the queue, the reconciler puts back: no wait for the disk.
    options: '-c synchronous_commit=off',
  };
  const queue = new Queue<{ id: string }>(name, { connection: { ...connection, migrate: true } });
  queue.on('error', (error) => log.warn({ err: error }, 'queue'));
  await queue.waitUntilReady();

  return createBullQueue({
    name: 'postgres',
    queue,
    worker(process, { concurrency }) {
      const worker = new Worker<{ id: string }, void>(
        name,
        process,
        { connection, concurrency, lockDuration: leaseMs, stalledInterval: leaseMs / 2, maxStalledCount: 1_000_000, runRetryDelay: 1000, removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
      );
      worker.on('error', (error) => log.warn({ err: error }, 'queue worker'));
      return worker;
    },
    async ping() {
      await queue.getJobCounts('active');
    },
    close: async () => undefined,
  });
}
