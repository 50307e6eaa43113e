/** A worker as a process of its own: `corrente worker`. */
import type { Config } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import { pino } from 'pino';
import { startWorker, type WorkerOptions } from './supervisor.ts';

/**
 * Opens the platform, works until SIGINT or SIGTERM (or the signal given), gives back what was running, and resolves.
 * A second Ctrl-C does not hurry it: an engine process is ended within a second anyway.
 */
export async function runWorker(config: Config, options: { signal?: AbortSignal } & Pick<Partial<WorkerOptions>, 'engineScript'> = {}): Promise<void> {
  const log = pino({ name: 'worker', level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const { signal, ...rest } = options;
  const ended = untilAsked(signal);
  const platform = await openPlatform(config);
  try {
    const worker = await startWorker(platform, { concurrency: config.workerConcurrency, engineMemoryBytes: config.engineMemoryBytes, leaseMs: config.leaseMs, log, ...rest });
    log.info({ worker: worker.id, engines: worker.enginePids() }, 'taking jobs');
    await ended;
    log.info({ worker: worker.id }, 'shutting down');
    await worker.close();
  } finally {
    await platform.close();
  }
}

function untilAsked(signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const asked = (): void => {
      process.off('SIGINT', asked).off('SIGTERM', asked);
      // The shutdown itself must not be cut short by a second Ctrl-C.
      process.on('SIGINT', () => {});
      resolve();
    };
    process.on('SIGINT', asked).on('SIGTERM', asked);
    if (signal?.aborted) asked();
    signal?.addEventListener('abort', asked, { once: true });
  });
}
