/** A Redis for tests: Debian's redis-server on a free loopback port, with its files in a temporary folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  /** Forgets everything, as a Redis that lost its data does. */
  flush(): Promise<void>;
  /** Ends the process with SIGKILL; `start` begins an empty one at the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startRedisForTests(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], { stdio: 'ignore' });
    server = child;
    const failed = new Promise<never>((_resolve, reject) => {
      child.once('error', (error) => reject(new CorrenteError('not-ready', `redis-server cannot be started: ${error.message}. Install it (Debian: redis-server).`, { cause: error })));
      child.once('exit', (code) => reject(new CorrenteError('not-ready', `redis-server ended at once with code ${code}.`)));
    });
    failed.catch(() => undefined); // Ending later is no failure of the start.
    await Promise.race([answers(url), failed]);
  }

  async function kill(): Promise<void> {
    const child = server;
    server = null;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    url,
    start,
    kill,
    async flush() {
      const client = new Redis(url);
      await client.flushall();
      client.disconnect();
    },
    async close() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined); // `connect` rejects with it.
    const up = await client.connect().then(() => true, () => false);
    client.disconnect();
    if (up) return;
    await sleep(25);
  }
  throw new CorrenteError('not-ready', `redis-server at ${url} did not answer within 10 s.`);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
