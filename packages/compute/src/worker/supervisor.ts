/** The supervisor: takes job ids from the queue and has them run, one engine process for each job at a time. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Platform } from '@corrente/platform/platform';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { type Logger, pino } from 'pino';
import { machineShare } from '../run/memory.ts';
import { EngineHost } from './engine-host.ts';
import { JobRun } from './job-run.ts';

export interface WorkerOptions {
  /** Jobs at the same time, each in its own engine process. */
  readonly concurrency: number;
  /** Bytes that one job may need by its estimate; null: a share of the machine's memory. */
  readonly engineMemoryBytes: number | null;
  /** Bytes that a job may take beyond its estimate before its engine process is ended. */
  readonly memorySlackBytes: number;
  /** Bytes that an engine process may have grown by (its pools) when a job ends; above, it is replaced. */
  readonly idleGrowthBytes: number;
  readonly leaseMs: number;
  /** Milliseconds without a sign of life after which an engine process is ended as stuck. */
  readonly stuckAfterMs: number;
  /** Milliseconds that a cancelled run has to stop by itself before its engine process is ended. */
  readonly cancelGraceMs: number;
  /** What an engine process runs: a script that imports `engine-process.ts`, after what it adds to it. */
  readonly engineScript: URL;
  readonly log: Logger;
}

export interface RunningWorker {
  readonly id: string;
  /** Process ids of the engine processes that live now. */
  enginePids(): number[];
  /** Gives running jobs back to the queue and ends the engine processes. */
  close(): Promise<void>;
}

const defaults = {
  concurrency: 1,
  engineMemoryBytes: null,
  memorySlackBytes: 256 * 2 ** 20,
  idleGrowthBytes: 1.5 * 2 ** 30,
  leaseMs: 10_000,
  stuckAfterMs: 30_000,
  cancelGraceMs: 800,
  engineScript: new URL('engine-process.ts', import.meta.url),
} as const;

/**
 * Starts a worker on this platform. Resolves once its engine processes are warm, its engines are announced and it
 * takes jobs. Rejects with `engine-crashed` where no engine process can start.
 */
export async function startWorker(platform: Platform, options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const worker = new Supervisor(platform, { ...defaults, log: pino({ level: 'silent' }), ...options });
  try {
    await worker.start();
  } catch (error) {
    await worker.close();
    throw error;
  }
  return worker;
}

class Supervisor implements RunningWorker {
  readonly id = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  readonly #platform: Platform;
  readonly #options: WorkerOptions;
  readonly #memory: number;
  readonly #hosts: readonly EngineHost[];
  readonly #free: EngineHost[];
  readonly #active = new Map<string, JobRun>();
  /** Jobs that are just being claimed, and whether a cancel request came meanwhile. */
  readonly #claiming = new Map<string, boolean>();
  readonly #closers: Array<() => unknown> = [];
  #announcing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(platform: Platform, options: WorkerOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#memory = options.engineMemoryBytes ?? machineShare(options.concurrency);
    const limits = { stuckAfterMs: options.stuckAfterMs, cancelGraceMs: options.cancelGraceMs, jobMemory: this.#memory, memorySlack: options.memorySlackBytes, idleGrowth: options.idleGrowthBytes };
    this.#hosts = Array.from({ length: options.concurrency }, () => new EngineHost(limits, options.engineScript));
    this.#free = [...this.#hosts];
  }

  enginePids(): number[] {
    return this.#hosts.flatMap((host) => host.pid ?? []);
  }

  async start(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.engines()));
    await this.#announce();
    const repeat = setInterval(() => {
      this.#announcing = this.#announce().catch((error: unknown) => this.#options.log.warn({ err: error }, 'the engines could not be announced'));
    }, this.#options.leaseMs / 2);
    this.#closers.push(() => clearInterval(repeat));
    this.#closers.push(this.#platform.jobs.onCancel((jobId) => this.#cancel(jobId)));
    const consumer = await this.#platform.queue.work((jobId) => this.#handle(jobId), { concurrency: this.#options.concurrency });
    this.#closers.push(() => consumer.close());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = this.#closers.toReversed().map((close) => close());
    for (const run of this.#active.values()) run.stop('shutdown');
    await Promise.all(closed);
    await Promise.all(this.#hosts.map((host) => host.close()));
    await this.#announcing;
    await this.#platform.workers.withdraw(this.id);
  }

  /** What the living engine process found: a worker whose engine cannot start falls silent, and its entry expires. */
  async #announce(): Promise<void> {
    const engines = await this.#hosts[0]?.engines();
    await this.#platform.workers.announce({ id: this.id, engines: engines ?? [], memoryBytes: this.#memory });
  }

  /** Rejects, and so gives the id back to the queue, only where the platform could not be told how the job ended. */
  async #handle(jobId: string): Promise<void> {
    if (this.#closing !== null) throw new CorrenteError('not-ready', 'The worker is shutting down.');
    const host = this.#free.pop();
    if (host === undefined) throw new CorrenteError('internal', `The queue gave more than ${this.#options.concurrency} jobs at a time.`);
    try {
      const run = await this.#claim(jobId);
      if (run !== null) await run.run(host);
    } finally {
      this.#active.delete(jobId);
      this.#free.push(host);
    }
  }

  async #claim(jobId: string): Promise<JobRun | null> {
    const { leaseMs, log } = this.#options;
    this.#claiming.set(jobId, false);
    try {
      const claim = await this.#platform.jobs.claim(jobId, this.id, leaseMs);
      if (claim === null) return null;
      const run = new JobRun(this.#platform, claim, { leaseMs, memoryLimit: this.#memory, log });
      this.#active.set(jobId, run);
      if (this.#claiming.get(jobId) === true) run.stop('cancel');
      if (this.#isClosing()) run.stop('shutdown');
      return run;
    } finally {
      this.#claiming.delete(jobId);
    }
  }

  #cancel(jobId: string): void {
    this.#active.get(jobId)?.stop('cancel');
    if (this.#claiming.has(jobId)) this.#claiming.set(jobId, true);
  }

  /** Read again after an await, when it may have changed. */
  #isClosing(): boolean {
    return this.#closing !== null;
  }
}
