/** DuckDB as we run it: nothing downloaded, files only in named folders, bounded memory, cancellable, errors of ours. */
import { availableParallelism } from 'node:os';
import { DuckDBInstance, type DuckDBConnection, type DuckDBDataChunk, type Json } from '@duckdb/node-api';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { diskFull } from '../results/storage-error.ts';
import { RowAppender } from './arrow/appender.ts';
import { Block } from './block.ts';

export interface DuckDBOptions {
  /** Folders whose files may be read and written; no other file can be opened. */
  readonly folders: readonly string[];
  /** Single files that may be read besides. */
  readonly files?: readonly string[];
  /** Bytes of buffers and tables; beyond it DuckDB spills into `tempFolder`. */
  readonly memoryLimit: number;
  readonly tempFolder: string | null;
  readonly threads?: number;
}

/** A value of a small result. */
export type Scalar = string | number | boolean | null;

function scalar(value: Json): Scalar {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** One connection to an in-memory database of its own. */
export class Duck {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly options: DuckDBOptions;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, options: DuckDBOptions) {
    this.instance = instance;
    this.connection = connection;
    this.options = options;
  }

  static async open(options: DuckDBOptions): Promise<Duck> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads ?? availableParallelism()),
      memory_limit: `${Math.ceil(options.memoryLimit / 1024)}KiB`,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const duck = new Duck(instance, connection, options);
    await duck.run("SET TimeZone = 'UTC'");
    // Spilling needs a folder; without one a query that does not fit fails rather than filling the working directory.
    await duck.run(`SET temp_directory = ${text(options.tempFolder ?? '')}`);
    await duck.run(`SET allowed_directories = [${options.folders.map((folder) => text(folder.endsWith('/') ? folder : `${folder}/`)).join(', ')}]`);
    await duck.run(`SET allowed_paths = [${(options.files ?? []).map(text).join(', ')}]`);
    await duck.run('SET enable_external_access = false');
    return duck;
  }

  /** Further connection to the same database, for work beside this one's. */
  async another(): Promise<Duck> {
    return new Duck(this.instance, await this.instance.connect(), this.options);
  }

  /** Bytes of buffers and tables that this database may hold. */
  get memoryLimit(): number {
    return this.options.memoryLimit;
  }

  /** Threads for the next statements: files of very many columns keep a buffer for each column in every thread. */
  async setThreads(threads: number): Promise<void> {
    await this.run(`SET threads = ${Math.max(1, Math.trunc(threads))}`);
  }

  async run(sql: string): Promise<void> {
    try {
      await this.connection.run(sql);
    } catch (error) {
      throw fromDuckDB(error, this.options);
    }
  }

  /** All rows, boxed: for small results only. 64-bit integers come as text, and so does time. */
  async rows(sql: string): Promise<Scalar[][]> {
    try {
      return (await this.connection.runAndReadAll(sql)).getRowsJson().map((row) => row.map(scalar));
    } catch (error) {
      throw fromDuckDB(error, this.options);
    }
  }

  /** The result block by block, as raw columns that are valid until the next block is asked for. */
  async *blocks(sql: string): AsyncGenerator<Block> {
    let next: Promise<DuckDBDataChunk | null> = Promise.resolve(null);
    try {
      const result = await this.connection.stream(sql);
      next = result.fetchChunk();
      for (;;) {
        const chunk = await next;
        if (chunk === null || chunk.rowCount === 0) return;
        // DuckDB makes the next block while this one is looked at.
        next = result.fetchChunk();
        const block = new Block(chunk);
        yield block;
        // Read after the yield, so that the chunk cannot be collected while its memory is in use.
        if (block.rows === 0) return;
      }
    } catch (error) {
      throw fromDuckDB(error, this.options);
    } finally {
      // A reader that stops early leaves a block on its way; closing the connection must wait for it.
      await next.catch(() => null);
    }
  }

  /** Puts rows into a table; `types` are those of its columns. */
  async appender(table: string, types: readonly string[]): Promise<RowAppender> {
    return new RowAppender(await this.connection.createAppender(table), types);
  }

  /** Runs `work`; an abort interrupts the running statement and rejects with `cancelled`. */
  async cancellable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal === undefined) return work();
    const interrupt = (): void => this.connection.interrupt();
    throwIfAborted(signal);
    signal.addEventListener('abort', interrupt);
    try {
      const result = await work();
      throwIfAborted(signal);
      return result;
    } catch (error) {
      throwIfAborted(signal);
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Ends a connection that `another` gave. */
  disconnect(): void {
    this.connection.closeSync();
  }
}

/** A string as an SQL literal. Names from files never enter SQL as identifiers: columns are numbered. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CorrenteError('cancelled', 'The work was cancelled.', { cause: signal.reason });
}

/** A CSV or Parquet error that another way of reading may get past; never leaves this folder. */
export class UnreadableError extends Error {}

function fromDuckDB(error: unknown, options: DuckDBOptions): Error {
  if (error instanceof CorrenteError || !(error instanceof Error)) return error instanceof Error ? error : new Error(String(error));
  const message = error.message;
  // DuckDB passes no code on, only words.
  if (/No space left on device|Disk quota exceeded|disk.{0,20}full/i.test(message)) return diskFull(`on the disk of ${options.folders.join(' or ')}`, error);
  if (/^(Out of Memory Error|.{0,40}failed to (allocate|pin block|offload))/i.test(message)) {
    return new CorrenteError('memory-exceeded', `The data do not fit into the ${Math.round(options.memoryLimit / 2 ** 20)} MiB that reading them may use: ${firstLine(message)}`, { cause: error });
  }
  // Damaged Parquet files also break assumptions of DuckDB's own, which it calls internal errors.
  if (/^(Internal|Invalid|Invalid Input|Conversion|Parser|CSV|Out of Range|Serialization|TransactionContext)[ -]/i.test(message) || /parquet|snappy|zstd|thrift|magic bytes/i.test(message)) {
    return new UnreadableError(message, { cause: error });
  }
  return error;
}

/** The first line, without the places of temporary files that DuckDB names in it. */
export function firstLine(message: string): string {
  return (message.split('\n', 1)[0] ?? message).replaceAll(/(?<=^|[\s"'(])\/[^\s"',;)]+/g, 'the file');
}
