/** What a case of the platform's contract has at hand. */
import type { Job, JobEvent, JobSpecInput } from '@corrente/shared/contract/job';
import { assert } from 'vitest';
import { reconcile, type Reconciled } from '../../jobs/reconciler.ts';
import type { OpenPlatform } from '../../open.ts';
import type { Claim } from '../../platform.ts';
import { addSampleDataset, sampleSpec } from '../samples.ts';

export interface Context {
  readonly platform: OpenPlatform;
  /** The same database, queue and folder, opened a second time, as another process has them. */
  readonly other: OpenPlatform;
  /** Takes everything from the queue, as a crash of its server might. */
  loseQueue(): Promise<void>;
}

export interface Case {
  /** A sentence that can be false. */
  readonly name: string;
  readonly run: (context: Context) => Promise<void>;
}

export const leaseMs = 60_000;

/** A job of the sample data set. */
export async function submitSample({ platform }: Context, rest: Partial<Omit<JobSpecInput, 'input'>> = {}, options: { idempotencyKey?: string } = {}): Promise<Job> {
  const dataset = await addSampleDataset(platform);
  const { job } = await platform.jobs.submit(sampleSpec(dataset.id, rest), options);
  return job;
}

/** A submitted and claimed job. */
export async function claimSample(context: Context, lease = leaseMs, rest: Partial<Omit<JobSpecInput, 'input'>> = {}): Promise<Claim> {
  const job = await submitSample(context, rest);
  const claim = await context.platform.jobs.claim(job.id, 'worker-1', lease);
  assert.isNotNull(claim);
  return claim;
}

/** The job, which must be there. */
export async function jobNow({ platform }: Context, id: string): Promise<Job> {
  const job = await platform.jobs.get(id);
  assert.isNotNull(job);
  return job;
}

/** All that comes, in order. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All events of an ended job after `afterSeq`. */
export async function eventsOf(platform: OpenPlatform, id: string, afterSeq = 0): Promise<JobEvent[]> {
  return collect(platform.jobs.events(id, afterSeq, AbortSignal.timeout(10_000)));
}

/** One pass over everything, whatever its age. */
export async function reconcileNow(platform: OpenPlatform): Promise<Reconciled | null> {
  const parts = { database: platform.database, queue: platform.queue, resultsFolder: platform.results.folder, log: platform.logger };
  return reconcile(parts, { checkAfterMs: 0, sweepAfterMs: 0 });
}

/** The code of the CorrenteError that the work rejects with; null where it does not. */
export async function codeOfFailure(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'no code';
  }
}
