/** Jobs that several workers share: dealing out, storing with the parent, and what becomes of it. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Job } from '@corrente/shared/contract/job';
import { tableFromIPC } from 'apache-arrow';
import { assert } from 'vitest';
import type { Claim } from '../../platform.ts';
import { sampleEngine, sampleTable, writeSamplePart } from '../samples.ts';
import { claimSample, codeOfFailure, eventsOf, jobNow, leaseMs, reconcileNow, type Case, type Context } from './case.ts';
import { filesOf, readBytes } from './results.cases.ts';

const lost = new CorrenteError('engine-crashed', 'lost on purpose').toProblem();
const broken = new CorrenteError('constant-series', 'series a does not vary').toProblem();

/** Six steps of which the last needs the others, shared by three. */
const work = { steps: [0, 1, 2, 3, 4].map((step) => ({ step, work: step + 1 })), totalWork: 20 };

async function share(context: Context, workers = 3): Promise<{ parent: Claim; shares: Job[] }> {
  const parent = await claimSample(context, leaseMs, { workers });
  await context.platform.jobs.begin(parent, sampleEngine, [sampleTable]);
  assert.isTrue(await context.platform.jobs.shareOut(parent, work));
  return { parent, shares: await sharesOf(context, parent.job.id) };
}

async function sharesOf({ platform }: Context, parent: string): Promise<Job[]> {
  const { items } = await platform.jobs.list({ parent });
  return items.toSorted((one, other) => (one.share?.index ?? -1) - (other.share?.index ?? -1));
}

async function claimShare({ platform }: Context, job: Job | undefined, lease = leaseMs): Promise<Claim> {
  const claim = job && (await platform.jobs.claim(job.id, `worker of ${job.id}`, lease));
  assert.isOk(claim);
  await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
  return claim;
}

/** Stores a step with one row that names it. */
async function storeRow({ platform }: Context, claim: Claim, step: number, provisional = false): Promise<boolean> {
  const part = await writeSamplePart(platform, claim, `pairs-${step}`, [[`step ${step}`, step, step]]);
  return platform.jobs.storeStep(claim, step, [{ ...part, provisional }], { step });
}

async function runShare(context: Context, job: Job | undefined): Promise<Claim> {
  const claim = await claimShare(context, job);
  for (const step of claim.share?.steps ?? []) if (!claim.stored.has(step)) assert.isTrue(await storeRow(context, claim, step));
  assert.isTrue(await context.platform.jobs.succeed(claim, { computeMs: 10 }, 'the identity of a share is none'));
  return claim;
}

async function rowsOf(context: Context, id: string, follow = false): Promise<string[]> {
  return [...(tableFromIPC(await readBytes(context.platform, id, follow)).getChild('a') ?? [])];
}

const states = async (context: Context, jobs: readonly Job[]): Promise<string[]> => Promise.all(jobs.map(async ({ id }) => (await jobNow(context, id)).state));

export const shareCases: readonly Case[] = [
  {
    name: 'a job that is shared out waits, held by no worker, for jobs that are dealt its steps in turn and stand in no list',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context);
      const job = await jobNow(context, parent.job.id);
      assert.deepInclude(job, { state: 'running', shares: 3, attempt: 1 });
      assert.deepEqual(shares.map((one) => one.share), [0, 1, 2].map((index) => ({ parent: job.id, index, of: 3 })));
      for (const one of shares) assert.isTrue(await platform.queue.has(one.id));
      const listed = (await platform.jobs.list({ limit: 500 })).items.map(({ id }) => id);
      assert.include(listed, job.id);
      for (const one of shares) assert.notInclude(listed, one.id);
      assert.isNull(await platform.jobs.claim(job.id, 'worker-2', leaseMs), 'there is nothing to do for it');
      assert.isNull(await platform.jobs.renew(parent, leaseMs), 'nor may its worker go on');
      await reconcileNow(platform);
      assert.equal((await jobNow(context, job.id)).state, 'running');
      const claims = await Promise.all(shares.map((one) => claimShare(context, one)));
      assert.deepEqual(claims.map((claim) => claim.share?.steps), [[0, 3], [1, 4], [2]]);
      assert.deepEqual(claims.map((claim) => claim.share?.engine), [sampleEngine, sampleEngine, sampleEngine]);
      await platform.jobs.cancel(job.id);
      for (const claim of claims) await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'there are never more shares than steps, and an attempt that was given up shares nothing out',
    async run(context) {
      const { parent, shares } = await share(context, 64);
      assert.lengthOf(shares, 5);
      await context.platform.jobs.cancel(parent.job.id);
      const late = await claimSample(context, 0, { workers: 2 });
      await reconcileNow(context.platform);
      assert.isFalse(await context.platform.jobs.shareOut(late, work));
      assert.lengthOf(await sharesOf(context, late.job.id), 0);
      await context.platform.jobs.cancel(late.job.id);
    },
  },
  {
    name: 'what shares store is read from the parent in the order of the steps, whatever the order it came in',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context);
      const id = parent.job.id;
      const stream = platform.results.readArrow(id, 'pairs', { follow: true, signal: AbortSignal.timeout(10_000) });
      const followed = (async () => {
        const chunks: Uint8Array[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        return [...(tableFromIPC(Buffer.concat(chunks)).getChild('a') ?? [])];
      })();
      const [first, second, third] = [await claimShare(context, shares[0]), await claimShare(context, shares[1]), await claimShare(context, shares[2])];
      for (const [claim, step] of [[third, 2], [second, 1], [second, 4]] as const) await storeRow(context, claim, step);
      assert.deepEqual(await rowsOf(context, id), ['step 1', 'step 2', 'step 4'], 'what is there now');
      for (const step of [0, 3]) await storeRow(context, first, step);
      assert.equal(await codeOfFailure(readBytes(platform, shares[0]?.id ?? '', false)), 'table-not-found');
      for (const claim of [third, first, second]) assert.isTrue(await platform.jobs.succeed(claim, { computeMs: 10, storeMs: 1 }, 'none'));
      const queued = await jobNow(context, id);
      assert.deepInclude(queued, { state: 'queued', attempt: 1, timings: { ...queued.timings, computeMs: 30, storeMs: 3 } });
      assert.closeTo(queued.progress.fraction, 15 / 20, 1e-12);
      assert.isTrue(await platform.queue.has(id, 1));
      const last = await platform.jobs.claim(id, 'worker-9', leaseMs);
      assert.deepEqual([...(last?.stored ?? [])], [0, 1, 2, 3, 4].map((step) => [step, { step }]));
      assert.equal(last?.job.shares, 3);
      assert.isNotNull(last);
      await storeRow(context, last, 5);
      await platform.jobs.succeed(last, {}, 'shared identity of a parent');
      const all = [0, 1, 2, 3, 4, 5].map((step) => `step ${step}`);
      assert.deepEqual(await followed, all);
      assert.deepEqual(await rowsOf(context, id, true), all);
    },
  },
  {
    name: 'twenty shares that store at once leave no step behind in the stream that follows',
    async run(context) {
      const { platform } = context;
      const parent = await claimSample(context, leaseMs, { workers: 20 });
      await platform.jobs.begin(parent, sampleEngine, [sampleTable]);
      await platform.jobs.shareOut(parent, { steps: Array.from({ length: 20 }, (_, step) => ({ step, work: 1 })), totalWork: 20 });
      const shares = await sharesOf(context, parent.job.id);
      const claims = await Promise.all(shares.map((one) => claimShare(context, one)));
      await Promise.all(claims.map((claim) => storeRow(context, claim, claim.share?.steps[0] ?? -1)));
      const [row] = await platform.database.query<{ stored_steps: number }>({ name: 'stored-steps-of', text: 'select stored_steps from jobs where id = $1' }, [parent.job.id]);
      assert.equal(row?.stored_steps, 20);
      assert.equal((await jobNow(context, parent.job.id)).tables[0]?.rows, 20);
      await Promise.all(claims.map((claim) => platform.jobs.succeed(claim, {}, 'none')));
      assert.equal((await jobNow(context, parent.job.id)).state, 'queued', 'told once the last of them has ended, whichever it was');
      await platform.jobs.cancel(parent.job.id);
      await platform.jobs.delete(parent.job.id);
    },
  },
  {
    name: 'the parent tells the progress of its shares by their work, what they log, and the rows they show',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context, 2);
      const [first, second] = [await claimShare(context, shares[0]), await claimShare(context, shares[1])];
      await platform.jobs.log(first, 'warn', 'ties');
      await storeRow(context, second, 1, true);
      assert.deepInclude((await jobNow(context, parent.job.id)).tables[0], { rows: 0, provisionalRows: 1 });
      await platform.jobs.progress(first, { fraction: 0.5, stage: 'computing', message: '' });
      await platform.jobs.progress(second, { fraction: 1, stage: 'computing', message: '' });
      // Shares 0 and 1 have the work 1 + 3 + 5 and 2 + 4 of 20.
      const expected = (0.5 * 9 + 6) / 20;
      const told = async () => (await jobNow(context, parent.job.id)).progress.fraction;
      for (const until = performance.now() + 5000; Math.abs((await told()) - expected) > 1e-12 && performance.now() < until; ) await new Promise((resolve) => setTimeout(resolve, 20));
      assert.closeTo(await told(), expected, 1e-12);
      await platform.jobs.cancel(parent.job.id);
      const events = await eventsOf(platform, parent.job.id);
      assert.deepInclude(events.find((event) => event.type === 'log'), { data: { level: 'warn', message: 'ties' } });
      assert.deepEqual(events.filter((event) => event.type === 'part').map((event) => event.data.provisional), [true]);
      for (const claim of [first, second]) await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a share whose worker is lost runs again behind what it had stored, and the others never notice',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context);
      const gone = await claimShare(context, shares[0], 0);
      await storeRow(context, gone, 0);
      await platform.jobs.checkpoint(gone, 3, '"half of step 3"');
      await reconcileNow(platform);
      assert.isFalse(await storeRow(context, gone, 3), 'its fence is closed');
      const again = await claimShare(context, shares[0]);
      assert.equal(again.attempt, 2);
      assert.deepEqual([...again.stored], [[0, { step: 0 }]]);
      assert.equal(again.checkpoint, 'half of step 3');
      await platform.jobs.release(again, lost, { orderly: true });
      for (const one of shares) await runShare(context, one);
      assert.deepInclude(await jobNow(context, parent.job.id), { state: 'queued', attempt: 1 });
      assert.deepEqual(await rowsOf(context, parent.job.id), [0, 1, 2, 3, 4].map((step) => `step ${step}`));
      await platform.jobs.cancel(parent.job.id);
    },
  },
  {
    name: 'a share that fails fails the parent with its error, ends queued shares, and asks the workers of running ones',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context);
      const [first, second] = [await claimShare(context, shares[0]), await claimShare(context, shares[1])];
      assert.isTrue(await platform.jobs.fail(first, broken));
      assert.deepInclude(await jobNow(context, parent.job.id), { state: 'failed', error: broken });
      assert.deepEqual(await states(context, shares), ['failed', 'running', 'cancelled']);
      assert.deepEqual(await platform.jobs.renew(second, leaseMs), { cancelRequested: true });
      assert.isFalse(await storeRow(context, second, 1), 'nothing is added to a job that has ended');
      assert.equal(await codeOfFailure(platform.jobs.delete(parent.job.id)), 'job-not-final');
      await platform.jobs.cancelled(second);
      assert.lengthOf((await eventsOf(platform, parent.job.id)).filter((event) => event.type === 'failed'), 1);
      await platform.jobs.delete(parent.job.id);
      for (const one of shares) assert.isNull(await platform.jobs.get(one.id));
    },
  },
  {
    name: 'a share that loses too many workers in a row fails the parent',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context, 2);
      for (let loss = 1; loss <= 3; loss++) {
        await claimShare(context, shares[1], 0);
        await reconcileNow(platform);
      }
      assert.deepInclude((await jobNow(context, parent.job.id)).error, { code: 'worker-lost' });
      assert.deepEqual(await states(context, shares), ['cancelled', 'failed']);
    },
  },
  {
    name: 'cancelling the parent ends it at once and reaches the worker of each share',
    async run(context) {
      const { platform, other } = context;
      const { parent, shares } = await share(context);
      const running = await claimShare(context, shares[2]);
      const asked = new Promise<string>((resolve) => {
        const stop = platform.jobs.onCancel((id) => {
          if (id !== running.job.id) return;
          stop();
          resolve(id);
        });
      });
      assert.equal((await other.jobs.cancel(parent.job.id)).state, 'cancelled');
      await asked;
      assert.deepEqual(await states(context, shares), ['cancelled', 'cancelled', 'running']);
      assert.isTrue(await platform.jobs.cancelled(running));
      for (const one of shares.slice(0, 2)) assert.isFalse(await platform.queue.has(one.id));
      await reconcileNow(platform);
      assert.equal((await jobNow(context, parent.job.id)).state, 'cancelled');
    },
  },
  {
    name: 'a share cannot be cancelled or deleted by itself',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context, 2);
      const id = shares[0]?.id ?? '';
      assert.equal(await codeOfFailure(platform.jobs.cancel(id)), 'job-is-share');
      await platform.jobs.cancel(parent.job.id);
      assert.equal(await codeOfFailure(platform.jobs.delete(id)), 'job-is-share');
      assert.equal(await codeOfFailure(platform.jobs.cancel(id)), 'job-is-share');
    },
  },
  {
    name: 'deleting a job that was shared removes the files of its shares, unless another job shares its result',
    async run(context) {
      const { platform } = context;
      const { parent, shares } = await share(context, 2);
      for (const one of shares) await runShare(context, one);
      const last = await platform.jobs.claim(parent.job.id, 'worker-9', leaseMs);
      assert.isNotNull(last);
      await platform.jobs.succeed(last, {}, 'identity of a deleted parent');
      const cached = await claimSample(context);
      assert.isTrue(await platform.jobs.succeedFromCache(cached, 'identity of a deleted parent'));
      await platform.jobs.delete(parent.job.id);
      assert.lengthOf(await rowsOf(context, cached.job.id, true), 5);
      await platform.jobs.delete(cached.job.id);
      for (const one of shares) assert.deepEqual(await filesOf(platform, one.id), []);
    },
  },
  {
    name: 'a pass mends a parent that was not told of its shares, and shares that were not told of their parent',
    async run(context) {
      const { platform } = context;
      const done = await share(context, 2);
      const ended = await share(context, 2);
      // As a crash between two statements leaves them.
      const rows = (name: string, text: string, id: string) => platform.database.query({ name, text }, [id]);
      await rows('end-shares', `update jobs set state = 'succeeded', finished_at = now() where parent_id = $1`, done.parent.job.id);
      await rows('end-parent', `update jobs set state = 'cancelled', waiting = false, finished_at = now() where id = $1`, ended.parent.job.id);
      await reconcileNow(platform);
      assert.equal((await jobNow(context, done.parent.job.id)).state, 'queued');
      assert.isTrue(await platform.queue.has(done.parent.job.id, 1));
      assert.deepEqual(await states(context, ended.shares), ['cancelled', 'cancelled']);
      await platform.jobs.cancel(done.parent.job.id);
    },
  },
];
