/** Opening the platform: database, queue, feed, and the parts that stand on them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { pino, type Logger } from 'pino';
import { createDatasetCatalogue } from './catalogue/dataset-catalogue.ts';
import type { Config } from './config/config.ts';
import { openDatabase, statement, type Database } from './database/database.ts';
import { openEmbedded } from './database/embedded.ts';
import { migrate } from './database/migrate.ts';
import { openFeed } from './jobs/feed.ts';
import { createJobStore } from './jobs/job-store.ts';
import { startReconciler } from './jobs/reconciler.ts';
import type { Platform } from './platform.ts';
import { openPostgresQueue } from './queue/postgres-queue.ts';
import { openRedisQueue } from './queue/redis-queue.ts';
import { createResultStore } from './results/result-store.ts';
import { storageError } from './results/storage-error.ts';
import { createWorkerRegistry } from './workers/worker-registry.ts';

export interface OpenPlatform extends Platform {
  readonly config: Config;
  readonly logger: Logger;
  /** The database under it all, for parts of the server that have statements of their own. */
  readonly database: Database;
}

const installation = statement<{ id: string }>('installation', 'select id from installation');

/**
 * Opens everything that the configuration names: starts or joins the embedded PostgreSQL, migrates, connects the
 * queue, starts the reconciler. What was opened is closed again where a later step fails.
 *
 * ```ts
 * const platform = await openPlatform(loadConfig(process.env));
 * const { job } = await platform.jobs.submit(spec);
 * ```
 * @param logger where this writes; one on stderr at the configured level where not given.
 * @throws CorrenteError `not-ready` naming what does not answer.
 */
export async function openPlatform(config: Config, logger: Logger = pino({ level: config.logLevel }, pino.destination(2))): Promise<OpenPlatform> {
  const closers: (() => Promise<void> | void)[] = [];
  /** Closes in the reverse order of opening, all of it, and then throws the first error. */
  async function close(): Promise<void> {
    let failure: { error: unknown } | null = null;
    for (let closer = closers.pop(); closer; closer = closers.pop()) {
      try {
        await closer();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw CorrenteError.from(failure.error);
  }

  try {
    const resultsFolder = join(config.home, 'results');
    const datasetsFolder = join(config.home, 'datasets');
    for (const folder of [resultsFolder, datasetsFolder]) {
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw storageError(error, folder);
      });
    }

    let url = config.databaseUrl;
    if (url === null) {
      const server = await openEmbedded({ folder: join(config.home, 'postgres'), onLog: (message) => logger.warn(message) });
      closers.push(() => server.close());
      await server.createDatabase('corrente');
      url = server.url('corrente');
    }

    const database = openDatabase(url, { connections: config.databaseConnections, onError: (error) => logger.warn({ err: error }, 'database') });
    closers.push(() => database.close());
    await migrate(database.connection);
    const [here] = await database.query(installation);
    if (!here) throw new CorrenteError('internal', 'The database does not say which installation it is; expected one row in the table installation.');

    const queueOptions = { name: `corrente-${here.id}`, leaseMs: config.leaseMs, log: logger };
    const queue = config.redisUrl === null ? await openPostgresQueue(url, queueOptions) : await openRedisQueue(config.redisUrl, queueOptions);
    closers.push(() => queue.close());

    const feed = await openFeed(database.connection, (error) => logger.warn({ err: error }, 'job feed'));
    closers.push(() => feed.close());

    const jobs = createJobStore({ database, queue, feed, resultsFolder, log: logger });
    closers.push(() => jobs.close());
    const reconciler = startReconciler({ database, queue, resultsFolder, log: logger }, config.reconcileMs);
    closers.push(() => reconciler.close());

    return {
      config,
      logger,
      database,
      queue,
      jobs,
      results: createResultStore({ database, feed, folder: resultsFolder }),
      datasets: createDatasetCatalogue(database, datasetsFolder),
      workers: createWorkerRegistry(database, 2 * config.leaseMs),
      async ready() {
        await database.query(installation);
        await feed.ping();
        await queue.ping();
      },
      close,
    };
  } catch (error) {
    await close().catch((closeError: unknown) => logger.warn({ err: closeError }, 'closing after a failed start'));
    throw CorrenteError.from(error);
  }
}
