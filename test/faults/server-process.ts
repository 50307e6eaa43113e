/**
 * A server without its HTTP part, on its own embedded database, as a process: it imports data, submits jobs, works on
 * them, and tells on standard output what it submitted and when the first part is stored. Made to be killed.
 */
import { startWorker } from '@corrente/compute/worker/supervisor';
import { loadConfig } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import { addRandomWalks } from './generated-data.ts';
import { atPart, follow, longSpec, submit } from './watched-job.ts';

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const platform = await openPlatform(loadConfig(process.env));
const dataset = await addRandomWalks(platform, { series: 24, rows: 10_000, seed: 3 });
await startWorker(platform, { leaseMs: platform.config.leaseMs });
const jobs = [await submit(platform, longSpec(dataset.id)), await submit(platform, longSpec(dataset.id)), await submit(platform, { ...longSpec(dataset.id), priority: -5 })];
const [first = ''] = jobs;
await follow(platform, first, atPart(2, () => say({ dataset: dataset.id, jobs })));
