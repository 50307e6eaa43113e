/** `corrente cancel`: end a job that is queued or running. */
import { Command } from 'commander';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { printJson, say } from '../terminal/words.ts';

export const command = addConnectionOptions(new Command('cancel').description('Cancel a job.').argument('<job>')).action(async (id: string, options: ConnectionOptions) => {
  const client = connect(options);
  await client.cancel(id);
  const job = await client.wait(id);
  if (options.json === true) await printJson(job);
  else say(`${id} is ${job.state}.`);
});
