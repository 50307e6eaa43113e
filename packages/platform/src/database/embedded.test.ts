import { spawn, type ChildProcess } from 'node:child_process';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { openPlatform } from '../open.ts';
import { addSampleDataset, sampleSpec } from '../testing/samples.ts';
import { stopEmbedded } from './embedded.ts';

let home: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'corrente-embedded-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stopEmbedded(join(home, 'postgres'));
  await rm(home, { recursive: true, force: true });
});

/** A process with a platform on `home`, in a process group of its own, as a terminal would have it. */
async function startChild() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../testing/child.ts', import.meta.url))], {
    env: { ...process.env, CORRENTE_HOME: home, CORRENTE_LOG: 'silent' },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const words = async () => String((await lines.next()).value).split(' ');
  const [open, postmaster, job] = await words();
  expect(open).toBe('open');
  return { pid: child.pid ?? 0, postmaster: Number(postmaster), job: String(job), words, exited, end: () => child.stdin.end() };
}

const open = () => openPlatform(loadConfig({ CORRENTE_HOME: home }), pino({ level: 'silent' }));
const postmasterFile = () => join(home, 'postgres/data/postmaster.pid');

/** Until the process is gone: SIGKILL takes a moment. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return; // No such process.
    }
    await sleep(10);
  }
}

test('processes that start at once on an empty home share one server, and the last to leave ends it', { timeout: 90_000 }, async () => {
  const [first, second] = await Promise.all([startChild(), startChild()]);
  expect(first.postmaster).toBe(second.postmaster);
  first.end();
  expect(await first.exited).toBe(0);
  const third = await startChild();
  expect(third.postmaster).toBe(first.postmaster);
  second.end();
  third.end();
  expect(await Promise.all([second.exited, third.exited])).toEqual([0, 0]);
  await expect(access(postmasterFile())).rejects.toThrow('ENOENT');
});

test('Ctrl-C reaches the process and not the server, which answers until the process has closed', { timeout: 60_000 }, async () => {
  const child = await startChild();
  process.kill(-child.pid, 'SIGINT');
  expect(await child.words()).toEqual(['closed', 'SIGINT', 'true']);
  expect(await child.exited).toBe(0);
  await expect(access(postmasterFile())).rejects.toThrow('ENOENT');
});

test('a server that outlived its SIGKILLed process is taken over, with everything committed', { timeout: 60_000 }, async () => {
  const child = await startChild();
  process.kill(child.pid, 'SIGKILL');
  await child.exited;
  const platform = await open();
  expect((await platform.jobs.get(child.job))?.state).toBe('queued');
  expect((await readFile(postmasterFile(), 'utf8')).split('\n')[0]).toBe(String(child.postmaster));
  await platform.close();
});

test('after SIGKILL of everything the next start recovers, even where the old number belongs to another process now', { timeout: 60_000 }, async () => {
  const child = await startChild();
  process.kill(child.pid, 'SIGKILL');
  process.kill(child.postmaster, 'SIGKILL');
  await Promise.all([child.exited, gone(child.postmaster)]);
  const stale = await readFile(postmasterFile(), 'utf8');
  await writeFile(postmasterFile(), stale.replace(String(child.postmaster), String(process.pid)));
  const platform = await open();
  expect((await platform.jobs.get(child.job))?.id).toBe(child.job);
  await platform.close();
});

test('a server that dies under a running platform is started again, and jobs go on', { timeout: 90_000 }, async () => {
  const platform = await open();
  const dataset = await addSampleDataset(platform);
  const delivered: string[] = [];
  const worker = await platform.queue.work(
    async (id) => {
      delivered.push(id);
    },
    { concurrency: 1 },
  );
  process.kill(Number((await readFile(postmasterFile(), 'utf8')).split('\n')[0]), 'SIGKILL');
  let id: string | null = null;
  while (id === null) {
    await sleep(50);
    id = await platform.jobs.submit(sampleSpec(dataset.id)).then(({ job }) => job.id, () => null);
  }
  while (!delivered.includes(id)) await sleep(50);
  let ready = false;
  while (!ready) {
    await sleep(50);
    ready = await platform.ready().then(() => true, () => false);
  }
  const seen = [];
  await platform.jobs.cancel(id);
  for await (const event of platform.jobs.events(id, 0, AbortSignal.timeout(10_000))) seen.push(event.type);
  expect(seen).toEqual(['progress', 'cancelled']);
  await worker.close();
  await platform.close();
});

test('the password is kept where only its owner reads it, and the server asks for it', { timeout: 60_000 }, async () => {
  const child = await startChild();
  const path = join(home, 'postgres/password');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const password = await readFile(path, 'utf8');
  expect(password.trim().length).toBeGreaterThanOrEqual(32);
  const [, , , port] = (await readFile(postmasterFile(), 'utf8')).split('\n');
  const wrong = openPlatform({ ...loadConfig({ CORRENTE_HOME: home }), databaseUrl: `postgresql://corrente:guess@127.0.0.1:${port}/corrente` }, pino({ level: 'silent' }));
  await expect(wrong).rejects.toThrow(/password authentication failed/);
  child.end();
  expect(await child.exited).toBe(0);
});
