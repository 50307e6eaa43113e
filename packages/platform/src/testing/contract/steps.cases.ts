/** What steps leave for later attempts: what they returned, checkpoints, provisional rows. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JsonValue } from '@corrente/shared/contract/json';
import { tableFromIPC } from 'apache-arrow';
import { assert } from 'vitest';
import type { Claim } from '../../platform.ts';
import { sampleEngine, sampleTable, writeSamplePart } from '../samples.ts';
import { claimSample, codeOfFailure, eventsOf, jobNow, leaseMs, reconcileNow, submitSample, type Case, type Context } from './case.ts';
import { filesOf, readBytes } from './results.cases.ts';

const lost = new CorrenteError('engine-crashed', 'lost on purpose').toProblem();

async function claimAgain({ platform }: Context, id: string): Promise<Claim> {
  const claim = await platform.jobs.claim(id, 'worker-2', leaseMs);
  assert.isNotNull(claim);
  await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
  return claim;
}

/** A claimed job that has declared its table. */
async function beginSample(context: Context): Promise<Claim> {
  const claim = await claimSample(context);
  await context.platform.jobs.begin(claim, sampleEngine, [sampleTable]);
  return claim;
}

async function rowsOf(context: Context, id: string, follow = false): Promise<string[]> {
  return [...(tableFromIPC(await readBytes(context.platform, id, follow)).getChild('a') ?? [])];
}

const values: JsonValue[] = [null, 0, -1.5, 1e300, 5e-324, 'ü\u0000', [], {}, { z: 1, a: [true, { deep: null }] }];

export const stepCases: readonly Case[] = [
  {
    name: 'what steps returned is given to the next attempt as it was, with the engines that computed them',
    async run(context) {
      const { jobs } = context.platform;
      const first = await beginSample(context);
      for (const [step, returned] of values.entries()) assert.isTrue(await jobs.storeStep(first, step, [], returned));
      await jobs.release(first, lost);
      const second = await claimAgain(context, first.job.id);
      assert.deepEqual([...second.stored], [...values.entries()]);
      assert.equal(JSON.stringify(second.stored.get(8)), JSON.stringify(values[8]), 'the order of keys too');
      assert.deepEqual(second.storedBy, [sampleEngine]);
      await jobs.cancelled(second);
    },
  },
  {
    name: 'the last note before a release is given to the next attempt, and is gone once its step is stored',
    async run(context) {
      const { jobs } = context.platform;
      const first = await beginSample(context);
      for (let tick = 0; tick < 50; tick++) assert.isTrue(await jobs.checkpoint(first, 0, JSON.stringify({ tick })));
      await jobs.release(first, lost);
      const second = await claimAgain(context, first.job.id);
      assert.deepEqual(second.checkpoint, { tick: 49 });
      await jobs.storeStep(second, 0, []);
      await jobs.release(second, lost);
      const third = await claimAgain(context, first.job.id);
      assert.isNull(third.checkpoint);
      await jobs.checkpoint(third, 1, '"next"');
      await jobs.release(third, lost, { orderly: true });
      const fourth = await claimAgain(context, first.job.id);
      assert.equal(fourth.checkpoint, 'next');
      await jobs.cancelled(fourth);
    },
  },
  {
    name: 'many notes a second cost few writes, and the last of them is written within a second',
    async run(context) {
      const { jobs } = context.platform;
      const claim = await beginSample(context);
      const versionOf = { name: 'row-version', text: 'select xmin::text as version, checkpoint from jobs where id = $1' };
      const seen = new Set<unknown>();
      const started = performance.now();
      for (let tick = 0; performance.now() - started < 1200; tick++) {
        await jobs.checkpoint(claim, 0, String(tick));
        const [row] = await context.platform.database.query<{ version: string; checkpoint: number }>(versionOf, [claim.job.id]);
        seen.add(row?.version);
      }
      // Claim and begin wrote one version; then one at once, and one each half second.
      assert.isAtMost(seen.size, 1 + Math.ceil((performance.now() - started) / 500) + 1);
      await jobs.checkpoint(claim, 0, '"last"');
      const until = performance.now() + 5000;
      let last: unknown;
      while (last !== 'last' && performance.now() < until) last = (await context.platform.database.query<{ checkpoint: unknown }>(versionOf, [claim.job.id]))[0]?.checkpoint;
      assert.equal(last, 'last');
      await jobs.cancelled(claim);
    },
  },
  {
    name: 'a new checkpoint between losses starts their count anew, and the same one again does not',
    async run(context) {
      const { jobs } = context.platform;
      const job = await submitSample(context);
      const attempt = async (note: string | null): Promise<string | null> => {
        const claim = await claimAgain(context, job.id);
        if (note !== null) await jobs.checkpoint(claim, 0, note);
        return jobs.release(claim, lost);
      };
      for (const note of ['1', '2', '3', '4', '4', '5', null]) assert.equal(await attempt(note), 'queued');
      assert.equal(await attempt('5'), 'failed');
    },
  },
  {
    name: 'an attempt that was given up leaves no note any more',
    async run(context) {
      const { jobs } = context.platform;
      const old = await beginSample(context);
      await jobs.release(old, lost);
      assert.isFalse(await jobs.checkpoint(old, 0, '"late"'));
      assert.isFalse(await jobs.showParts(old, 0, [await writeSamplePart(context.platform, old, 'late', [['late', 1, 1]])]));
      const fresh = await claimAgain(context, old.job.id);
      assert.isNull(fresh.checkpoint);
      assert.deepEqual(await rowsOf(context, old.job.id), []);
      await jobs.cancelled(fresh);
    },
  },
  {
    name: 'provisional rows come after those for good to a reader of the moment, and never to one that follows',
    async run(context) {
      const { platform } = context;
      const claim = await beginSample(context);
      const followed = rowsOf(context, claim.job.id, true);
      assert.isTrue(await platform.jobs.showParts(claim, 1, [await writeSamplePart(platform, claim, 'early', [['shown 1', 1, 1]])]));
      const part = await writeSamplePart(platform, claim, 'pairs-0', [['good 0', 1, 1], ['good 0', 2, 2]]);
      const shown = await writeSamplePart(platform, claim, 'pairs-0-shown', [['shown 0', 1, 1]]);
      assert.isTrue(await platform.jobs.storeStep(claim, 0, [part, { ...shown, provisional: true }]));
      assert.deepEqual(await rowsOf(context, claim.job.id), ['good 0', 'good 0', 'shown 0', 'shown 1']);
      assert.deepInclude((await jobNow(context, claim.job.id)).tables[0], { rows: 2, parts: 1, provisionalRows: 2, complete: false });
      await platform.jobs.succeed(claim, {}, 'provisional');
      assert.deepEqual(await followed, ['good 0', 'good 0']);
      assert.deepEqual(await rowsOf(context, claim.job.id), ['good 0', 'good 0']);
      assert.deepInclude((await jobNow(context, claim.job.id)).tables[0], { rows: 2, parts: 1, provisionalRows: 0, complete: true });
      const told = (await eventsOf(platform, claim.job.id)).flatMap((event) => (event.type === 'part' ? [event.data] : []));
      assert.deepEqual(told, [
        { table: 'pairs', part: 1, rows: 1, totalRows: 1, provisional: true },
        { table: 'pairs', part: 1, rows: 2, totalRows: 2 },
        { table: 'pairs', part: 2, rows: 1, totalRows: 2, provisional: true },
      ]);
      await reconcileNow(platform);
      assert.deepEqual(await filesOf(platform, claim.job.id), ['1/pairs-0']);
    },
  },
  {
    name: 'the next attempt keeps the provisional rows of stored steps and drops those of the step that was interrupted',
    async run(context) {
      const { platform } = context;
      const first = await beginSample(context);
      const kept = await writeSamplePart(platform, first, 'kept-0', [['kept', 1, 1]]);
      await platform.jobs.storeStep(first, 0, [{ ...kept, provisional: true }]);
      await platform.jobs.showParts(first, 1, [await writeSamplePart(platform, first, 'interrupted-1', [['interrupted', 1, 1]])]);
      await platform.jobs.release(first, lost);
      assert.deepEqual(await rowsOf(context, first.job.id), ['kept', 'interrupted'], 'until it begins');
      const second = await claimAgain(context, first.job.id);
      await platform.jobs.showParts(second, 1, [await writeSamplePart(platform, second, 'again-1', [['again', 1, 1]])]);
      assert.deepEqual(await rowsOf(context, first.job.id), ['kept', 'again']);
      await reconcileNow(platform);
      assert.deepEqual(await filesOf(platform, first.job.id), ['1/kept-0', '2/again-1']);
      await platform.jobs.fail(second, lost);
      assert.deepEqual(await rowsOf(context, first.job.id), ['kept', 'again'], 'a failed job goes on showing them');
      assert.equal(await codeOfFailure(readBytes(platform, first.job.id, true)), 'engine-crashed');
    },
  },
];
