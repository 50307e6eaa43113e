import { addStepwise } from '@corrente/compute/run/stepwise.testing';
import { startWorker, type RunningWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import type { JobEvent, JobSpecInput } from '@corrente/shared/contract/job';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { startWorkerProcess } from './processes.ts';
import { bytesOf, follow, submit } from './watched-job.ts';

const leaseMs = 1500;
const engineScript = new URL('stepwise-engine.ts', import.meta.url);

/** Where an attempt took up step 1: the tick that each said. */
function takenUp(events: readonly JobEvent[]): number[] {
  return events.flatMap((event) => (event.type === 'log' ? (/^step 1 takes up at tick (\d+)$/.exec(event.data.message)?.slice(1).map(Number) ?? []) : []));
}

/** Calls `act` each time step 1 has got `ticks` further since it last took up, `times` times. */
function inStepOne(ticks: number, times: number, act: () => unknown): (event: JobEvent) => unknown {
  let left = times;
  let from: number | null = null;
  return (event) => {
    const [tick] = takenUp([event]);
    if (tick !== undefined) from = tick / 40;
    if (event.type !== 'progress' || !event.data.message.startsWith('2 of ') || from === null || left === 0) return undefined;
    // Step 0 is a sixth of the work of steps 0 to 2 and the verdict; step 1 comes to two more sevenths of it.
    const within = (event.data.fraction * 7 - 1) / 2;
    if (within < from + ticks / 40) return undefined;
    from = null;
    left -= 1;
    return act();
  };
}

// A step takes two seconds, and is interrupted several times.
describe('a step that is interrupted', { timeout: 120_000 }, () => {
  let test: TestPlatform;
  let worker: RunningWorker;
  let spec: JobSpecInput;
  let reference: Buffer[] = [];
  const tables = async (id: string): Promise<Buffer[]> => Promise.all(['sums', 'verdicts'].map((table) => bytesOf(test.platform, id, table)));

  beforeAll(async () => {
    addStepwise();
    test = await openPlatformForTests({ config: { leaseMs, reconcileMs: 300 } });
    worker = await startWorker(test.platform, { leaseMs, engineScript });
    const dataset = await addRandomWalks(test.platform, { series: 2, rows: 100, seed: 5 });
    spec = { analysis: 'stepwise', input: { dataset: dataset.id }, params: { steps: 3, ticks: 40, tickMs: 50 }, engine: 'portable', fresh: true };
    const { job } = await follow(test.platform, await submit(test.platform, { ...spec, params: { steps: 3, ticks: 40 } }));
    expect(job.state).toBe('succeeded');
    reference = await tables(job.id);
  });
  afterAll(async () => {
    await worker?.close();
    await test?.close();
  });

  it('by the death of its engine process takes up at its last note, again and again, and ends with the same bytes', async () => {
    const id = await submit(test.platform, spec);
    // More often than a job may be lost without getting ahead.
    const kill = () => worker.enginePids().forEach((pid) => process.kill(pid, 'SIGKILL'));
    const { job, events } = await follow(test.platform, id, inStepOne(4, 4, kill));
    expect(job).toMatchObject({ state: 'succeeded', attempt: 5 });
    const ticks = takenUp(events);
    expect(ticks).toHaveLength(5);
    expect(ticks[0]).toBe(0);
    for (const [k, tick] of ticks.entries()) if (k > 0) expect(tick).toBeGreaterThanOrEqual((ticks[k - 1] ?? 0) + 3);
    expect(await tables(id)).toEqual(reference);
  });

  it('by the death of its worker takes up at a note of the last second on another worker', async () => {
    await worker.close();
    const lost = await startWorkerProcess(test.config, 'stepwise-worker.ts');
    const id = await submit(test.platform, spec);
    const killed = inStepOne(30, 1, async () => {
      await lost.end('SIGKILL');
      worker = await startWorker(test.platform, { leaseMs, engineScript });
    });
    const { job, events } = await follow(test.platform, id, killed);
    expect(job).toMatchObject({ state: 'succeeded', attempt: 2 });
    const [, tick] = takenUp(events);
    // 20 ticks are a second.
    expect(tick).toBeGreaterThanOrEqual(10);
    expect(await tables(id)).toEqual(reference);
  });

  it('shows its provisional rows while it runs, and the job that has succeeded shows none', async () => {
    const id = await submit(test.platform, spec);
    const shown = new Set<number>();
    const { job, events } = await follow(test.platform, id, async (event) => {
      if (event.type === 'part' && event.data.provisional === true) shown.add((await bytesOf(test.platform, id, 'verdicts')).byteLength);
    });
    expect(job.tables.map(({ name, rows, provisionalRows }) => [name, rows, provisionalRows])).toEqual([['sums', 3, 0], ['verdicts', 3, 0]]);
    expect(events.some((event) => event.type === 'part' && event.data.provisional === true && event.data.totalRows > 3)).toBe(true);
    expect(shown.size).toBeGreaterThan(2);
    expect(await tables(id)).toEqual(reference);
  });
});
