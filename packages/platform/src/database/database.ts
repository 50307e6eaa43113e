/** The pool of connections to PostgreSQL: named statements, transactions, errors of our table. */
import { Pool, types, type ClientConfig, type CustomTypesConfig, type PoolClient, type QueryResultRow } from 'pg';
import { databaseError } from './database-error.ts';

/** A statement with a name: prepared once on each connection. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Only its type counts: what a row of the answer looks like. */
  readonly row?: Row;
}

/** Names a statement and the shape of its rows. The name must be unique in the process. */
export function statement<Row extends object = object>(name: string, text: string): Statement<Row> {
  return { name, text };
}

export interface Queries {
  /** The rows of the answer. Throws `not-ready`, `disk-full` or `internal`. */
  query<Row extends object>(statement: Statement<Row>, values?: readonly unknown[]): Promise<Row[]>;
}

export interface Database extends Queries {
  readonly connection: ClientConfig;
  /** Runs `work` in one transaction (read committed); a throw rolls it back. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const ourTypes: CustomTypesConfig = {
  // Counts and sizes: below 2^53 all of them.
  getTypeParser: (id, format) => (id === types.builtins.INT8 && format !== 'binary' ? Number : types.getTypeParser(id, format)),
};

async function ask<Row extends object>(client: Pool | PoolClient, { name, text }: Statement<Row>, values: readonly unknown[]): Promise<Row[]> {
  try {
    const result = await client.query<Row & QueryResultRow>({ name, text, values: [...values] });
    return result.rows;
  } catch (error) {
    throw databaseError(error);
  }
}

/**
 * Opens a pool; no connection is made before the first statement.
 * @param url PostgreSQL connection URL.
 * @param options.onError is told of connections that broke while idle; the pool replaces them.
 */
export function openDatabase(url: string, options: { connections: number; onError: (error: Error) => void }): Database {
  const connection: ClientConfig = {
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'corrente',
    types: ourTypes,
  };
  const pool = new Pool({ ...connection, max: options.connections });
  pool.on('error', options.onError);

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw databaseError(error);
    }
  }

  return {
    connection,
    query: (what, values = []) => ask(pool, what, values),
    async transaction(work) {
      const client = await connect();
      let broken: Error | undefined;
      // A connection that breaks between two statements has no one else to tell; the next statement then rejects.
      const onBroken = (error: Error): void => {
        broken = error;
      };
      client.on('error', onBroken);
      try {
        await client.query('begin');
        const answer = await work({ query: (what, values = []) => ask(client, what, values) });
        await client.query('commit');
        return answer;
      } catch (error) {
        await client.query('rollback').catch((rollbackError: unknown) => {
          // A connection that cannot roll back is thrown away; the server then rolls back itself.
          broken = rollbackError instanceof Error ? rollbackError : new Error(String(rollbackError));
        });
        throw databaseError(error);
      } finally {
        client.off('error', onBroken);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}
