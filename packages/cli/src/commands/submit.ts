/** `corrente submit`: hand a job to a server; with --watch follow it, with --out save its result. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { addConnectionOptions, connect, type ConnectionOptions } from '../options/connection.ts';
import { addSpecOptions, specOf, type SpecOptions } from '../options/spec.ts';
import { datasetOfFile } from '../terminal/import-file.ts';
import { saveResult } from '../terminal/save-result.ts';
import { watchJob } from '../terminal/watch-job.ts';
import { print, printJson } from '../terminal/words.ts';

interface Options extends ConnectionOptions, SpecOptions {
  readonly watch?: boolean;
  readonly out?: string;
  readonly fresh?: boolean;
  readonly priority: string;
  readonly idempotencyKey?: string;
}

const described = new Command('submit')
  .description('Submit a job to a server. Prints the job’s id.')
  .argument('<analysis>')
  .argument('<dataset>', 'the id of a data set, or a file to import first')
  .option('--watch', 'follow the job until it ends')
  .option('--out <file>', 'follow it and save the result: .csv, .json, .ndjson, .arrow, .parquet')
  .option('--fresh', 'compute even where an identical result is stored')
  .option('--priority <n>', 'from -10 to 10; higher runs first', '0')
  .option('--idempotency-key <key>', 'the same key and job give the same job');

export const command = addConnectionOptions(addSpecOptions(described)).action(async (analysis: string, dataset: string, options: Options) => {
  const client = connect(options);
  // Wrong options are refused before a file travels.
  const draft = specOf(analysis, 'ds_00000000000000000000000000000000', options);
  const id = dataset.startsWith('ds_') && !existsSync(dataset) ? dataset : (await datasetOfFile(client, dataset, {})).id;
  const priority = Number(options.priority);
  if (!Number.isInteger(priority)) throw new CorrenteError('usage', `--priority was "${options.priority}"; expected a whole number from -10 to 10.`);
  const job = await client.submit({ ...draft, input: { ...draft.input, dataset: id }, priority, fresh: options.fresh === true }, { idempotencyKey: options.idempotencyKey });
  const follow = options.watch === true || options.out !== undefined;
  if (!follow) return options.json === true ? await printJson(job) : await print(`${job.id}\n`);
  const done = await watchJob(client, job.id, { quiet: options.json === true });
  if (options.out !== undefined) await saveResult(client, done, { table: options.table, out: options.out });
  if (options.json === true) await printJson(done);
  else await print(`${done.id}\n`);
});
