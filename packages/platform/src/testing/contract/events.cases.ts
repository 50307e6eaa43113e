/** Events: their order, their end, taking up again, and reaching another process. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { jobEvent, type JobEvent } from '@corrente/shared/contract/job';
import { assert } from 'vitest';
import { isTerminal } from '../../jobs/events.ts';
import { succeedSample } from '../samples.ts';
import { claimSample, codeOfFailure, eventsOf, submitSample, type Case } from './case.ts';

export const eventCases: readonly Case[] = [
  {
    name: 'events come in order and end with exactly one terminal event',
    async run(context) {
      const claim = await claimSample(context);
      await context.platform.jobs.log(claim, 'warn', 'a word');
      await succeedSample(context.platform, claim);
      const events = await eventsOf(context.platform, claim.job.id);
      assert.deepEqual(events.map((event) => event.type), ['progress', 'progress', 'log', 'part', 'succeeded']);
      assert.deepEqual(events.map((event) => event.seq), [1, 2, 3, 4, 5]);
      assert.lengthOf(events.filter(isTerminal), 1);
      for (const event of events) assert.isTrue(jobEvent.safeParse(event).success);
    },
  },
  {
    name: 'a reader that comes back after any event gets exactly the rest, and after the last one nothing',
    async run(context) {
      const claim = await claimSample(context);
      await succeedSample(context.platform, claim);
      const events = await eventsOf(context.platform, claim.job.id);
      for (const { seq } of events) assert.deepEqual(await eventsOf(context.other, claim.job.id, seq), events.slice(seq));
      assert.deepEqual(await eventsOf(context.other, claim.job.id, 1000), []);
    },
  },
  {
    name: 'readers in two processes that wait from the start see the same live events',
    async run(context) {
      const job = await submitSample(context);
      const readers = [context.platform, context.other, context.other].map((platform) => eventsOf(platform, job.id));
      const claim = await context.platform.jobs.claim(job.id, 'worker-1', 60_000);
      assert.isNotNull(claim);
      for (let index = 0; index < 300; index++) await context.platform.jobs.log(claim, 'info', `word ${index}`);
      await succeedSample(context.platform, claim);
      const [first, ...rest] = await Promise.all(readers);
      const stored = await eventsOf(context.platform, job.id);
      assert.deepEqual(first, stored);
      for (const one of rest) assert.deepEqual(one, stored);
      assert.lengthOf(stored, 304);
    },
  },
  {
    name: 'a reader that is slow misses no event but progress, and the newest progress reaches it',
    async run(context) {
      const job = await submitSample(context);
      const controller = new AbortController();
      const reader = context.other.jobs.events(job.id, 0, controller.signal)[Symbol.asyncIterator]();
      assert.equal((await reader.next()).value?.seq, 1);
      const claim = await context.platform.jobs.claim(job.id, 'worker-1', 60_000);
      assert.isNotNull(claim);
      for (let index = 0; index < 600; index++) await context.platform.jobs.log(claim, 'info', `word ${index}`);
      await succeedSample(context.platform, claim);
      const seen: JobEvent[] = [];
      for (let next = await reader.next(); !next.done; next = await reader.next()) seen.push(next.value);
      assert.deepEqual(seen.filter((event) => event.type === 'log').map((event) => event.data.message), Array.from({ length: 600 }, (_, index) => `word ${index}`));
      assert.equal(seen.at(-1)?.type, 'succeeded');
    },
  },
  {
    name: 'progress is stored at most ten times a second, the last of a burst included',
    async run(context) {
      const { jobs } = context.platform;
      const claim = await claimSample(context);
      const before = performance.now();
      for (let index = 1; index <= 500; index++) assert.isTrue(await jobs.progress(claim, { fraction: index / 1000, stage: 'computing', message: `${index}` }));
      const last = new Promise<void>((resolve) => {
        void (async () => {
          for await (const event of jobs.events(claim.job.id, 0, AbortSignal.timeout(10_000))) if (event.type === 'progress' && event.data.message === '500') return resolve();
        })();
      });
      await last;
      const most = 4 + (performance.now() - before) / 100;
      await jobs.cancelled(claim);
      const stored = (await eventsOf(context.platform, claim.job.id)).filter((event) => event.type === 'progress');
      assert.isAtMost(stored.length, most);
      assert.deepEqual(stored.at(-1)?.data, { fraction: 0.5, stage: 'computing', message: '500', state: 'running' });
    },
  },
  {
    name: 'progress that waits to be stored comes before the part that follows it, and never after the end',
    async run(context) {
      const { jobs } = context.platform;
      const claim = await claimSample(context);
      await jobs.progress(claim, { fraction: 0.1, stage: 'computing', message: 'first' });
      await jobs.progress(claim, { fraction: 0.2, stage: 'computing', message: 'waits' });
      await succeedSample(context.platform, claim);
      const events = await eventsOf(context.platform, claim.job.id);
      assert.deepEqual(events.map((event) => (event.type === 'progress' ? event.data.message : event.type)), ['', '', 'first', 'waits', 'part', 'succeeded']);
    },
  },
  {
    name: 'an event that is too long for a notice arrives whole',
    async run(context) {
      const claim = await claimSample(context);
      const reader = context.other.jobs.events(claim.job.id, 1, AbortSignal.timeout(10_000))[Symbol.asyncIterator]();
      assert.equal((await reader.next()).value?.type, 'progress', 'the reader has read what is stored, and waits');
      const failed = reader.next();
      const problem = new CorrenteError('internal', 'é'.repeat(20_000)).toProblem();
      await context.platform.jobs.fail(claim, problem);
      assert.deepEqual((await failed).value?.data, problem);
    },
  },
  {
    name: 'a reader whose signal aborts ends without an error, and one of an unknown job is told',
    async run(context) {
      const job = await submitSample(context);
      const controller = new AbortController();
      const seen: JobEvent[] = [];
      for await (const event of context.platform.jobs.events(job.id, 0, controller.signal)) {
        seen.push(event);
        setTimeout(() => controller.abort(), 5);
      }
      assert.lengthOf(seen, 1);
      assert.equal(await codeOfFailure(eventsOf(context.platform, 'job_none')), 'job-not-found');
      await context.platform.jobs.cancel(job.id);
    },
  },
];
