import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startWorker } from '@corrente/compute/worker/supervisor';
import { loadConfig } from '@corrente/platform/config/config';
import { openPlatform } from '@corrente/platform/open';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOf, follow, longSpec, submit } from './watched-job.ts';

const told = z.object({ dataset: z.string(), jobs: z.array(z.string()) });

describe('a server that is killed with its database and started again', () => {
  let home = '';
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'corrente-killed-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('has lost no data set, no job and no stored part: every job ends with the bytes of an undisturbed run', { timeout: 120_000 }, async () => {
    const env = { CORRENTE_HOME: home, CORRENTE_LEASE_MS: '1500', CORRENTE_RECONCILE_MS: '300', CORRENTE_LOG: 'silent' };
    const { dataset, jobs } = await killedServer(env);

    const platform = await openPlatform(loadConfig(env));
    const worker = await startWorker(platform, { leaseMs: platform.config.leaseMs });
    try {
      expect((await platform.datasets.get(dataset))?.series).toHaveLength(24);
      const ended = await Promise.all(jobs.map((id) => follow(platform, id)));
      expect(ended.map(({ job }) => job.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect(ended[0]?.job.attempt).toBe(2);
      const undisturbed = await follow(platform, await submit(platform, longSpec(dataset)));
      const expected = await bytesOf(platform, undisturbed.job.id, 'values');
      for (const id of jobs) expect((await bytesOf(platform, id, 'values')).equals(expected)).toBe(true);
    } finally {
      await worker.close();
      await platform.close();
    }
  });
});

/** Runs the server until its first job is half done, then kills it and its PostgreSQL with SIGKILL. */
async function killedServer(env: NodeJS.ProcessEnv): Promise<z.infer<typeof told>> {
  const script = fileURLToPath(new URL('server-process.ts', import.meta.url));
  const server = spawn(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(server, 'exit');
  for await (const line of createInterface({ input: server.stdout })) {
    const answer = told.parse(JSON.parse(line));
    server.kill('SIGKILL');
    process.kill(await postmasterPid(env['CORRENTE_HOME'] ?? ''), 'SIGKILL');
    await gone;
    return answer;
  }
  throw new Error('the server ended before its first job had stored a part');
}

async function postmasterPid(home: string): Promise<number> {
  const [line = ''] = (await readFile(join(home, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n');
  return z.coerce.number().int().positive().parse(line);
}
