/** Submitting, reading, listing, cancelling, deleting. */
import { assert } from 'vitest';
import { addSampleDataset, sampleDataset, sampleSpec, succeedSample } from '../samples.ts';
import { claimSample, codeOfFailure, eventsOf, jobNow, leaseMs, reconcileNow, submitSample, type Case } from './case.ts';

export const submitCases: readonly Case[] = [
  {
    name: 'a submitted job is queued, lies in the queue, and tells so with its first event',
    async run(context) {
      const job = await submitSample(context, { params: { method: 'pearson' }, priority: 3 });
      assert.match(job.id, /^job_[0-9a-hjkmnp-tv-z]{26}$/);
      assert.equal(job.state, 'queued');
      assert.deepEqual(job.spec.params, { method: 'pearson' });
      assert.deepEqual(await jobNow(context, job.id), job);
      assert.isTrue(await context.platform.queue.has(job.id));
      await context.platform.jobs.cancel(job.id);
      const [first] = await eventsOf(context.platform, job.id);
      assert.deepEqual(first, { seq: 1, type: 'progress', data: { fraction: 0, stage: 'queued', message: '', state: 'queued' } });
    },
  },
  {
    name: 'a job on a data set that is not there is refused and leaves nothing behind',
    async run({ platform }) {
      const spec = sampleSpec(sampleDataset('never added').id);
      assert.equal(await codeOfFailure(platform.jobs.submit(spec)), 'dataset-not-found');
      assert.lengthOf((await platform.jobs.list({ dataset: spec.input.dataset })).items, 0);
    },
  },
  {
    name: 'an idempotency key gives the same job for the same spec, whatever the order of its keys, and refuses another spec',
    async run({ platform, other }) {
      const dataset = await addSampleDataset(platform);
      const spec = sampleSpec(dataset.id, { params: { a: 1, b: [2, 3] } });
      const first = await platform.jobs.submit(spec, { idempotencyKey: 'key-1' });
      const again = await other.jobs.submit(sampleSpec(dataset.id, { params: { b: [2, 3], a: 1 } }), { idempotencyKey: 'key-1' });
      assert.isTrue(first.created);
      assert.isFalse(again.created);
      assert.equal(again.job.id, first.job.id);
      assert.equal((await platform.jobs.submitted('key-1', spec))?.id, first.job.id);
      assert.isNull(await platform.jobs.submitted('key-2', spec));
      const different = sampleSpec(dataset.id, { params: { a: 2 } });
      assert.equal(await codeOfFailure(platform.jobs.submit(different, { idempotencyKey: 'key-1' })), 'idempotency-conflict');
      assert.equal(await codeOfFailure(platform.jobs.submitted('key-1', different)), 'idempotency-conflict');
    },
  },
  {
    name: 'twenty submissions of one key at the same time make one job',
    async run({ platform, other }) {
      const dataset = await addSampleDataset(platform);
      const spec = sampleSpec(dataset.id);
      const submitted = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? platform : other).jobs.submit(spec, { idempotencyKey: 'at once' })));
      assert.equal(new Set(submitted.map(({ job }) => job.id)).size, 1);
      assert.lengthOf(submitted.filter(({ created }) => created), 1);
    },
  },
  {
    name: 'the pages of a list join without a gap or a repetition, newest first',
    async run(context) {
      const { platform } = context;
      const made: string[] = [];
      for (let index = 0; index < 7; index++) made.unshift((await submitSample(context, { analysis: 'paged' })).id);
      const listed: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await platform.jobs.list({ analysis: 'paged', limit: 3, ...(cursor === undefined ? {} : { cursor }) });
        listed.push(...page.items.map((job) => job.id));
        cursor = page.cursor ?? undefined;
        if (listed.length === 3) await submitSample(context, { analysis: 'paged' });
      } while (cursor !== undefined);
      assert.deepEqual(listed, made);
    },
  },
  {
    name: 'a list keeps to its filters, and refuses a cursor or limit that it did not give',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context, leaseMs, { analysis: 'filtered' });
      const queued = await submitSample(context, { analysis: 'filtered' });
      const running = await platform.jobs.list({ analysis: 'filtered', state: 'running', dataset: claim.job.spec.input.dataset });
      assert.deepEqual(running.items.map((job) => job.id), [claim.job.id]);
      assert.deepEqual((await platform.jobs.list({ analysis: 'filtered', state: 'queued' })).items.map((job) => job.id), [queued.id]);
      for (const cursor of ['', 'x', 'AAAA', Buffer.from("1,a'; drop table jobs").toString('base64url')]) {
        assert.equal(await codeOfFailure(platform.jobs.list({ cursor })), 'bad-request');
      }
      for (const limit of [0, -1, 1.5, 501, Number.NaN]) assert.equal(await codeOfFailure(platform.jobs.list({ limit })), 'bad-request');
      await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a batched read is never older than its call, and null for a job that is not there',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      const early = platform.jobs.getBatched(job.id);
      await platform.jobs.cancel(job.id);
      const late = await Promise.all([platform.jobs.getBatched(job.id), platform.jobs.getBatched(job.id), platform.jobs.getBatched('job_none')]);
      assert.deepEqual(late.map((found) => found?.state), ['cancelled', 'cancelled', undefined]);
      assert.include(['queued', 'cancelled'], (await early)?.state);
    },
  },
  {
    name: 'counts by state follow a job through its life',
    async run(context) {
      const before = await context.platform.jobs.counts();
      const claim = await claimSample(context);
      assert.equal((await context.platform.jobs.counts()).running, before.running + 1);
      await succeedSample(context.platform, claim);
      const after = await context.platform.jobs.counts();
      assert.deepEqual(after, { ...before, succeeded: before.succeeded + 1 });
    },
  },
  {
    name: 'a queued job is cancelled at once, is never claimed, and cannot be cancelled again',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      assert.equal((await platform.jobs.cancel(job.id)).state, 'cancelled');
      assert.isFalse(await platform.queue.has(job.id));
      assert.isNull(await platform.jobs.claim(job.id, 'worker-1', leaseMs));
      assert.equal(await codeOfFailure(platform.jobs.cancel(job.id)), 'job-final');
      assert.equal(await codeOfFailure(platform.jobs.cancel('job_none')), 'job-not-found');
      assert.deepEqual((await eventsOf(platform, job.id)).map((event) => event.type), ['progress', 'cancelled']);
    },
  },
  {
    name: 'cancelling a running job reaches its worker in another process, by notice and by lease, and the worker ends it',
    async run(context) {
      const { platform, other } = context;
      const claim = await claimSample(context);
      const noticed = new Promise<string>((resolve) => {
        const stop = platform.jobs.onCancel((id) => {
          if (id !== claim.job.id) return;
          stop();
          resolve(id);
        });
      });
      assert.deepEqual(await platform.jobs.renew(claim, leaseMs), { cancelRequested: false });
      assert.equal((await other.jobs.cancel(claim.job.id)).state, 'running');
      assert.equal(await noticed, claim.job.id);
      assert.deepEqual(await platform.jobs.renew(claim, leaseMs), { cancelRequested: true });
      assert.isTrue(await platform.jobs.cancelled(claim));
      const job = await jobNow(context, claim.job.id);
      assert.equal(job.state, 'cancelled');
      assert.isNotNull(job.finishedAt);
    },
  },
  {
    name: 'a running job that was asked to cancel ends as cancelled when its worker is lost or gives it back',
    async run(context) {
      const { platform } = context;
      const lost = await claimSample(context, 0);
      await platform.jobs.cancel(lost.job.id);
      assert.isNull(await context.other.jobs.claim(lost.job.id, 'worker-2', leaseMs), 'no one takes it over');
      await reconcileNow(platform);
      assert.equal((await jobNow(context, lost.job.id)).state, 'cancelled');
      const given = await claimSample(context);
      await platform.jobs.cancel(given.job.id);
      assert.isNull(await platform.jobs.release(given, { type: 't', title: 't', status: 500, detail: 'shutting down', code: 'worker-lost' }));
      assert.equal((await jobNow(context, given.job.id)).state, 'cancelled');
    },
  },
  {
    name: 'only a job that has ended can be deleted, and then it is gone with its events',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context);
      assert.equal(await codeOfFailure(platform.jobs.delete(claim.job.id)), 'job-not-final');
      await succeedSample(platform, claim);
      await platform.jobs.delete(claim.job.id);
      assert.isNull(await platform.jobs.get(claim.job.id));
      assert.isNull(await platform.jobs.tables(claim.job.id));
      assert.equal(await codeOfFailure(eventsOf(platform, claim.job.id)), 'job-not-found');
      assert.equal(await codeOfFailure(platform.jobs.delete(claim.job.id)), 'job-not-found');
    },
  },
];
