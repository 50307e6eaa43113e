/** A PostgreSQL for tests: one embedded server per test run, one database per test file. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { openEmbedded, type EmbeddedServer } from '../database/embedded.ts';

/** Set by `global-setup.ts`: the folder of the server that the files of one run share. */
export const sharedFolderVariable = 'CORRENTE_TEST_POSTGRES';

export interface TestDatabase {
  /** Connection URL of a database of its own, empty at first. */
  readonly url: string;
  readonly server: EmbeddedServer;
  /** Drops the database, and ends the server where it is not shared. */
  close(): Promise<void>;
}

/** Starts the server at the first call of a run. It does not write through to the disk. */
export async function startEmbeddedForTests(): Promise<TestDatabase> {
  const shared = process.env[sharedFolderVariable];
  const folder = shared ?? (await mkdtemp(join(tmpdir(), 'corrente-postgres-')));
  const server = await openEmbedded({ folder, durable: false, stopWhenLast: shared === undefined, onLog: () => undefined });
  const name = `test_${randomBytes(8).toString('hex')}`;
  await server.createDatabase(name);
  return {
    url: server.url(name),
    server,
    async close() {
      const client = new Client({ connectionString: server.url('postgres') });
      await client.connect();
      await client.query(`drop database ${escapeIdentifier(name)} with (force)`);
      await client.end();
      await server.close();
      if (shared === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
