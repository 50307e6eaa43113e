/**
 * The platform as the API, the worker and the command line see it: the parts, and how they are opened together.
 *
 * The `jobs` row is the only truth. The queue carries ids; losing it loses nothing (see `jobs/reconciler.ts`).
 * Whatever a worker writes names its attempt, and is refused once that attempt is no longer the live one.
 */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { EngineInfo, EngineUsed } from '@corrente/shared/contract/engine';
import type { Problem } from '@corrente/shared/contract/errors';
import type { Job, JobEvent, JobEventBody, JobProgress, JobSpec, JobState } from '@corrente/shared/contract/job';
import type { ResultTable, TableSchema } from '@corrente/shared/contract/result';

/** A page of a list, newest first; `cursor` is opaque and null at the end. */
export interface Page<T> {
  readonly items: T[];
  readonly cursor: string | null;
}

export interface JobStore {
  /**
   * Stores the job and puts its id into the queue. With an idempotency key already used: the same job where the
   * spec is the same (`created: false`), `idempotency-conflict` where it is not.
   */
  submit(spec: JobSpec, options?: { idempotencyKey?: string; retryOf?: string }): Promise<{ job: Job; created: boolean }>;
  /** The job that was submitted with this key, or null; `idempotency-conflict` where its spec is another one. */
  submitted(idempotencyKey: string, spec: JobSpec): Promise<Job | null>;
  get(id: string): Promise<Job | null>;
  /** Concurrent calls share one query that starts after all of them: fast, and never stale. */
  getBatched(id: string): Promise<Job | null>;
  /** How many jobs there are in each state, states without jobs included. For metrics. */
  counts(): Promise<Record<JobState, number>>;
  list(filter: { state?: JobState | undefined; analysis?: string | undefined; dataset?: string | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<Page<Job>>;
  /** Queued: cancelled at once. Running: asks the worker (see `renew`, `onCancel`). Final: `job-final`. */
  cancel(id: string): Promise<Job>;
  /** Removes a job that has ended, with those of its parts that no other job shares; else `job-not-final`. */
  delete(id: string): Promise<void>;

  // For workers. `null` or `false` always means: this attempt is no longer the live one; stop.
  claim(id: string, worker: string, leaseMs: number): Promise<Claim | null>;
  renew(claim: Claim, leaseMs: number): Promise<{ cancelRequested: boolean } | null>;
  progress(claim: Claim, progress: JobProgress): Promise<boolean>;
  log(claim: Claim, level: 'info' | 'warn' | 'error', message: string): Promise<boolean>;
  /** Records the engine and declares the result tables, before the first step. Keeps what is stored already. */
  begin(claim: Claim, engine: EngineUsed, tables: readonly TableSchema[]): Promise<boolean>;
  /** Stores the parts of one step, all or none; they become readable by this. */
  storeStep(claim: Claim, step: number, parts: readonly StoredPart[]): Promise<boolean>;
  succeed(claim: Claim, timings: Job['timings'], identity: string): Promise<boolean>;
  /** Succeeds at once with the tables of an earlier job of the same identity; false where there is none. */
  succeedFromCache(claim: Claim, identity: string): Promise<boolean>;
  fail(claim: Claim, error: Problem): Promise<boolean>;
  cancelled(claim: Claim): Promise<boolean>;
  /**
   * Gives the job back to the queue (worker shutting down, engine process lost) or, after too many losses in a row
   * without a step stored, fails it; an orderly release is no loss. A job that was asked to cancel is cancelled
   * instead, and the answer is null.
   */
  release(claim: Claim, reason: Problem, options?: { orderly?: boolean }): Promise<'queued' | 'failed' | null>;

  /** Calls back, within some milliseconds, for cancel requests of any running job. Returns how to stop listening. */
  onCancel(listener: (jobId: string) => void): () => void;
  /**
   * Events of a job from after `afterSeq`, stored ones first, then live ones; ends after the terminal event or when
   * the signal aborts. Progress events may be thinned for a slow reader, never the others.
   */
  events(id: string, afterSeq: number, signal: AbortSignal): AsyncIterable<JobEvent>;
  /** Table schemas and complete parts, in order. Null: no such job. */
  tables(id: string): Promise<ResultTable[] | null>;
}

export interface Claim {
  readonly job: Job;
  readonly attempt: number;
  readonly worker: string;
  /** Steps stored by earlier attempts, in order from 0: this many are to be skipped. */
  readonly storedSteps: number;
}

/** A part as the engine process wrote it: a file below the result store, holding Arrow record batch messages. */
export interface StoredPart {
  readonly table: string;
  /** Path relative to the result store's folder. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface ResultStore {
  readonly folder: string;
  /** Where an attempt may write its parts; exists after the call. */
  attemptFolder(jobId: string, attempt: number): Promise<string>;
  /**
   * The table as an Arrow IPC stream, byte for byte from the stored parts. With `follow`, goes on as parts arrive,
   * and ends when the job does; a job that fails while being read ends the stream with an error.
   */
  readArrow(jobId: string, table: string, options: { follow: boolean; signal: AbortSignal }): AsyncIterable<Uint8Array>;
}

export interface DatasetCatalogue {
  /** Adds a data set or, where its content is known already, gives back the one there is. */
  add(dataset: Dataset): Promise<{ dataset: Dataset; created: boolean }>;
  get(id: string): Promise<Dataset | null>;
  list(filter: { cursor?: string | undefined; limit?: number | undefined }): Promise<Page<Dataset>>;
  /** `dataset-in-use` while a job that has not ended reads it. */
  delete(id: string): Promise<void>;
  /** The Parquet file of a data set. */
  path(id: string): string;
}

export interface WorkerRegistry {
  /** Announces a worker and its engines; expires unless repeated. */
  announce(worker: { id: string; engines: readonly EngineInfo[]; memoryBytes: number }): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  /** Live workers. */
  list(): Promise<Array<{ id: string; engines: EngineInfo[]; memoryBytes: number; seenAt: string }>>;
}

/**
 * The queue: carries job ids to workers. BullMQ on PostgreSQL or on Redis. An entry belongs to a job and the number of
 * attempts it has had: what is left of an attempt that was given up does not stand in the way of the next.
 */
export interface JobQueue {
  readonly backend: 'postgres' | 'redis';
  /** Once per job and attempt, however often it is called. */
  add(jobId: string, priority: number, attempt?: number): Promise<void>;
  has(jobId: string, attempt?: number): Promise<boolean>;
  remove(jobId: string, attempt?: number): Promise<void>;
  /** Runs `handle` for each id, `concurrency` at a time. A handler that throws gives the id back to the queue. */
  work(handle: (jobId: string) => Promise<void>, options: { concurrency: number }): Promise<{ close(): Promise<void> }>;
  counts(): Promise<{ waiting: number; active: number }>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Platform {
  readonly jobs: JobStore;
  readonly results: ResultStore;
  readonly datasets: DatasetCatalogue;
  readonly workers: WorkerRegistry;
  readonly queue: JobQueue;
  /** Throws `not-ready` naming the dependency that does not answer. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

export type { JobEventBody };
