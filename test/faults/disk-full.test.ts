import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorker, type RunningWorker } from '@corrente/compute/worker/supervisor';
import { openPlatformForTests, type TestPlatform } from '@corrente/platform/testing/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRandomWalks } from './generated-data.ts';
import { follow, longSpec, submit } from './watched-job.ts';

const mount = (folder: string, size: string): boolean => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
const unmount = (folder: string): boolean => spawnSync('umount', [folder]).status === 0;

/** Only root may mount, and not in every container. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'corrente-mount-'));
  try {
    return mount(folder, '64k') && unmount(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!canMount())('a disk that is full (needs the right to mount a small one)', () => {
  let test: TestPlatform;
  let worker: RunningWorker;
  let dataset = '';

  beforeAll(async () => {
    test = await openPlatformForTests();
    dataset = (await addRandomWalks(test.platform, { series: 24, rows: 10_000, seed: 4 })).id;
    mount(test.platform.results.folder, '4m');
    worker = await startWorker(test.platform);
  });
  afterAll(async () => {
    await worker?.close();
    unmount(test.platform.results.folder);
    await test?.close();
  });

  it('fails the job with disk-full, and leaves worker and engine process as they were', async () => {
    const before = worker.enginePids();
    const id = await submit(test.platform, longSpec(dataset));
    const { job, events } = await follow(test.platform, id);
    expect(job).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'disk-full', status: 507 } });
    expect(events.at(-1)).toMatchObject({ type: 'failed', data: { code: 'disk-full' } });

    // Once there is space again, the same worker goes on.
    await test.platform.jobs.delete(id);
    const small = await submit(test.platform, { ...longSpec(dataset), input: { dataset, series: ['w0', 'w1'] }, params: { windows: [5] } });
    expect((await follow(test.platform, small)).job.state).toBe('succeeded');
    expect(worker.enginePids()).toEqual(before);
  });
});
