/**
 * Builds the images `api` and `worker-cpu` where no container engine runs, and tries them: starts both with buildah
 * in chroot isolation beside a PostgreSQL and a Redis of this machine, imports the sample data, runs a job of each
 * analysis, asks the health checks. Needs root, buildah, debootstrap, redis-server. Usage: node docker/try.ts
 */
import { startEmbeddedForTests } from '@corrente/platform/testing/embedded';
import { startRedisForTests } from '@corrente/platform/testing/redis';
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The user of the images; see docker/Dockerfile. */
const user = 10_001;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function buildah(...args: string[]): string {
  const done = spawnSync('buildah', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`buildah ${args[0]} failed: ${done.stderr}`);
  return done.stdout.trim();
}

interface Container extends AsyncDisposable {
  /** Runs a command inside, as a health check does; its exit code. */
  exec(...command: string[]): number | null;
}

/** Starts an image's command in chroot isolation, on this machine's network, with `home` as its volume. */
function start(image: string, command: readonly string[], env: Readonly<Record<string, string>>, home: string): Container {
  const container = buildah('from', '--pull=never', `localhost/corrente-${image}`);
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const run = ['run', '--isolation', 'chroot', '--network', 'host', '--user', String(user), '--volume', `${home}:/var/lib/corrente`, ...settings, container, '--'];
  const child: ChildProcess = spawn('buildah', [...run, ...command], { stdio: ['ignore', 'inherit', 'inherit'] });
  return {
    exec: (...inside) => spawnSync('buildah', [...run, ...inside], { stdio: ['ignore', 'inherit', 'inherit'] }).status,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await Promise.race([once(child, 'exit'), sleep(10_000)]);
      buildah('rm', container);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

async function answers(url: string, seconds: number): Promise<void> {
  for (let tries = seconds * 5; tries > 0; tries -= 1) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok === true) return;
    await sleep(200);
  }
  throw new Error(`${url} did not answer with success within ${seconds} s.`);
}

const built = spawnSync(join(import.meta.dirname, 'build'), ['api', 'worker-cpu'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const home = await mkdtemp(join(tmpdir(), 'corrente-images-'));
await chown(home, user, user);
await chmod(home, 0o755);
const database = await startEmbeddedForTests();
const redis = await startRedisForTests();
const key = randomBytes(16).toString('hex');
const port = await freePort();
const shared = { DATABASE_URL: database.url, REDIS_URL: redis.url, CORRENTE_LOG: 'warn' };
let succeeded = false;
try {
  await using api = start('api', ['corrente', 'api'], { ...shared, CORRENTE_API_KEYS: key, CORRENTE_PORT: String(port) }, home);
  await answers(`http://127.0.0.1:${port}/healthz`, 60);
  await using worker = start('worker-cpu', ['corrente', 'worker'], shared, home);
  await answers(`http://127.0.0.1:${port}/readyz`, 60);
  say('The images run: the API answers, a worker is ready.');

  const client = new CorrenteClient({ baseUrl: `http://127.0.0.1:${port}`, apiKey: key });
  const sample = await readFile(join(import.meta.dirname, '..', 'data', 'sp500-2013-2018.parquet'));
  const dataset = await client.importDataset(new Uint8Array(sample), { name: 'sample' });
  for (const analysis of ['correlation', 'moving-average']) {
    const { id } = await client.submit({ analysis, input: { dataset: dataset.id, field: 'close' } });
    const job = await client.wait(id);
    say(`${analysis} ${job.state} on ${job.engine?.name ?? 'no engine'} (${job.engine?.device ?? ''}) in ${Math.round(job.timings.runMs ?? 0)} ms`);
    if (job.state !== 'succeeded') throw new Error(job.error?.detail ?? 'The job did not succeed.');
  }
  const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } });
  if (!page.ok || !(await page.text()).includes('<div id="root"')) throw new Error('The api image serves no dashboard.');
  const health = [api.exec('node', '-e', `fetch('http://127.0.0.1:${port}/healthz').then((r) => process.exit(r.ok ? 0 : 1))`), worker.exec('corrente', 'worker', '--check')];
  if (health.some((code) => code !== 0)) throw new Error(`The health checks ended with ${health.join(' and ')}.`);
  succeeded = true;
  say('Jobs, dashboard and health checks are good.');
} finally {
  await redis.close();
  await database.close();
  await rm(home, { recursive: true, force: true });
}
process.exit(succeeded ? 0 : 1);
