/** `corrente serve`: database, API, dashboard and one worker, until it is told to stop. */
import { Command } from 'commander';
import { interruptSignal } from '../terminal/signals.ts';
import { bold, say } from '../terminal/words.ts';

export const command = new Command('serve')
  .description('Start the platform: database, API, dashboard and one worker. Configured by environment variables, see docs/operations.md.')
  .option('--json', 'print one JSON object with the address when it is ready')
  .action(async (options: { json?: boolean }) => {
    const { loadConfig } = await import('@corrente/platform/config/config');
    const { startPlatform } = await import('../serve/start-platform.ts');
    const stop = interruptSignal();
    const config = loadConfig(process.env);
    const platform = await startPlatform(config, { otherPortIfTaken: false });
    try {
      if (options.json === true) process.stdout.write(`${JSON.stringify({ address: platform.address, home: config.home, pid: process.pid, enginePids: platform.enginePids() })}\n`);
      else {
        say(`${bold('Corrente')} is ready on ${platform.address}`);
        for (const line of platform.notes) say(line);
      }
      if (!stop.aborted) await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      await platform.close();
    }
  });
