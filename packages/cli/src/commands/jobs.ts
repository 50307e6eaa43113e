/** `corrente jobs`: list jobs, show one, retry or delete it. */
import { Command, Option } from 'commander';
import { jobStates, type JobState } from '@corrente/shared/contract/job';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { describeEnd } from '../terminal/watch-job.ts';
import { print, printJson, printTable, say } from '../terminal/words.ts';

interface Options extends ConnectionOptions {
  readonly state?: JobState;
  readonly analysis?: string;
  readonly dataset?: string;
  readonly sharesOf?: string;
  readonly limit: string;
  readonly cursor?: string;
  readonly retry?: boolean;
  readonly delete?: boolean;
}

const described = new Command('jobs')
  .description('List jobs, newest first; or show, retry or delete one.')
  .argument('[job]', 'one job')
  .addOption(new Option('--state <state>', 'only jobs in this state').choices(jobStates))
  .option('--analysis <name>', 'only jobs of this analysis')
  .option('--dataset <id>', 'only jobs of this data set')
  .option('--shares-of <job>', 'the shares of a job that several workers run')
  .option('--limit <n>', 'jobs on the page', '20')
  .option('--cursor <cursor>', 'the next page')
  .option('--retry', 'submit the job again, as a new job')
  .option('--delete', 'delete a job that has ended, with its result');

export const command = addConnectionOptions(described).action(async (id: string | undefined, options: Options) => {
  const client = connect(options);
  const json = options.json === true;
  if (id === undefined) {
    const { state, analysis, dataset, sharesOf: parent, cursor } = options;
    const page = await client.jobs({ state, analysis, dataset, parent, cursor, limit: Number(options.limit) });
    if (json) return await printJson(page);
    await printTable(
      ['job', 'state', 'analysis', 'progress', 'created'],
      page.items.map((job) => [job.id, job.state, job.analysis, `${Math.round(job.progress.fraction * 100)} %`, job.createdAt]),
    );
    if (page.cursor !== null) say(`More: --cursor ${page.cursor}`);
    return;
  }
  if (options.delete === true) return await client.deleteJob(id);
  if (options.retry === true) {
    const again = await client.retry(id);
    return json ? await printJson(again) : await print(`${again.id}\n`);
  }
  const job = await client.job(id);
  if (json) return await printJson(job);
  say(describeEnd(job));
  if (job.shares !== undefined) say(`It is shared by ${job.shares} jobs: corrente jobs --shares-of ${job.id}.`);
  await printTable(['table', 'rows', 'provisional', 'parts', 'complete'], job.tables.map((table) => [table.name, table.rows, table.provisionalRows, table.parts, table.complete ? 'yes' : 'no']));
});
