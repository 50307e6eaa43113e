/** Results: the stream, following it, sharing and removing its files. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { tableFromIPC } from 'apache-arrow';
import { assert } from 'vitest';
import type { OpenPlatform } from '../../open.ts';
import { sampleEngine, sampleTable, succeedSample, writeSamplePart } from '../samples.ts';
import { claimSample, codeOfFailure, collect, jobNow, reconcileNow, submitSample, type Case } from './case.ts';

/** The bytes of a table, as its readers get them. */
export async function readBytes(platform: OpenPlatform, id: string, follow: boolean, table = 'pairs'): Promise<Buffer> {
  return Buffer.concat(await collect(platform.results.readArrow(id, table, { follow, signal: AbortSignal.timeout(10_000) })));
}

/** The part files in a job's folder. */
export async function filesOf(platform: OpenPlatform, id: string): Promise<string[]> {
  const files = await readdir(join(platform.results.folder, id), { recursive: true }).catch(() => []);
  return files.filter((file) => file.includes('-')).sort();
}

export const resultCases: readonly Case[] = [
  {
    name: 'a result reads as one Arrow stream with units in its schema and every row in order',
    async run(context) {
      const claim = await claimSample(context);
      await succeedSample(context.platform, claim);
      const table = tableFromIPC(await readBytes(context.other, claim.job.id, true));
      assert.deepEqual(table.toArray().map((row) => row.toJSON()), [{ a: 'x', r: 0.5, n: 10 }, { a: 'y', r: null, n: 20 }]);
      const r = table.schema.fields[1];
      assert.equal(r?.type.toString(), 'Float64');
      assert.equal(r?.metadata.get('unit'), '1');
      assert.equal(r?.metadata.get('description'), 'Correlation coefficient');
      assert.isTrue((await jobNow(context, claim.job.id)).tables[0]?.complete);
    },
  },
  {
    name: 'a reader that follows from before the job began gets every part as it comes and ends with the job',
    async run(context) {
      const { platform } = context;
      const job = await submitSample(context);
      const stream = context.other.results.readArrow(job.id, 'pairs', { follow: true, signal: AbortSignal.timeout(10_000) })[Symbol.asyncIterator]();
      const first = stream.next();
      const claim = await platform.jobs.claim(job.id, 'worker-1', 60_000);
      assert.isNotNull(claim);
      await platform.jobs.begin(claim, sampleEngine, [sampleTable]);
      const chunks: Uint8Array[] = [];
      for (const step of [0, 1, 2]) {
        await platform.jobs.storeStep(claim, step, [await writeSamplePart(platform, claim, `pairs-${step}`, [['a', step, step]])]);
        // The schema comes with the first part; then one chunk is one part, before the next is stored.
        const next = step === 0 ? [await first, await stream.next()] : [await stream.next()];
        for (const { value } of next) if (value) chunks.push(value);
      }
      const end = stream.next();
      await platform.jobs.succeed(claim, {}, 'followed');
      chunks.push((await end).value ?? new Uint8Array());
      assert.isTrue((await stream.next()).done);
      assert.deepEqual(tableFromIPC(Buffer.concat(chunks)).getChild('n')?.toJSON(), [0, 1, 2]);
    },
  },
  {
    name: 'without following, a reader gets what is there now and a well-formed end',
    async run(context) {
      const { platform } = context;
      const claim = await claimSample(context);
      assert.equal(await codeOfFailure(readBytes(platform, claim.job.id, false)), 'table-not-found');
      await platform.jobs.begin(claim, { ...sampleEngine, precision: 'f32' }, [sampleTable]);
      const empty = tableFromIPC(await readBytes(platform, claim.job.id, false));
      assert.equal(empty.numRows, 0);
      assert.equal(empty.schema.fields[1]?.type.toString(), 'Float32');
      await platform.jobs.cancelled(claim);
    },
  },
  {
    name: 'a job that fails or is cancelled while it is read ends the stream with that error',
    async run(context) {
      const { platform } = context;
      const failing = await claimSample(context);
      await platform.jobs.begin(failing, sampleEngine, [sampleTable]);
      const failed = codeOfFailure(readBytes(context.other, failing.job.id, true));
      await platform.jobs.fail(failing, new CorrenteError('engine-memory', 'ended by the kernel').toProblem());
      assert.equal(await failed, 'engine-memory');
      const cancelling = await claimSample(context);
      await platform.jobs.begin(cancelling, sampleEngine, [sampleTable]);
      const cancelled = codeOfFailure(readBytes(context.other, cancelling.job.id, true));
      await platform.jobs.cancelled(cancelling);
      assert.equal(await cancelled, 'cancelled');
    },
  },
  {
    name: 'a table or a job that is not there is told from one that is empty',
    async run(context) {
      const claim = await claimSample(context);
      await succeedSample(context.platform, claim);
      assert.equal(await codeOfFailure(readBytes(context.platform, claim.job.id, true, 'none')), 'table-not-found');
      assert.equal(await codeOfFailure(readBytes(context.platform, 'job_none', true)), 'job-not-found');
    },
  },
  {
    name: 'a job answered from a stored result succeeds at once with the same bytes, and says where they are from',
    async run(context) {
      const { platform } = context;
      const source = await claimSample(context);
      await succeedSample(platform, source, 'cached identity');
      const cached = await claimSample(context);
      assert.isFalse(await platform.jobs.succeedFromCache(cached, 'another identity'));
      assert.isTrue(await platform.jobs.succeedFromCache(cached, 'cached identity'));
      const job = await jobNow(context, cached.job.id);
      assert.deepInclude(job, { state: 'succeeded', cachedFrom: source.job.id, engine: sampleEngine });
      assert.deepEqual(job.tables, (await jobNow(context, source.job.id)).tables);
      assert.deepEqual(await readBytes(platform, cached.job.id, true), await readBytes(platform, source.job.id, true));
      assert.equal((await platform.jobs.list({ state: 'succeeded', limit: 1 })).items[0]?.id, cached.job.id);
    },
  },
  {
    name: 'shared files stay until the last job that shares them is deleted, and then they go',
    async run(context) {
      const { platform } = context;
      const source = await claimSample(context);
      await succeedSample(platform, source, 'shared identity');
      const sharers = [await claimSample(context), await claimSample(context)];
      for (const sharer of sharers) assert.isTrue(await platform.jobs.succeedFromCache(sharer, 'shared identity'));
      await platform.jobs.delete(source.job.id);
      assert.deepEqual(await filesOf(platform, source.job.id), ['1/pairs-0']);
      const late = await claimSample(context);
      assert.isTrue(await platform.jobs.succeedFromCache(late, 'shared identity'), 'a job that shares is a source too');
      for (const { job } of [...sharers, late]) {
        assert.equal(tableFromIPC(await readBytes(platform, job.id, true)).numRows, 2);
        await platform.jobs.delete(job.id);
      }
      assert.deepEqual(await filesOf(platform, source.job.id), []);
    },
  },
  {
    name: 'deleting a source while other jobs copy it leaves every copy whole',
    async run(context) {
      const { platform, other } = context;
      for (let round = 0; round < 5; round++) {
        const identity = `raced ${round}`;
        const source = await claimSample(context);
        await succeedSample(platform, source, identity);
        const claims = await Promise.all([claimSample(context), claimSample(context), claimSample(context)]);
        const [, ...copied] = await Promise.all([other.jobs.delete(source.job.id), ...claims.map((claim) => platform.jobs.succeedFromCache(claim, identity))]);
        for (const [index, claim] of claims.entries()) {
          if (copied[index]) assert.equal(tableFromIPC(await readBytes(platform, claim.job.id, true)).numRows, 2);
          else assert.isTrue(await platform.jobs.cancelled(claim));
        }
      }
    },
  },
  {
    name: 'files that an attempt left behind are swept, and what is stored or still being written stays',
    async run(context) {
      const { platform } = context;
      const first = await claimSample(context, 0);
      await platform.jobs.begin(first, sampleEngine, [sampleTable]);
      await platform.jobs.storeStep(first, 0, [await writeSamplePart(platform, first, 'pairs-0', [['a', 1, 1]])]);
      await writeSamplePart(platform, first, 'pairs-1', [['never stored', 1, 1]]);
      const second = await platform.jobs.claim(first.job.id, 'worker-2', 60_000);
      assert.isNotNull(second);
      await writeSamplePart(platform, second, 'pairs-1', [['not yet stored', 1, 1]]);
      await reconcileNow(platform);
      assert.deepEqual(await filesOf(platform, first.job.id), ['1/pairs-0', '2/pairs-1']);
      await platform.jobs.fail(second, new CorrenteError('internal', 'over').toProblem());
      await reconcileNow(platform);
      assert.deepEqual(await filesOf(platform, first.job.id), ['1/pairs-0']);
    },
  },
];
