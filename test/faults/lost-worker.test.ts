import { startWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { startWorkerProcess } from './processes.ts';
import { atPart, bytesOf, follow, longSpec, submit } from './watched-job.ts';

const leaseMs = 1500;

describe('a worker that is lost', () => {
  let test: TestPlatform;
  let dataset = '';
  let reference: Buffer = Buffer.alloc(0);

  beforeAll(async () => {
    test = await openPlatformForTests({ config: { leaseMs, reconcileMs: 300 } });
    dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 2 })).id;
    const worker = await startWorker(test.platform, { leaseMs });
    const id = await submit(test.platform, longSpec(dataset));
    expect((await follow(test.platform, id)).job.state).toBe('succeeded');
    reference = await bytesOf(test.platform, id, 'values');
    await worker.close();
  });
  afterAll(() => test?.close());

  it('by SIGKILL leaves its job to another, which takes up from the stored steps and ends with the same bytes', async () => {
    const lost = await startWorkerProcess(test.config);
    const id = await submit(test.platform, longSpec(dataset));
    let taker: Awaited<ReturnType<typeof startWorker>> | null = null;
    const { job, events } = await follow(
      test.platform,
      id,
      atPart(1, async () => {
        await lost.end('SIGKILL');
        taker = await startWorker(test.platform, { leaseMs });
      }),
    );
    await closeIfStarted(taker);
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    const parts = events.filter((event) => event.type === 'part').map((event) => event.data.part);
    expect(parts).toEqual(parts.map((_, k) => k + 1));
    expect((await bytesOf(test.platform, id, 'values')).equals(reference)).toBe(true);
    // Its engine process went with it.
    for (const pid of lost.engines) await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('by being stopped cannot write into the result of the one that took over, and works on when it wakes', async () => {
    const slow = await startWorkerProcess(test.config);
    const id = await submit(test.platform, longSpec(dataset));
    let taker: Awaited<ReturnType<typeof startWorker>> | null = null;
    const { job } = await follow(
      test.platform,
      id,
      atPart(1, async () => {
        slow.signal('SIGSTOP');
        taker = await startWorker(test.platform, { leaseMs });
      }),
    );
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    await closeIfStarted(taker);
    slow.signal('SIGCONT');
    // It notices that the attempt is not its own any more, and takes the next job.
    const next = await follow(test.platform, await submit(test.platform, longSpec(dataset)));
    expect(next.job.state).toBe('succeeded');
    expect((await bytesOf(test.platform, id, 'values')).equals(reference)).toBe(true);
    expect((await bytesOf(test.platform, next.job.id, 'values')).equals(reference)).toBe(true);
    await slow.end('SIGTERM');
  });

  it('by a shutdown gives its job back at once', async () => {
    const leaving = await startWorker(test.platform, { leaseMs: 600_000 });
    const id = await submit(test.platform, longSpec(dataset));
    let taker: Awaited<ReturnType<typeof startWorker>> | null = null;
    const { job, events } = await follow(
      test.platform,
      id,
      atPart(1, async () => {
        await leaving.close();
        taker = await startWorker(test.platform, { leaseMs });
      }),
    );
    await closeIfStarted(taker);
    // The lease of ten minutes was not waited for.
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(events).toContainEqual(expect.objectContaining({ data: expect.objectContaining({ stage: 'queued', message: expect.stringContaining('shut down') }) }));
    expect((await bytesOf(test.platform, id, 'values')).equals(reference)).toBe(true);
  });
});

async function closeIfStarted(worker: { close(): Promise<void> } | null): Promise<void> {
  await worker?.close();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
