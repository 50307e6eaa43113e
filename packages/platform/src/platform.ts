/**
 * The platform as the API, the worker and the command line see it: the parts, and how they are opened together.
 *
 * The `jobs` row is the only truth. The queue carries ids; losing it loses nothing (see `jobs/reconciler.ts`).
 * Whatever a worker writes names its attempt, and is refused once that attempt is no longer the live one.
 */
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { EngineInfo, EngineUsed, Precision } from '@corrente/shared/contract/engine';
import type { Problem } from '@corrente/shared/contract/errors';
import type { Job, JobEvent, JobEventBody, JobProgress, JobSpec, JobState } from '@corrente/shared/contract/job';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { ResultTable, TableSchema } from '@corrente/shared/contract/result';

/** A page of a list, newest first; `cursor` is opaque and null at the end. */
export interface Page<T> {
  readonly items: T[];
  readonly cursor: string | null;
}

export interface JobStore {
  /**
   * Stores the job and puts its id into the queue. With an idempotency key already used: the same job where the
   * spec is the same (`created: false`), `idempotency-conflict` where it is not. Throws `dataset-not-found`, and what
   * `checkInputs` throws.
   */
  submit(spec: JobSpec, options?: { idempotencyKey?: string; retryOf?: string }): Promise<{ job: Job; created: boolean }>;
  /** The job that was submitted with this key, or null; `idempotency-conflict` where its spec is another one. */
  submitted(idempotencyKey: string, spec: JobSpec): Promise<Job | null>;
  get(id: string): Promise<Job | null>;
  /** Concurrent calls share one query that starts after all of them: fast, and never stale. */
  getBatched(id: string): Promise<Job | null>;
  /** Whether the results that the spec names can be its input: `job-not-found` or `unsuitable-result` where not. */
  checkInputs(spec: JobSpec): Promise<void>;
  /** How many jobs there are in each state, shares not counted, states without jobs included. For metrics. */
  counts(): Promise<Record<JobState, number>>;
  /** Without shares; with `parent` the shares of that job and nothing else. */
  list(filter: { state?: JobState | undefined; analysis?: string | undefined; dataset?: string | undefined; parent?: string | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<Page<Job>>;
  /**
   * Queued, or waiting for its shares: cancelled at once. Running: asks the worker (see `renew`, `onCancel`). Final:
   * `job-final`. A share: `job-is-share`.
   */
  cancel(id: string): Promise<Job>;
  /**
   * Removes a job that has ended, and its shares, with those of its parts that no other job shares; else
   * `job-not-final`. A share: `job-is-share`. While a job that has not ended reads its result: `result-in-use`.
   */
  delete(id: string): Promise<void>;

  // For workers. `null` or `false` always means: this attempt is no longer the live one; stop.
  claim(id: string, worker: string, leaseMs: number): Promise<Claim | null>;
  renew(claim: Claim, leaseMs: number): Promise<{ cancelRequested: boolean } | null>;
  progress(claim: Claim, progress: JobProgress): Promise<boolean>;
  log(claim: Claim, level: 'info' | 'warn' | 'error', message: string): Promise<boolean>;
  /** What the spec of a job names as its input results. Throws `job-not-found` for one that is gone. */
  inputs(spec: JobSpec): Promise<InputJobs>;
  /**
   * Records the engine and declares the result tables, before the first step. Keeps what is stored already; provisional
   * parts of steps that are not stored are dropped.
   */
  begin(claim: Claim, engine: EngineUsed, tables: readonly TableSchema[]): Promise<boolean>;
  /** Stores one step and what it returned, its parts all or none; they become readable by this. Twice is as once. */
  storeStep(claim: Claim, step: number, parts: readonly StoredPart[], returned?: JsonValue): Promise<boolean>;
  /** Adds provisional parts of a step that is not stored yet. */
  showParts(claim: Claim, step: number, parts: readonly StoredPart[]): Promise<boolean>;
  /** Notes, as JSON, how far a step is; at most twice a second, then the last. Gone when the step is stored. */
  checkpoint(claim: Claim, step: number, note: string): Promise<boolean>;
  /**
   * Gives the steps to at most `spec.workers` shares, jobs of their own, and the job out of this worker's hands: it is
   * queued again when they have all succeeded, and ends as the first that did not.
   */
  shareOut(claim: Claim, work: SharedWork): Promise<boolean>;
  succeed(claim: Claim, timings: Job['timings'], identity: string): Promise<boolean>;
  /** Succeeds at once with the tables of an earlier job of the same identity; false where there is none. */
  succeedFromCache(claim: Claim, identity: string): Promise<boolean>;
  fail(claim: Claim, error: Problem): Promise<boolean>;
  cancelled(claim: Claim): Promise<boolean>;
  /**
   * Gives the job back to the queue (worker shutting down, engine process lost) or, after too many losses in a row
   * without a step stored or a new checkpoint, fails it; an orderly release is no loss. A job that was asked to cancel is cancelled
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
  /** Steps that are stored, with what each returned: they are to be skipped. Of a share those of the share. */
  readonly stored: ReadonlyMap<number, JsonValue>;
  /** The engines that computed them. */
  readonly storedBy: readonly EngineUsed[];
  /** The last note of the step to take up; null where there is none. */
  readonly checkpoint: JsonValue;
  /** Of a share: its parent, the steps to run, and the engine that the parent chose. */
  readonly share: { readonly parent: string; readonly steps: readonly number[]; readonly engine: EngineUsed | null } | null;
}

/** Independent steps of a plan, and the work of the whole plan in the same unit. */
export interface SharedWork {
  readonly steps: ReadonlyArray<{ readonly step: number; readonly work: number }>;
  readonly totalWork: number;
}

/** A job whose result another one reads. */
export interface InputJob {
  readonly id: string;
  readonly spec: JobSpec;
  readonly identity: string;
  readonly precision: Precision;
  /** The tables with the paths of their parts, in order, relative to the result store's folder. */
  readonly tables: ReadonlyArray<{ readonly schema: TableSchema; readonly parts: readonly string[] }>;
}

export interface InputJobs {
  readonly a: readonly InputJob[];
  readonly b: readonly InputJob[];
}

/** A part as the engine process wrote it: a file below the result store, holding Arrow record batch messages. */
export interface StoredPart {
  readonly table: string;
  /** Path relative to the result store's folder. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  /** Read while the job has not succeeded, and then dropped. */
  readonly provisional?: boolean | undefined;
}

export interface ResultStore {
  readonly folder: string;
  /** Where an attempt may write its parts; exists after the call. */
  attemptFolder(jobId: string, attempt: number): Promise<string>;
  /**
   * The table as an Arrow IPC stream, byte for byte from the stored parts, in the order of their steps. With `follow`,
   * goes on as parts arrive (a part waits for those of earlier steps), and ends when the job does; a job that fails while
   * being read ends the stream with an error. Without, what is stored now and, where the job has not succeeded, the
   * provisional parts after it.
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
