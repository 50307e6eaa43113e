/** The queue in Redis, through ioredis. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobQueue } from '../platform.ts';
import { createBullQueue } from './bull-queue.ts';
import type { QueueOptions } from './postgres-queue.ts';

const prefix = 'corrente';

/** Milliseconds before the next try to connect. */
const retryStrategy = (times: number) => Math.min(50 * times, 2000);

/** Opens the queue. Connections that break are made again for as long as the queue is open. */
export async function openRedisQueue(url: string, { name, leaseMs, log }: QueueOptions): Promise<JobQueue> {
  // The producer fails at once while Redis is away, instead of holding ids that a crash would lose.
  const producer = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true, connectTimeout: 5000, retryStrategy });
  producer.on('error', (error) => log.warn({ err: error }, 'redis'));
  try {
    await producer.connect();
  } catch (error) {
    producer.disconnect();
    throw new CorrenteError('not-ready', `Redis does not answer at REDIS_URL: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  const queue = new Queue<{ id: string }>(name, { connection: producer, prefix, skipWaitingForReady: true });
  queue.on('error', (error) => log.warn({ err: error }, 'queue'));

  return createBullQueue({
    name: 'redis',
    queue,
    worker(process, { concurrency }) {
      // A worker waits for Redis to come back, however long it takes.
      const consumer = new Redis(url, { maxRetriesPerRequest: null, retryStrategy });
      consumer.on('error', (error) => log.warn({ err: error }, 'redis worker'));
      const worker = new Worker<{ id: string }, void>(name, process, {
        connection: consumer,
        prefix,
        concurrency,
        lockDuration: leaseMs,
        stalledInterval: leaseMs / 2,
        maxStalledCount: 1_000_000,
        runRetryDelay: 1000,
      });
      worker.on('error', (error) => log.warn({ err: error }, 'queue worker'));
      return {
        waitUntilReady: () => worker.waitUntilReady(),
        async close(force) {
          await worker.close(force);
          consumer.disconnect();
        },
      };
    },
    async ping() {
      try {
        await producer.ping();
      } catch (error) {
        throw new CorrenteError('not-ready', `Redis does not answer: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
      }
    },
    async close() {
      producer.disconnect();
    },
  });
}
