/** The whole platform, started together: `corrente serve` and the demo. */
import { startServer, type RunningServer } from '@corrente/api/server';
import { startWorker } from '@corrente/compute/worker/supervisor';
import type { Config } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import { CorrenteError } from '@corrente/shared/contract/errors';

export interface StartedPlatform {
  /** Such as http://127.0.0.1:8420. */
  readonly address: string;
  /** What a person should know: engines that are missing, and why. */
  readonly notes: readonly string[];
  enginePids(): number[];
  /** Ends what was started, in good order; running jobs go back to the queue. */
  close(): Promise<void>;
}

/** Database, API and one worker; what was started is closed again where a later part fails. */
export async function startPlatform(config: Config, options: { otherPortIfTaken: boolean }): Promise<StartedPlatform> {
  const platform = await openPlatform(config);
  const closers: Array<() => Promise<void>> = [() => platform.close()];
  const close = async (): Promise<void> => {
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closer();
  };
  try {
    const { workerConcurrency: concurrency, engineMemoryBytes, leaseMs } = config;
    const [server, worker] = await Promise.all([
      listening(config, platform, options.otherPortIfTaken).then((started) => {
        closers.push(() => started.close());
        return started;
      }),
      startWorker(platform, { concurrency, engineMemoryBytes, leaseMs, log: platform.logger }).then((started) => {
        closers.push(() => started.close());
        return started;
      }),
    ]);
    const engines = (await platform.workers.list()).find(({ id }) => id === worker.id)?.engines ?? [];
    const notes = engines.map((engine) => (engine.available ? `  ${engine.name}: ${engine.device}` : `  ${engine.name}: not here, ${engine.whyNot ?? ''}`));
    return { address: server.url, notes, enginePids: () => worker.enginePids(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening(config: Config, platform: Parameters<typeof startServer>[1], otherPortIfTaken: boolean): Promise<RunningServer> {
  try {
    return await startServer(config, platform);
  } catch (error) {
    const taken = error instanceof CorrenteError && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'EADDRINUSE';
    if (taken && otherPortIfTaken) return await startServer({ ...config, port: 0 }, platform);
    throw error;
  }
}
