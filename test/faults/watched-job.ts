/** Jobs as the fault tests follow them. */
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { type Job, type JobEvent, jobSpec, type JobSpecInput } from '@corrente/shared/contract/job';

/** A job long enough to be hit in the middle: moving averages, in many steps. `fresh`, so that nothing is answered from store. */
export function longSpec(dataset: string): JobSpecInput {
  return { analysis: 'moving-average', input: { dataset }, params: { kinds: ['sma', 'std', 'ema', 'wma', 'max'], windows: [10, 50, 100, 500] }, engine: 'portable', fresh: true };
}

export async function submit(platform: Platform, spec: JobSpecInput): Promise<string> {
  return (await platform.jobs.submit(jobSpec.parse(spec))).job.id;
}

/** Follows a job to its end, calling `each` for every event; gives back the job and its events. */
export async function follow(platform: Platform, id: string, each: (event: JobEvent) => unknown = () => {}): Promise<{ job: Job; events: JobEvent[] }> {
  const events: JobEvent[] = [];
  for await (const event of platform.jobs.events(id, 0, new AbortController().signal)) {
    events.push(event);
    await each(event);
  }
  return { job: await jobOf(platform, id), events };
}

export async function jobOf(platform: Platform, id: string): Promise<Job> {
  const job = await platform.jobs.get(id);
  if (job === null) throw new CorrenteError('job-not-found', `There is no job ${id}.`);
  return job;
}

/** The stored bytes of a table. */
export async function bytesOf(platform: Platform, id: string, table: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of platform.results.readArrow(id, table, { follow: false, signal: new AbortController().signal })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Calls `act` once, at the n-th part that is stored. */
export function atPart(n: number, act: () => unknown): (event: JobEvent) => unknown {
  let parts = 0;
  return (event) => {
    if (event.type === 'part' && ++parts === n) return act();
    return undefined;
  };
}
