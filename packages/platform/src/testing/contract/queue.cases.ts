/** Delivery: order, handing back, and mending what the queue has lost. */
import type { Job } from '@corrente/shared/contract/job';
import { assert } from 'vitest';
import { succeedSample } from '../samples.ts';
import { claimSample, eventsOf, jobNow, reconcileNow, submitSample, type Case } from './case.ts';

export const queueCases: readonly Case[] = [
  {
    name: 'the queue delivers higher priorities first, and equal ones in the order they came',
    async run(context) {
      await context.loseQueue();
      const jobs: Job[] = [];
      for (const priority of [0, -10, 5, 0, 10]) jobs.push(await submitSample(context, { priority }));
      const delivered: string[] = [];
      const worker = await new Promise<{ close(): Promise<void> }>((resolve, reject) => {
        const working = context.other.queue.work(
          async (id) => {
            delivered.push(id);
            if (delivered.length === jobs.length) working.then(resolve, reject);
          },
          { concurrency: 1 },
        );
      });
      await worker.close();
      assert.deepEqual(delivered, [4, 2, 0, 3, 1].map((index) => jobs[index]?.id));
      for (const job of jobs) await context.platform.jobs.cancel(job.id);
    },
  },
  {
    name: 'an id whose handler throws comes again',
    async run(context) {
      await context.loseQueue();
      const job = await submitSample(context);
      let calls = 0;
      const handled = Promise.withResolvers<void>();
      const worker = await context.other.queue.work(
        async (id) => {
          assert.equal(id, job.id);
          calls += 1;
          if (calls === 1) throw new Error('the database was away');
          handled.resolve();
        },
        { concurrency: 1 },
      );
      await handled.promise;
      await worker.close();
      assert.equal(calls, 2);
      await context.platform.jobs.cancel(job.id);
    },
  },
  {
    name: 'an entry that is added twice is delivered once, and is gone when it was handled',
    async run(context) {
      const { platform } = context;
      await context.loseQueue();
      const job = await submitSample(context);
      const last = await submitSample(context, { priority: -10 });
      await platform.queue.add(job.id, 0);
      assert.equal((await platform.queue.counts()).waiting, 2);
      const delivered: string[] = [];
      const handled = Promise.withResolvers<void>();
      const worker = await context.other.queue.work(
        async (id) => {
          delivered.push(id);
          if (id === last.id) handled.resolve();
        },
        { concurrency: 1 },
      );
      await handled.promise;
      await worker.close();
      assert.deepEqual(delivered, [job.id, last.id]);
      assert.isFalse(await platform.queue.has(job.id));
      assert.deepEqual(await platform.queue.counts(), { waiting: 0, active: 0 });
      for (const { id } of [job, last]) await platform.jobs.cancel(id);
    },
  },
  {
    name: 'jobs that the queue has lost are put back by a pass, run to their end, and a second pass changes nothing',
    async run(context) {
      const { platform } = context;
      const jobs = [await submitSample(context), await submitSample(context)];
      await context.loseQueue();
      for (const { id } of jobs) assert.isFalse(await platform.queue.has(id));
      const first = await reconcileNow(platform);
      assert.isAtLeast(first?.requeued ?? 0, 2);
      assert.equal((await reconcileNow(context.other))?.requeued, 0);
      const worker = await context.other.queue.work(
        async (id) => {
          const claim = await context.other.jobs.claim(id, 'worker-1', 60_000);
          if (claim) await succeedSample(context.other, claim);
        },
        { concurrency: 1 },
      );
      for (const { id } of jobs) assert.equal((await eventsOf(platform, id)).at(-1)?.type, 'succeeded');
      await worker.close();
    },
  },
  {
    name: 'a job that is given back while its entry is still being handled is delivered again',
    async run(context) {
      await context.loseQueue();
      const job = await submitSample(context);
      const attempts: number[] = [];
      const worker = await context.other.queue.work(
        async (id) => {
          const claim = await context.other.jobs.claim(id, 'worker-1', 60_000);
          if (!claim) return;
          attempts.push(claim.attempt);
          if (claim.attempt < 3) await context.other.jobs.release(claim, { type: 't', title: 't', status: 500, detail: 'shutting down', code: 'worker-lost' });
          else await succeedSample(context.other, claim);
        },
        { concurrency: 1 },
      );
      assert.equal((await eventsOf(context.platform, job.id)).at(-1)?.type, 'succeeded');
      await worker.close();
      assert.deepEqual(attempts, [1, 2, 3]);
    },
  },
  {
    name: 'passes at the same time in two processes give a lapsed job up once',
    async run(context) {
      const claim = await claimSample(context, 0);
      await Promise.all([context.platform, context.other, context.platform, context.other].map(reconcileNow));
      await reconcileNow(context.platform);
      const job = await jobNow(context, claim.job.id);
      assert.equal(job.state, 'queued');
      await context.platform.jobs.cancel(claim.job.id);
      const queuedAgain = (await eventsOf(context.platform, claim.job.id)).filter((event) => event.type === 'progress' && event.data.state === 'queued');
      assert.lengthOf(queuedAgain, 2);
    },
  },
  {
    name: 'what is left in the queue of a job that is gone harms nothing',
    async run(context) {
      const { platform } = context;
      await context.loseQueue();
      const job = await submitSample(context);
      await platform.jobs.cancel(job.id);
      await platform.jobs.delete(job.id);
      await platform.queue.add(job.id, 0);
      const last = await submitSample(context, { priority: -10 });
      const claims: [string, boolean][] = [];
      const handled = Promise.withResolvers<void>();
      const worker = await context.other.queue.work(
        async (id) => {
          const claim = await context.other.jobs.claim(id, 'worker-1', 60_000);
          claims.push([id, claim !== null]);
          if (claim) await succeedSample(context.other, claim);
          if (id === last.id) handled.resolve();
        },
        { concurrency: 1 },
      );
      await handled.promise;
      await worker.close();
      assert.deepEqual(claims, [[job.id, false], [last.id, true]]);
    },
  },
];
