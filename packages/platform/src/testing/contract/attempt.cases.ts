/** Claims, leases, steps, and the fence around attempts that were given up. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { assert } from 'vitest';
import type { Claim } from '../../platform.ts';
import type { OpenPlatform } from '../../open.ts';
import { sampleEngine, sampleTable, succeedSample, writeSamplePart } from '../samples.ts';
import { claimSample, codeOfFailure, eventsOf, jobNow, leaseMs, reconcileNow, submitSample, type Case } from './case.ts';

const problem = new CorrenteError('engine-crashed', 'the engine process ended with SIGSEGV').toProblem();

/** Everything that an attempt can do, each answering whether it still may. */
async function tryEverything(platform: OpenPlatform, claim: Claim): Promise<Record<string, boolean>> {
  const { jobs } = platform;
  const part = await writeSamplePart(platform, claim, 'late-0', [['late', 1, 1]]);
  return {
    renew: (await jobs.renew(claim, leaseMs)) !== null,
    progress: await jobs.progress(claim, { fraction: 0.9, stage: 'late', message: '' }),
    log: await jobs.log(claim, 'info', 'late'),
    begin: await jobs.begin(claim, { ...sampleEngine, reason: 'late' }, []),
    storeStep: await jobs.storeStep(claim, 0, [part]),
    succeedFromCache: await jobs.succeedFromCache(claim, 'any'),
    succeed: await jobs.succeed(claim, {}, 'late'),
    fail: await jobs.fail(claim, problem),
    cancelled: await jobs.cancelled(claim),
    release: (await jobs.release(claim, problem)) !== null,
  };
}

const nothingMay = { renew: false, progress: false, log: false, begin: false, storeStep: false, succeedFromCache: false, succeed: false, fail: false, cancelled: false, release: false };

export const attemptCases: readonly Case[] = [
  {
    name: 'of many concurrent claims from two processes exactly one wins',
    async run(context) {
      const job = await submitSample(context);
      const claims = await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 ? context.platform : context.other).jobs.claim(job.id, `worker-${index}`, leaseMs)));
      const won = claims.filter((claim) => claim !== null);
      assert.lengthOf(won, 1);
      const now = await jobNow(context, job.id);
      assert.equal(now.state, 'running');
      assert.equal(now.attempt, 1);
      assert.isNotNull(now.startedAt);
      assert.isAtLeast(now.timings.queuedMs ?? -1, 0);
      if (won[0]) await context.platform.jobs.cancelled(won[0]);
    },
  },
  {
    name: 'an attempt that was taken over by another worker may do nothing any more, and the new one may go on',
    async run(context) {
      const old = await claimSample(context, 0);
      const fresh = await context.other.jobs.claim(old.job.id, 'worker-2', leaseMs);
      assert.equal(fresh?.attempt, 2);
      assert.deepEqual(await tryEverything(context.platform, old), nothingMay);
      const job = await jobNow(context, old.job.id);
      assert.equal(job.state, 'running');
      assert.isNull(job.engine);
      assert.isNotNull(fresh);
      await succeedSample(context.platform, fresh);
      assert.equal((await jobNow(context, old.job.id)).tables[0]?.rows, 2);
      assert.deepEqual(await tryEverything(context.platform, fresh), nothingMay);
    },
  },
  {
    name: 'an attempt that was released or whose lease was given up may do nothing any more, although no one has taken the job',
    async run(context) {
      const released = await claimSample(context);
      assert.equal(await context.platform.jobs.release(released, problem), 'queued');
      assert.deepEqual(await tryEverything(context.platform, released), nothingMay);
      const lapsed = await claimSample(context, 0);
      await reconcileNow(context.platform);
      assert.deepEqual(await tryEverything(context.platform, lapsed), nothingMay);
      assert.equal((await jobNow(context, lapsed.job.id)).state, 'queued');
      await context.platform.jobs.cancel(released.job.id);
      await context.platform.jobs.cancel(lapsed.job.id);
    },
  },
  {
    name: 'the same worker that claims again cannot write under its earlier attempt',
    async run(context) {
      const { platform } = context;
      const first = await claimSample(context, 0);
      const second = await platform.jobs.claim(first.job.id, first.worker, leaseMs);
      assert.isNotNull(second);
      assert.deepEqual(await tryEverything(platform, first), nothingMay);
      assert.isTrue(await platform.jobs.cancelled(second));
    },
  },
  {
    name: 'a job whose lease lapsed goes back into the queue and, the third time, fails as worker-lost',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      for (let attempt = 1; attempt <= 3; attempt++) {
        const claim = await platform.jobs.claim(job.id, 'worker-1', 0);
        assert.equal(claim?.attempt, attempt);
        await reconcileNow(platform);
        const now = await jobNow(context, job.id);
        assert.equal(now.state, attempt < 3 ? 'queued' : 'failed');
        assert.equal(now.error?.code, attempt < 3 ? undefined : 'worker-lost');
        if (attempt < 3) assert.isTrue(await platform.queue.has(job.id, attempt));
      }
      assert.isNull(await platform.jobs.claim(job.id, 'worker-1', leaseMs));
      assert.lengthOf((await eventsOf(platform, job.id)).filter((event) => event.type === 'failed'), 1);
    },
  },
  {
    name: 'a lease that is renewed does not lapse',
    async run(context) {
      const claim = await claimSample(context, 0);
      assert.isNotNull(await context.platform.jobs.renew(claim, leaseMs));
      await reconcileNow(context.platform);
      assert.isNull(await context.other.jobs.claim(claim.job.id, 'worker-2', leaseMs));
      assert.equal((await jobNow(context, claim.job.id)).state, 'running');
      await context.platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a job given back is queued again with the reason as its message, and fails with the reason after three losses in a row',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      for (const expected of ['queued', 'queued', 'failed']) {
        const claim = await platform.jobs.claim(job.id, 'worker-1', leaseMs);
        assert.isNotNull(claim);
        assert.equal(await platform.jobs.release(claim, problem), expected);
        if (expected === 'queued') assert.equal((await jobNow(context, job.id)).progress.message, problem.detail);
      }
      assert.deepEqual((await jobNow(context, job.id)).error, problem);
    },
  },
  {
    name: 'an orderly release is no loss, and a step stored between losses starts their count anew',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      const attempt = async (loss: boolean, step: number | null): Promise<'queued' | 'failed' | null> => {
        const claim = await platform.jobs.claim(job.id, 'worker-1', leaseMs);
        assert.isNotNull(claim);
        await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
        if (step !== null) await platform.jobs.storeStep(claim, step, [await writeSamplePart(platform, claim, `pairs-${step}`, [['a', step, step]])]);
        return platform.jobs.release(claim, problem, { orderly: !loss });
      };
      for (let restart = 0; restart < 4; restart += 1) assert.equal(await attempt(false, null), 'queued');
      for (const step of [null, null, 0, null, 1, null]) assert.equal(await attempt(true, step), 'queued');
      assert.equal(await attempt(true, null), 'failed');
    },
  },
  {
    name: 'an attempt after a lost worker keeps the steps that were stored and adds its own behind them',
    async run(context) {
      const { platform } = context;
      const first = await claimSample(context, 0);
      await platform.jobs.begin(first, sampleEngine, [sampleTable]);
      for (const step of [0, 1]) {
        await platform.jobs.storeStep(first, step, [await writeSamplePart(platform, first, `pairs-${step}`, [['a', step, step]])]);
      }
      const second = await context.other.jobs.claim(first.job.id, 'worker-2', leaseMs);
      assert.isNotNull(second);
      assert.deepEqual([...second.stored], [[0, null], [1, null]]);
      assert.isTrue(await platform.jobs.begin(second, sampleEngine, [sampleTable]));
      const part = await writeSamplePart(platform, second, 'pairs-2', [['c', 2, 2], ['d', 3, 3]]);
      assert.isTrue(await platform.jobs.storeStep(second, 2, [part]));
      const [table] = (await platform.jobs.tables(first.job.id)) ?? [];
      assert.include(table, { rows: 4, parts: 3, complete: false });
      assert.isTrue(await platform.jobs.succeed(second, {}, 'steps'));
      const parts = (await eventsOf(platform, first.job.id)).filter((event) => event.type === 'part');
      assert.deepEqual(parts.map((event) => event.data), [
        { table: 'pairs', part: 1, rows: 1, totalRows: 1 },
        { table: 'pairs', part: 2, rows: 1, totalRows: 2 },
        { table: 'pairs', part: 3, rows: 2, totalRows: 4 },
      ]);
    },
  },
  {
    name: 'a step is stored once, all its parts or none',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context);
      await platform.jobs.begin(claim, sampleEngine, [sampleTable, { ...sampleTable, name: 'second' }]);
      const parts = [
        await writeSamplePart(platform, claim, 'pairs-0', [['a', 1, 1]]),
        await writeSamplePart(platform, claim, 'second-0', [['a', 1, 1], ['b', 2, 2]], 'second'),
        await writeSamplePart(platform, claim, 'pairs-1', [['c', 1, 1]]),
      ];
      assert.isTrue(await platform.jobs.storeStep(claim, 0, parts));
      assert.isTrue(await platform.jobs.storeStep(claim, 0, parts), 'the same step sent again, its answer lost');
      assert.equal(await codeOfFailure(platform.jobs.storeStep(claim, 0, parts.slice(1))), 'internal');
      const undeclared = await writeSamplePart(platform, claim, 'third-0', [['a', 1, 1]], 'third');
      const declared = await writeSamplePart(platform, claim, 'pairs-2', [['a', 1, 1]]);
      assert.equal(await codeOfFailure(platform.jobs.storeStep(claim, 1, [declared, undeclared])), 'internal');
      assert.isTrue(await platform.jobs.storeStep(claim, 1, []), 'a step without parts');
      const tables = (await platform.jobs.tables(claim.job.id)) ?? [];
      assert.deepEqual(tables.map(({ name, rows, parts: count }) => [name, rows, count]), [['pairs', 2, 2], ['second', 2, 1]]);
      await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a part outside the folder of its attempt, or shorter than was said, is refused',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context);
      await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
      const part = await writeSamplePart(platform, claim, 'pairs-0', [['a', 1, 1]]);
      for (const path of [`${claim.job.id}/2/pairs-0`, `${claim.job.id}/1/../1/pairs-0`, '../secret', `${claim.job.id}/1/..`]) {
        assert.equal(await codeOfFailure(platform.jobs.storeStep(claim, 0, [{ ...part, path }])), 'internal');
      }
      await writeFile(join(platform.results.folder, part.path), 'cut');
      assert.equal(await codeOfFailure(platform.jobs.storeStep(claim, 0, [part])), 'internal');
      assert.equal((await jobNow(context, claim.job.id)).tables[0]?.rows, 0);
      await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a failed job keeps its error, its place and its engine',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context);
      await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
      await platform.jobs.progress(claim, { fraction: 0.25, stage: 'computing', message: 'half of the half' });
      assert.isTrue(await platform.jobs.fail(claim, problem));
      const job = await jobNow(context, claim.job.id);
      assert.deepInclude(job, { state: 'failed', error: problem, engine: sampleEngine, progress: { fraction: 0.25, stage: 'computing', message: 'half of the half' } });
      assert.isAtLeast(job.timings.runMs ?? -1, 0);
      assert.isFalse(job.tables[0]?.complete);
    },
  },
];
