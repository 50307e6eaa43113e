/** Brings the database to the schema of this version. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { Client, type ClientConfig } from 'pg';
import { databaseError } from './database-error.ts';

/** Our advisory locks, as the first of the two keys: "CORR" in ASCII. */
export const lockSpace = 0x434f_5252;
const migrationLock = 1;

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Applies the migrations that are missing, each in a transaction. Processes that start at the same time wait for one
 * another; those that come second find nothing to do.
 * @throws CorrenteError `not-ready` where the database does not answer.
 */
export async function migrate(connection: ClientConfig): Promise<void> {
  // No statement timeout: a migration of a large table may take its time.
  const client = new Client({ ...connection, statement_timeout: 0 });
  client.on('error', () => undefined); // The statement that runs meanwhile rejects with the same error.
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1, $2)', [lockSpace, migrationLock]);
    await runner({
      dbClient: client,
      dir: fileURLToPath(new URL('../../migrations', import.meta.url)),
      migrationsTable: 'migrations',
      direction: 'up',
      singleTransaction: false,
      // Its own lock refuses instead of waiting.
      noLock: true,
      logger: silent,
    });
  } catch (error) {
    throw databaseError(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
