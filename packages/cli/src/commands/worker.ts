/** `corrente worker`: one worker, until it is told to stop. */
import { Command } from 'commander';

interface Options {
  readonly check?: boolean;
}

export const command = new Command('worker')
  .description('Start one worker: it takes jobs from the queue and runs them in an engine process of its own.')
  .option('--check', 'tell by the exit code whether a worker of this host is alive (for health checks)')
  .action(async (options: Options) => {
    const { loadConfig } = await import('@corrente/platform/config/config');
    const config = loadConfig(process.env);
    if (options.check === true) {
      const { checkWorker } = await import('../serve/check-worker.ts');
      return await checkWorker(config);
    }
    const { runWorker } = await import('@corrente/compute/worker/main');
    await runWorker(config);
  });
