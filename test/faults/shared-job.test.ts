import { addStepwise } from '@corrente/compute/run/stepwise.testing';
import { startWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import type { Job, JobSpecInput } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { startWorkerProcess } from './processes.ts';
import { bytesOf, follow, jobOf, submit } from './watched-job.ts';

const leaseMs = 1500;
const engineScript = new URL('stepwise-engine.ts', import.meta.url);

// Each test starts several worker and engine processes.
describe('a job that several workers share', { timeout: 120_000 }, () => {
  let test: TestPlatform;
  let sums: JobSpecInput;
  let averages: JobSpecInput;
  let network: JobSpecInput;

  const sharesOf = async (id: string): Promise<Job[]> => (await test.platform.jobs.list({ parent: id })).items;
  const runWith = async (spec: JobSpecInput, workers: number): Promise<Job> => (await follow(test.platform, await submit(test.platform, { ...spec, workers }))).job;

  beforeAll(async () => {
    addStepwise();
    test = await openPlatformForTests({ config: { leaseMs, reconcileMs: 300 } });
    const dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 7 })).id;
    sums = { analysis: 'stepwise', input: { dataset }, params: { steps: 5, ticks: 10 }, engine: 'portable', fresh: true };
    averages = { analysis: 'moving-average', input: { dataset }, params: { kinds: ['sma', 'std', 'ema', 'wma', 'max'], windows: [10, 50, 100, 500] }, engine: 'portable', fresh: true };
    const permutations = { maxStatistic: 40, minStatistic: 40, omnibus: 40, sequential: 40 };
    const params = { estimator: 'gaussian', nullDistribution: 'permutation', maxLagSources: 2, permutations };
    network = { analysis: 'network-inference', input: { dataset, series: ['w0', 'w1', 'w2', 'w3', 'w4'], to: 399, transform: 'difference' }, params, engine: 'portable', fresh: true };
  });
  afterAll(() => test?.close());

  it('has the same bytes with 1, 2 and 4 workers', async () => {
    const workers = [await startWorker(test.platform, { leaseMs, engineScript }), await startWorker(test.platform, { leaseMs, engineScript })];
    try {
      for (const [spec, tables] of [[sums, ['sums', 'verdicts']], [averages, ['values']], [network, ['links', 'variables', 'targets', 'tests']]] as const) {
        const jobs = [await runWith(spec, 1), await runWith(spec, 2), await runWith(spec, 4)];
        expect(jobs.map(({ state, shares = 0 }) => [state, shares])).toEqual([['succeeded', 0], ['succeeded', 2], ['succeeded', 4]]);
        for (const table of tables) {
          const [one, ...others] = await Promise.all(jobs.map(({ id }) => bytesOf(test.platform, id, table)));
          // Some megabytes: not to be compared element by element.
          expect(others.map((other) => one?.equals(other))).toEqual([true, true]);
        }
      }
    } finally {
      for (const worker of workers) await worker.close();
    }
  });

  it('goes on when one of its two workers is killed, and only the share of that one runs again', async () => {
    const spec = { ...sums, params: { steps: 6, ticks: 40, tickMs: 20 } };
    const alone = await startWorker(test.platform, { leaseMs, engineScript });
    const reference = await runWith({ ...spec, params: { steps: 6, ticks: 40 } }, 1);
    await alone.close();
    const [kept, lost] = [await startWorkerProcess(test.config, 'stepwise-worker.ts'), await startWorkerProcess(test.config, 'stepwise-worker.ts')];
    try {
      const id = await submit(test.platform, { ...spec, workers: 2 });
      let killed = false;
      const { job } = await follow(test.platform, id, async () => {
        const shares = killed ? [] : await sharesOf(id);
        if (shares.length < 2 || !shares.every(({ state, progress }) => state === 'running' && progress.fraction > 0)) return;
        killed = true;
        await lost.end('SIGKILL');
      });
      expect(killed).toBe(true);
      expect(job).toMatchObject({ state: 'succeeded', shares: 2, attempt: 2 });
      const attempts = (await sharesOf(id)).map(({ attempt }) => attempt);
      expect(attempts.toSorted((a, b) => a - b)).toEqual([1, 2]);
      for (const table of ['sums', 'verdicts']) expect(await bytesOf(test.platform, id, table)).toEqual(await bytesOf(test.platform, reference.id, table));
    } finally {
      await kept.end('SIGTERM');
      await lost.end('SIGKILL');
    }
  });

  it('stops in all its workers when it is cancelled', async () => {
    const worker = await startWorker(test.platform, { leaseMs, concurrency: 2, engineScript });
    try {
      const id = await submit(test.platform, { ...sums, params: { steps: 4, ticks: 1000, tickMs: 50 }, workers: 3 });
      let asked = false;
      const { job } = await follow(test.platform, id, async (event) => {
        if (asked || event.type !== 'log') return;
        asked = true;
        await test.platform.jobs.cancel(id);
      });
      expect(job.state).toBe('cancelled');
      await expect.poll(async () => (await sharesOf(id)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
      expect((await runWith(sums, 1)).state).toBe('succeeded');
    } finally {
      await worker.close();
    }
  });

  it('fails with the error of the share that fails, and its other shares end', async () => {
    const worker = await startWorker(test.platform, { leaseMs, concurrency: 2, engineScript });
    try {
      const job = await runWith({ ...sums, params: { steps: 4, ticks: 50, tickMs: 20, failing: 1 } }, 2);
      expect(job).toMatchObject({ state: 'failed', error: { code: 'constant-series', detail: expect.stringContaining('Step 1 failed') } });
      await expect.poll(async () => (await sharesOf(job.id)).map(({ state }) => state).toSorted()).toEqual(['cancelled', 'failed']);
      expect((await jobOf(test.platform, job.id)).tables.find(({ name }) => name === 'verdicts')?.provisionalRows).toBeGreaterThan(0);
    } finally {
      await worker.close();
    }
  });

  it('answers a later job of one worker from its stored result', async () => {
    const worker = await startWorker(test.platform, { leaseMs, engineScript });
    try {
      const shared = await runWith({ ...sums, fresh: false, seed: 77 }, 3);
      const later = await runWith({ ...sums, fresh: false, seed: 77 }, 1);
      expect(later).toMatchObject({ state: 'succeeded', cachedFrom: shared.id });
      expect(await bytesOf(test.platform, later.id, 'sums')).toEqual(await bytesOf(test.platform, shared.id, 'sums'));
    } finally {
      await worker.close();
    }
  });
});
