/** `corrente submit`: hand a job to a server; with --watch follow it, with --out save its result. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { InputResultIds } from '@corrente/shared/contract/job';
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
  readonly workers: string;
  readonly resultsA?: string[];
  readonly resultsB?: string[];
  readonly idempotencyKey?: string;
}

/** `job_1,job_2` → the ids. */
function ids(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(',').map((id) => id.trim()).filter((id) => id !== '')];
}

function wholeNumber(option: string, text: string, range: string): number {
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new CorrenteError('usage', `${option} was "${text}"; expected a whole number ${range}.`);
}

function resultsOf({ resultsA, resultsB = [] }: Options): { results?: InputResultIds } {
  if (resultsA !== undefined) return { results: { a: resultsA, b: resultsB } };
  if (resultsB.length === 0) return {};
  throw new CorrenteError('usage', '--results-b was given without --results-a; expected both, or --results-a alone.');
}

const described = new Command('submit')
  .description('Submit a job to a server. Prints the job’s id.')
  .argument('<analysis>', `${[...analyses.keys()].join(', ')}; docs/analyses has a page on each, with its parameters`)
  .argument('<dataset>', 'the id of a data set, or a file to import first')
  .option('--watch', 'follow the job until it ends')
  .option('--out <file>', 'follow it and save the result: .csv, .json, .ndjson, .arrow, .parquet')
  .option('--fresh', 'compute even where an identical result is stored')
  .option('--priority <n>', 'from -10 to 10; higher runs first', '0')
  .option('--workers <n>', 'how many workers may share the job, up to 64', '1')
  .option('--results-a <jobs>', 'for analyses of results: ids of the jobs whose results they read, separated by commas', ids)
  .option('--results-b <jobs>', 'those that they are compared with', ids)
  .option('--idempotency-key <key>', 'the same key and job give the same job');

export const command = addConnectionOptions(addSpecOptions(described)).action(async (analysis: string, dataset: string, options: Options) => {
  const client = connect(options);
  // Wrong options are refused before a file travels.
  const draft = specOf(analysis, 'ds_00000000000000000000000000000000', options);
  const id = dataset.startsWith('ds_') && !existsSync(dataset) ? dataset : (await datasetOfFile(client, dataset, {})).id;
  const priority = wholeNumber('--priority', options.priority, 'from -10 to 10');
  const workers = wholeNumber('--workers', options.workers, 'from 1 to 64');
  const input = { ...draft.input, dataset: id, ...resultsOf(options) };
  const job = await client.submit({ ...draft, input, priority, workers, fresh: options.fresh === true }, { idempotencyKey: options.idempotencyKey });
  const follow = options.watch === true || options.out !== undefined;
  if (!follow) return options.json === true ? await printJson(job) : await print(`${job.id}\n`);
  const done = await watchJob(client, job.id, { quiet: options.json === true });
  if (options.out !== undefined) await saveResult(client, done, { table: options.table, out: options.out });
  if (options.json === true) await printJson(done);
  else await print(`${done.id}\n`);
});
