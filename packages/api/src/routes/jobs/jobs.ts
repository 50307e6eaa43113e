/** Jobs: estimate, submit, read, list, cancel, retry, delete. */
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type Job, type JobSpec } from '@corrente/shared/contract/job';
import type { Request } from 'express';
import type { Handlers, Reply } from '../../mount.ts';
import { admit, estimate, normalise } from './admission.ts';

type JobHandlers = Pick<Handlers, 'estimateJob' | 'submitJob' | 'listJobs' | 'getJob' | 'deleteJob' | 'cancelJob' | 'retryJob'>;

export function jobRoutes(platform: Platform): JobHandlers {
  return {
    estimateJob: async ({ body }) => ({ status: 200, body: await estimate(platform, body) }),

    submitJob: async ({ body, request }) => {
      const spec = normalise(body);
      const idempotencyKey = keyOf(request);
      if (idempotencyKey === undefined) return submit(spec, {});
      // A job that was taken once stays taken, whatever has become of its data set and of the workers since.
      const before = await platform.jobs.submitted(idempotencyKey, spec);
      return before === null ? submit(spec, { idempotencyKey }) : accepted(before);
    },

    listJobs: async ({ query }) => ({ status: 200, body: await platform.jobs.list(query) }),

    getJob: async ({ params: { id } }) => {
      const job = await platform.jobs.getBatched(id);
      if (job === null) throw notFound(id);
      return { status: 200, body: job };
    },

    deleteJob: async ({ params: { id } }) => {
      await jobOf(id);
      await platform.jobs.delete(id);
      return { status: 204 };
    },

    cancelJob: async ({ params: { id } }) => {
      await jobOf(id);
      const job = await platform.jobs.cancel(id);
      return { status: job.state === 'cancelled' ? 200 : 202, body: job };
    },

    retryJob: async ({ params: { id } }) => {
      const job = await jobOf(id);
      if (job.share) throw new CorrenteError('job-is-share', `Job ${id} is a share of ${job.share.parent}.`);
      if (!finalStates.has(job.state)) throw new CorrenteError('job-not-final', `${id} is ${job.state}; only a job that has ended can be retried.`);
      return submit(job.spec, { retryOf: id });
    },
  };

  async function submit(spec: JobSpec, options: { idempotencyKey?: string; retryOf?: string }): Promise<Reply> {
    await admit(platform, spec);
    return accepted((await platform.jobs.submit(spec, options)).job);
  }

  async function jobOf(id: string): Promise<Job> {
    const job = await platform.jobs.get(id);
    if (job === null) throw notFound(id);
    return job;
  }
}

const accepted = (job: Job): Reply => ({ status: 202, body: job, headers: { location: `/v1/jobs/${job.id}` } });

const notFound = (id: string): CorrenteError => new CorrenteError('job-not-found', `There is no job ${id}.`);

function keyOf(request: Request): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new CorrenteError('bad-request', 'The Idempotency-Key was empty, longer than 255 characters or not printable ASCII without spaces.');
}
