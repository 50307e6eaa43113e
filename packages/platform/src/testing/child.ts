/**
 * A process with a platform of its own, for tests: opens it from the environment, prints `open <postmaster pid> <job>`
 * and, after a line on stdin or Ctrl-C, closes it. It never calls `process.exit`: that it ends is what is tested.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import { openPlatform } from '../open.ts';
import { addSampleDataset, sampleSpec } from './samples.ts';

const asked = new Promise<string>((resolve) => {
  process.once('SIGINT', () => resolve('SIGINT'));
  process.stdin.once('data', () => resolve('stdin'));
  process.stdin.once('end', () => resolve('stdin'));
});

const platform = await openPlatform(loadConfig(process.env));
const dataset = await addSampleDataset(platform);
const { job } = await platform.jobs.submit(sampleSpec(dataset.id));
const worker = await platform.queue.work(async () => undefined, { concurrency: 1 });
const postmaster = await readFile(join(platform.config.home, 'postgres/data/postmaster.pid'), 'utf8');
process.stdout.write(`open ${postmaster.split('\n')[0]} ${job.id}\n`);

const by = await asked;
process.stdin.destroy();
// The database must still answer: its end is ours to decide.
const found = await platform.jobs.get(job.id);
await worker.close();
await platform.close();
process.stdout.write(`closed ${by} ${found?.id === job.id}\n`);
