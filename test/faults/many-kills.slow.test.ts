import { startWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests } from '@corrente/platform/testing/platform';
import { expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { startWorkerProcess } from './processes.ts';
import { atPart, bytesOf, follow, longSpec, submit } from './watched-job.ts';

const kills = 50;
const leaseMs = 1500;

it(`${kills} jobs, each with its engine process killed once in mid-job, all succeed with the same bytes`, { timeout: 900_000 }, async () => {
  const test = await openPlatformForTests({ config: { leaseMs, reconcileMs: 300 } });
  const worker = await startWorker(test.platform, { leaseMs });
  try {
    const dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 5 })).id;
    const undisturbed = await follow(test.platform, await submit(test.platform, longSpec(dataset)));
    const reference = await bytesOf(test.platform, undisturbed.job.id, 'values');
    // A kill that comes when the last step is stored already hits no job: only those that did are counted.
    let hit = 0;
    for (let k = 0; hit < kills && k < 2 * kills; k++) {
      const id = await submit(test.platform, longSpec(dataset));
      const { job } = await follow(
        test.platform,
        id,
        atPart(1 + (k % 3), () => {
          for (const pid of worker.enginePids()) process.kill(pid, 'SIGKILL');
        }),
      );
      expect(job.state, `job ${k + 1}`).toBe('succeeded');
      expect((await bytesOf(test.platform, id, 'values')).equals(reference), `bytes of job ${k + 1}`).toBe(true);
      if (job.attempt === 2) hit += 1;
      await test.platform.jobs.delete(id);
    }
    expect(hit).toBe(kills);
  } finally {
    await worker.close();
    await test.close();
  }
});

it('10 workers killed one after the other, each in mid-job, leave every job to the next', { timeout: 900_000 }, async () => {
  const test = await openPlatformForTests({ config: { leaseMs, reconcileMs: 300 } });
  try {
    const dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 6 })).id;
    let current = await startWorkerProcess(test.config);
    for (let k = 0; k < 10; k++) {
      const id = await submit(test.platform, longSpec(dataset));
      const { job } = await follow(
        test.platform,
        id,
        atPart(1, async () => {
          await current.end('SIGKILL');
          current = await startWorkerProcess(test.config);
        }),
      );
      expect(job, `job ${k + 1}`).toMatchObject({ state: 'succeeded', attempt: 2 });
    }
    await current.end('SIGTERM');
  } finally {
    await test.close();
  }
});
