import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { reconcileNow } from '../testing/contract/case.ts';
import { openPlatformForTests } from '../testing/platform.ts';
import { addSampleDataset, sampleSpec } from '../testing/samples.ts';
import { describePlatform } from '../testing/platform.contract.ts';

describePlatform('the platform with its queue in Redis', {
  redis: true,
  loseQueue: async ({ redis }) => {
    await redis?.flush();
  },
});

test('while Redis is away jobs are accepted and readiness says so; once it is back they are delivered', { timeout: 60_000 }, async () => {
  const opened = await openPlatformForTests({ redis: true });
  const { platform, redis } = opened;
  const dataset = await addSampleDataset(platform);
  await redis?.kill();
  const { job } = await platform.jobs.submit(sampleSpec(dataset.id));
  expect(job.state).toBe('queued');
  await expect(platform.ready()).rejects.toMatchObject({ code: 'not-ready', message: expect.stringContaining('Redis') });
  await redis?.start();
  const delivered = Promise.withResolvers<string>();
  const worker = await platform.queue.work(async (id) => delivered.resolve(id), { concurrency: 1 });
  let requeued = 0;
  while (requeued === 0) {
    await sleep(50);
    requeued = await reconcileNow(platform).then((done) => done?.requeued ?? 0, () => 0);
  }
  expect(await delivered.promise).toBe(job.id);
  await worker.close();
  await opened.close();
});
