import { addStepwise } from '@corrente/compute/run/stepwise.testing';
import { startWorker, type RunningWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import { tableFromIPC } from 'apache-arrow';
import type { JobSpecInput } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { bytesOf, follow, submit } from './watched-job.ts';

describe('a job that reads the results of others', { timeout: 120_000 }, () => {
  let test: TestPlatform;
  let worker: RunningWorker;
  let dataset = '';

  const run = async (spec: JobSpecInput) => (await follow(test.platform, await submit(test.platform, spec))).job;
  const sums = async (ticks: number, from: number): Promise<string> => (await run({ analysis: 'stepwise', input: { dataset, from }, params: { steps: 2, ticks }, engine: 'portable' })).id;
  const compare = (a: string[], b: string[]): JobSpecInput => ({ analysis: 'stepwise-comparison', input: { dataset, results: { a, b } }, engine: 'portable' });
  const rowsOf = async (id: string): Promise<unknown[]> => tableFromIPC(await bytesOf(test.platform, id, 'read')).toArray().map((row) => row.toJSON());

  beforeAll(async () => {
    addStepwise();
    test = await openPlatformForTests({ config: { reconcileMs: 300 } });
    worker = await startWorker(test.platform, { engineScript: new URL('stepwise-engine.ts', import.meta.url) });
    dataset = (await addRandomWalks(test.platform, { series: 1, rows: 30, seed: 3 })).id;
  });
  afterAll(async () => {
    await worker?.close();
    await test?.close();
  });

  it('is given their tables, their parameters and their frames', async () => {
    const ids = [await sums(1, 0), await sums(2, 5)] as const;
    const job = await run(compare([ids[1]], [ids[0], ids[1]]));
    expect(job.state).toBe('succeeded');
    const expected = await Promise.all(
      ids.map(async (id) => tableFromIPC(await bytesOf(test.platform, id, 'sums')).toArray().reduce<number>((sum, row) => sum + Number(row.toJSON()['sum']), 0)),
    );
    const rows = await rowsOf(job.id);
    expect(rows).toMatchObject([{ side: 'a', sum: expected[1], ticks: 2 }, { side: 'b', sum: expected[0], ticks: 1 }, { side: 'b', sum: expected[1], ticks: 2 }]);
    expect(rows[0]).toMatchObject({ first: expect.closeTo(Number(Reflect.get(Object(rows[2]), 'first')), 12) });
    expect(Reflect.get(Object(rows[0]), 'first')).not.toBe(Reflect.get(Object(rows[1]), 'first'));
  });

  it('is answered from store where those results are the same, whichever jobs they are of', async () => {
    const id = await sums(3, 0);
    const again = await sums(3, 0);
    const other = await sums(4, 0);
    expect(again).not.toBe(id);
    const first = await run(compare([id], []));
    expect(await run(compare([again], []))).toMatchObject({ state: 'succeeded', cachedFrom: first.id });
    expect(await run(compare([other], []))).toMatchObject({ state: 'succeeded', cachedFrom: null });
  });
});
