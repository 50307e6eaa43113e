/** test/gpu/run where no GPU is: it builds, runs, and says so. Where one is, it is the test itself. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cudaEngine } from '../../packages/compute/src/engine/cuda.ts';

interface Ended {
  readonly code: number | string | null | undefined;
  readonly out: string;
  readonly err: string;
}

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, NODE: process.execPath, ...env }, maxBuffer: 2 ** 26 };
    execFile(join(import.meta.dirname, 'run'), [...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : error.code, out, err });
    });
  });

const hasDevice = cudaEngine().info().available;

describe.skipIf(hasDevice)('test/gpu/run on a machine without a device', () => {
  const folder = mkdtempSync(join(tmpdir(), 'corrente-gpu-'));
  let ended: Ended;

  beforeAll(async () => {
    await new Promise((resolve, reject) => {
      execFile(process.execPath, [join(import.meta.dirname, 'bundle.ts')], (error) => (error === null ? resolve(null) : reject(error)));
    });
    ended = await run([folder]);
    return () => {
      rmSync(folder, { recursive: true });
    };
    // With nvcc the addon is built from nothing.
  }, 900_000);

  it('exits with 3 and says why no device answers', () => {
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.out).toMatch(/^no device: \S+/m);
  });

  it('ends with the number of passed and failed', () => {
    expect(ended.out.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed');
  });

  it('writes what it ran on, and that nothing passed', () => {
    const report: unknown = JSON.parse(readFileSync(join(folder, 'gpu-suite.json'), 'utf8'));
    expect(report).toMatchObject({ failure: expect.stringContaining('no device'), outcomes: [], machine: { node: process.version } });
  });
});

describe('test/gpu/run', () => {
  it('refuses to run without a folder', async () => {
    const { code, err } = await run([]);
    expect(code).not.toBe(0);
    expect(err).toContain('usage: test/gpu/run FOLDER');
  });
});
