/** `corrente serve` as a process of its own on a fresh home folder, and the requests that the hostile tests send it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { problem, type Problem } from '@corrente/shared/contract/errors';
import { expect } from 'vitest';
import { z } from 'zod';

export const command = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'corrente.mjs');

const ready = z.object({ address: z.string(), home: z.string(), pid: z.int(), enginePids: z.array(z.int()) });

export interface HostileServer {
  readonly address: string;
  readonly home: string;
  readonly pid: number;
  call(path: string, init?: RequestInit): Promise<Response>;
  json(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Imports these bytes as a file; `query` begins with ? or is empty. */
  upload(bytes: string | Uint8Array, query?: string, headers?: Record<string, string>): Promise<Response>;
  /** Lines that the server logged at level error or above. */
  faults(): string[];
  /** Files below the folder of uploads and the store of data sets that no finished request should have left. */
  leftovers(): Promise<string[]>;
  /** Names of the stored data sets' files, in order. */
  stored(): Promise<string[]>;
  /** Ends it in good order, and gives back its exit code. */
  close(): Promise<number | null>;
}

/** Starts the server and waits until it serves. */
export async function startHostileServer(env: NodeJS.ProcessEnv = {}): Promise<HostileServer> {
  const home = await mkdtemp(join(tmpdir(), 'corrente-hostile-'));
  const child = spawn(process.execPath, [command, 'serve', '--json'], {
    env: { ...process.env, CORRENTE_HOME: home, CORRENTE_PORT: '0', CORRENTE_LOG: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  const { address, pid } = await announced(child, () => log);
  const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(address + path, { signal: AbortSignal.timeout(25_000), ...init });

  return {
    address,
    home,
    pid,
    call,
    json: (path, body, headers = {}) => call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
    upload: (bytes, query = '', headers = {}) => call(`/v1/datasets${query}`, { method: 'POST', body: new Uint8Array(Buffer.from(bytes)), headers: { 'content-type': 'application/octet-stream', ...headers } }),
    faults: () => log.split('\n').filter((line) => /"level":(?:50|60|"error"|"fatal")/.test(line) || !(line === '' || line.startsWith('{'))),
    async leftovers() {
      const uploads = await readdir(join(home, 'uploads'), { recursive: true });
      // The folder of the import process stays as long as the server.
      const own = uploads.filter((name) => !/^\d+@[^/]+$/.test(name) || uploads.some((other) => other.startsWith(`${name}/`)));
      const store = (await readdir(join(home, 'datasets'))).filter((name) => !/^ds_[0-9a-f]{32}\.parquet$/.test(name));
      return [...own.map((name) => `uploads/${name}`), ...store.map((name) => `datasets/${name}`)];
    },
    stored: async () => (await readdir(join(home, 'datasets'))).sort(),
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        await gone;
      }
      await rm(home, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

async function announced(child: ChildProcess, log: () => string): Promise<z.infer<typeof ready>> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return ready.parse(JSON.parse(line));
  throw new Error(`the server ended before it served: ${log()}`);
}

/** The answer as problem details, which must be whole and of this status; never `internal`. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  expect(response.headers.get('content-type'), text).toMatch(/^application\/problem\+json/);
  const told = problem.parse(JSON.parse(text));
  expect(told.status).toBe(response.status);
  expect(told.code, told.detail).not.toBe('internal');
  expect(told.detail.length, 'a detail that nobody reads').toBeLessThan(2_000);
  return told;
}

export const datasetReply = z.object({ id: z.string(), name: z.string(), series: z.array(z.string()), rows: z.int(), timePoints: z.int(), fields: z.array(z.string()) });

/** A clean wide file of three series over 40 days: what must import after whatever was tried. */
export function goodCsv(seed = 1): string {
  const rows = Array.from({ length: 40 }, (_, day) => {
    const date = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
    return [date, day + seed, Math.sin(day + seed).toFixed(6), ((day * 7 + seed) % 11) / 3].join(',');
  });
  return `date,a,b,c\n${rows.join('\n')}\n`;
}
