/** A platform of its own in a temporary folder, as a child process, for benchmarks that go through HTTP. */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const command = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'corrente.mjs');

export interface BenchServer extends AsyncDisposable {
  readonly client: CorrenteClient;
  readonly url: string;
  readonly pid: number;
}

export async function startServer(env: Record<string, string> = {}): Promise<BenchServer> {
  const home = await mkdtemp(join(tmpdir(), 'corrente-bench-'));
  const child = spawn(process.execPath, [command, 'serve', '--json'], {
    env: { ...process.env, CORRENTE_HOME: home, CORRENTE_PORT: '0', CORRENTE_LOG: 'error', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const first = await Promise.race([createInterface({ input: child.stdout })[Symbol.asyncIterator]().next(), closed.then(() => null)]);
  if (first === null || first.done === true) throw new Error('The server ended before it was ready.');
  const { address: url } = JSON.parse(first.value) as { address: string };
  return {
    client: new CorrenteClient({ baseUrl: url }),
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await closed;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A wide CSV of seeded random walks, imported. */
export async function importWalks(client: CorrenteClient, series: number, rows: number): Promise<Dataset> {
  const { uniform } = await import('./columns.ts');
  const next = uniform(series * 7919 + rows);
  const last = new Float64Array(series).fill(100);
  const lines = [`t,${Array.from({ length: series }, (_, s) => `s${s}`).join(',')}`];
  for (let t = 0; t < rows; t += 1) {
    for (let s = 0; s < series; s += 1) last[s] = (last[s] ?? 0) + next() - 0.5;
    lines.push(`${new Date(Date.UTC(2000, 0, 1) + t * 86_400_000).toISOString().slice(0, 10)},${Array.from(last, (value) => value.toFixed(4)).join(',')}`);
  }
  return await client.importDataset(new TextEncoder().encode(`${lines.join('\n')}\n`), { name: `${series} walks` });
}

/** Field of /proc/PID/status in bytes, such as VmRSS or VmHWM; 0 where the process is gone. */
export async function processMemory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
}
