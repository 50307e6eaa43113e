import { startWorker, type RunningWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { atPart, bytesOf, follow, jobOf, longSpec, submit } from './watched-job.ts';

/** What happens to the engine process must not happen to the job, nor to the supervisor. */
describe('an engine process', () => {
  let test: TestPlatform;
  let worker: RunningWorker;
  let dataset = '';
  let reference: Buffer = Buffer.alloc(0);

  const signal = (name: NodeJS.Signals): void => {
    for (const pid of worker.enginePids()) process.kill(pid, name);
  };

  beforeAll(async () => {
    test = await openPlatformForTests({ config: { reconcileMs: 300 } });
    worker = await startWorker(test.platform, { leaseMs: 2000, stuckAfterMs: 2000 });
    dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 1 })).id;
    const id = await submit(test.platform, longSpec(dataset));
    expect((await follow(test.platform, id)).job).toMatchObject({ state: 'succeeded', attempt: 1 });
    reference = await bytesOf(test.platform, id, 'values');
  });
  afterAll(async () => {
    await worker?.close();
    await test?.close();
  });

  it('killed in mid-job is replaced: the job takes up from its stored steps and ends with the same bytes', async () => {
    const id = await submit(test.platform, longSpec(dataset));
    const { job, events } = await follow(test.platform, id, atPart(1, () => signal('SIGKILL')));
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    // Steps that were stored are not stored again: each part is told once.
    const parts = events.filter((event) => event.type === 'part').map((event) => event.data.part);
    expect(parts).toEqual(parts.map((_, k) => k + 1));
    expect((await bytesOf(test.platform, id, 'values')).equals(reference)).toBe(true);
  });

  it('killed each time before a step is stored fails the job in the end, with the signal as the reason', async () => {
    const id = await submit(test.platform, longSpec(dataset));
    // Before it has stored a step: once in each attempt.
    let armed = true;
    const { job } = await follow(test.platform, id, (event) => {
      if (event.type !== 'progress') return;
      if (event.data.stage === 'queued') armed = true;
      if (event.data.stage !== 'reading' || !armed) return;
      armed = false;
      signal('SIGKILL');
    });
    expect(job).toMatchObject({ state: 'failed', attempt: 3, error: { code: 'engine-crashed', detail: expect.stringContaining('SIGKILL') } });
  });

  it('killed while it is idle is replaced before the next job', async () => {
    signal('SIGKILL');
    const { job } = await follow(test.platform, await submit(test.platform, longSpec(dataset)));
    expect(job.state).toBe('succeeded');
  });

  it('stopped in mid-job counts as stuck, is ended, and the job runs again', async () => {
    const id = await submit(test.platform, longSpec(dataset));
    const { job, events } = await follow(test.platform, id, atPart(1, () => signal('SIGSTOP')));
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(events).toContainEqual(expect.objectContaining({ type: 'progress', data: expect.objectContaining({ stage: 'queued', message: expect.stringContaining('no sign of life') }) }));
    expect((await bytesOf(test.platform, id, 'values')).equals(reference)).toBe(true);
  });

  it('that does not answer to cancel is ended, and the job is cancelled', async () => {
    const id = await submit(test.platform, longSpec(dataset));
    const { job, events } = await follow(
      test.platform,
      id,
      atPart(1, async () => {
        signal('SIGSTOP');
        await test.platform.jobs.cancel(id);
      }),
    );
    expect(job.state).toBe('cancelled');
    expect(events.filter((event) => ['succeeded', 'failed', 'cancelled'].includes(event.type))).toHaveLength(1);
    expect((await follow(test.platform, await submit(test.platform, longSpec(dataset)))).job.state).toBe('succeeded');
  });

  it('that answers to cancel lives on: the next job has the same process', async () => {
    const before = worker.enginePids();
    const id = await submit(test.platform, longSpec(dataset));
    const { job } = await follow(test.platform, id, atPart(1, () => test.platform.jobs.cancel(id)));
    expect(job.state).toBe('cancelled');
    expect((await follow(test.platform, await submit(test.platform, longSpec(dataset)))).job.state).toBe('succeeded');
    expect(worker.enginePids()).toEqual(before);
  });

  it('that ran a job which fails by its parameters lives on', async () => {
    const before = worker.enginePids();
    const id = await submit(test.platform, { ...longSpec(dataset), params: { windows: [10_001] } });
    expect((await follow(test.platform, id)).job).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'window-too-long', errors: [{ pointer: '/params/windows/0' }] } });
    expect(worker.enginePids()).toEqual(before);
  });

  it('is spared the same job again: it is answered from the stored result', async () => {
    const spec = { ...longSpec(dataset), fresh: false };
    const first = await follow(test.platform, await submit(test.platform, spec));
    expect(first.job.state).toBe('succeeded');
    const second = (await follow(test.platform, await submit(test.platform, spec))).job;
    expect(second.state).toBe('succeeded');
    expect(second.cachedFrom).not.toBeNull();
    expect((await bytesOf(test.platform, second.id, 'values')).equals(reference)).toBe(true);
    expect((await jobOf(test.platform, second.id)).engine?.name).toBe('portable');
  });
});

describe('a worker with two engine processes', () => {
  it('runs two jobs at a time, and one process killed hurts only the job that ran in it', async () => {
    const test = await openPlatformForTests({ config: { reconcileMs: 300 } });
    const worker = await startWorker(test.platform, { concurrency: 2 });
    try {
      expect(new Set(worker.enginePids()).size).toBe(2);
      const dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 1 })).id;
      const ids = [await submit(test.platform, longSpec(dataset)), await submit(test.platform, longSpec(dataset))];
      const begun = new Set<string>();
      const ended = await Promise.all(
        ids.map((id) =>
          follow(test.platform, id, (event) => {
            if (event.type !== 'progress' || event.data.stage !== 'reading' || begun.has(id)) return;
            begun.add(id);
            const [pid] = worker.enginePids();
            if (begun.size === 2 && pid !== undefined) process.kill(pid, 'SIGKILL');
          }),
        ),
      );
      expect(ended.map(({ job }) => job.state)).toEqual(['succeeded', 'succeeded']);
      expect(ended.map(({ job }) => job.attempt).toSorted((a, b) => a - b)).toEqual([1, 2]);
    } finally {
      await worker.close();
      await test.close();
    }
  });
});

describe('an engine process that has grown while it ran a job', () => {
  it('is replaced before the next one', async () => {
    const test = await openPlatformForTests();
    // Less than nothing may be kept: every process has grown too much.
    const worker = await startWorker(test.platform, { idleGrowthBytes: -(2 ** 30) });
    try {
      const dataset = (await addRandomWalks(test.platform, { series: 2, rows: 100, seed: 1 })).id;
      const seen = new Set<number>();
      for (let k = 0; k < 3; k++) {
        const { job } = await follow(test.platform, await submit(test.platform, { ...longSpec(dataset), params: {} }), () => worker.enginePids().forEach((pid) => seen.add(pid)));
        expect(job).toMatchObject({ state: 'succeeded', attempt: 1 });
      }
      expect(seen.size).toBeGreaterThanOrEqual(3);
    } finally {
      await worker.close();
      await test.close();
    }
  });
});

describe('an engine process that takes more memory than a job may', () => {
  it('is ended, the job runs once more, and then fails for its memory', async () => {
    const test = await openPlatformForTests();
    // No slack at all: whatever a job takes is too much.
    const worker = await startWorker(test.platform, { engineMemoryBytes: 2 ** 30, memorySlackBytes: -(2 ** 30) });
    try {
      const dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 1 })).id;
      const { job } = await follow(test.platform, await submit(test.platform, longSpec(dataset)));
      expect(job).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'engine-memory' } });
    } finally {
      await worker.close();
      await test.close();
    }
  });
});
