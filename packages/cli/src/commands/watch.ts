/** `corrente watch`: follow a job until it ends; the exit code mirrors it. */
import { Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { watchJob } from '../terminal/watch-job.ts';
import { printJson } from '../terminal/words.ts';

export const command = addConnectionOptions(new Command('watch').description('Follow a job until it ends.').argument('<job>')).action(async (id: string, options: ConnectionOptions) => {
  const job = await watchJob(connect(options), id, { quiet: options.json === true });
  if (options.json === true) await printJson(job);
});
