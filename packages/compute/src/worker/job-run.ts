/** One job on one worker: claimed, kept by its lease, run in an engine process, and ended in its row. */
import type { Claim, InputJob, InputJobs, JobStore, Platform, StoredPart } from '@corrente/platform/platform';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import type { JobProgress } from '@corrente/shared/contract/job';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { TableSchema } from '@corrente/shared/contract/result';
import { join, relative, sep } from 'node:path';
import type { Logger } from 'pino';
import type { RunHandlers } from './engine-child.ts';
import type { EngineHost } from './engine-host.ts';
import { identityOf } from './identity.ts';
import type { EngineOutcome, EngineTimings, InputOrder, RunOrder } from './messages.ts';

export interface JobRunOptions {
  readonly leaseMs: number;
  readonly memoryLimit: number;
  readonly log: Logger;
}

/** Why a run was stopped from outside; `lost`: the attempt is no longer the live one, nothing more may be written. */
type Stop = 'cancel' | 'lost' | 'shutdown' | 'cached';

const timingNames = ['readMs', 'computeMs', 'storeMs'] as const;

/** Deaths of the engine process after which the job may run again. */
const releasable: ReadonlySet<ErrorCode> = new Set(['engine-crashed', 'engine-stuck', 'engine-memory']);
/** A job that was ended for its memory runs once more: something else may have taken the memory. Then it fails. */
const memoryAttempts = 2;

export class JobRun {
  readonly claim: Claim;
  readonly #platform: Platform;
  readonly #jobs: JobStore;
  readonly #options: JobRunOptions;
  readonly #abort = new AbortController();
  readonly #started = performance.now();
  #stop: Stop | null = null;
  #engine: EngineUsed | null = null;
  #inputs: InputJobs = { a: [], b: [] };
  #waiting: JobProgress | null = null;
  #telling: Promise<void> = Promise.resolve();

  constructor(platform: Platform, claim: Claim, options: JobRunOptions) {
    this.claim = claim;
    this.#platform = platform;
    this.#jobs = platform.jobs;
    this.#options = options;
  }

  /** Ends the run for this reason; the first reason counts. */
  stop(reason: Stop): void {
    this.#stop ??= reason;
    this.#abort.abort();
  }

  /** Runs the job to its end, whatever that is. Rejects only where the platform could not be told. */
  async run(host: EngineHost): Promise<void> {
    const lease = this.#keepLease();
    try {
      const { timings, sharedOut } = await this.#compute(host);
      await this.#told();
      if (sharedOut) this.#options.log.info({ job: this.claim.job.id, attempt: this.claim.attempt }, 'shared out');
      else await this.#succeed(timings);
    } catch (error) {
      await this.#told();
      await this.#end(CorrenteError.from(error));
    } finally {
      clearInterval(lease);
    }
  }

  async #compute(host: EngineHost): Promise<EngineOutcome> {
    return host.run(await this.#order(), this.#handlers(), this.#abort.signal);
  }

  async #order(): Promise<Omit<RunOrder, 'type' | 'run'>> {
    const { job, stored, checkpoint, share, attempt } = this.claim;
    const dataset = await this.#platform.datasets.get(job.spec.input.dataset);
    if (dataset === null) throw new CorrenteError('dataset-not-found', `The data set ${job.spec.input.dataset} of the job is not there any more.`);
    const folder = await this.#platform.results.attemptFolder(job.id, attempt);
    this.#inputs = await this.#jobs.inputs(job.spec);
    // Recorded when a first attempt began: whoever takes the job up goes on with that engine.
    const companion = share === null ? job.engine : share.engine;
    return {
      spec: job.spec,
      dataset,
      parquet: this.#platform.datasets.path(dataset.id),
      inputs: { a: await this.#inputOrders(this.#inputs.a), b: await this.#inputOrders(this.#inputs.b) },
      stored: [...stored],
      checkpoint,
      companion: companion?.name ?? null,
      share: share === null ? null : [...share.steps],
      offer: job.spec.workers > 1 && share === null && job.shares === undefined,
      folder,
      relative: relative(this.#platform.results.folder, folder).split(sep).join('/'),
      memoryLimit: this.#options.memoryLimit,
      confirm: this.#mayBeCached(),
    };
  }

  async #inputOrders(jobs: readonly InputJob[]): Promise<InputOrder[]> {
    const { datasets, results } = this.#platform;
    const orders = jobs.map(async ({ id, spec, precision, tables }) => ({
      job: id,
      spec,
      precision,
      dataset: await datasets.get(spec.input.dataset),
      parquet: datasets.path(spec.input.dataset),
      tables: tables.map(({ schema, parts }) => ({ schema, files: parts.map((path) => join(results.folder, path)) })),
    }));
    return Promise.all(orders);
  }

  /** A share holds no result of its own. */
  #mayBeCached(): boolean {
    return !this.claim.job.spec.fresh && this.claim.share === null;
  }

  #handlers(): RunHandlers {
    return {
      chosen: async (engine) => {
        this.#engine = engine;
        if (!this.#mayBeCached() || !(await this.#jobs.succeedFromCache(this.claim, this.#identity(engine)))) return true;
        this.stop('cached');
        return false;
      },
      begin: (engine, tables) => this.#begin(engine, tables),
      step: (step, parts, returned) => this.#storeStep(step, parts, returned),
      show: async (step, parts) => {
        if (!(await this.#jobs.showParts(this.claim, step, parts))) this.stop('lost');
      },
      checkpoint: (step, note) => this.#noteCheckpoint(step, note),
      offer: async (work) => {
        const taken = await this.#jobs.shareOut(this.claim, work);
        if (!taken) this.stop('lost');
        return taken;
      },
      progress: (progress) => this.#tell(progress),
      log: (level, message) => void this.#chain(async () => void (await this.#jobs.log(this.claim, level, message))),
    };
  }

  async #begin(engine: EngineUsed, tables: readonly TableSchema[]): Promise<void> {
    if (!(await this.#jobs.begin(this.claim, engine, tables))) this.stop('lost');
  }

  async #storeStep(step: number, parts: readonly StoredPart[], returned: JsonValue): Promise<void> {
    if (!(await this.#jobs.storeStep(this.claim, step, parts, returned))) this.stop('lost');
  }

  /** Not in the chain of progress: a note must not wait until others are told. That it is lost is no reason to fail. */
  #noteCheckpoint(step: number, note: string): void {
    this.#jobs.checkpoint(this.claim, step, note).catch((error: unknown) => this.#options.log.warn({ err: error, job: this.claim.job.id }, 'a checkpoint could not be stored'));
  }

  /** Only the newest progress matters: while one is being told, the last that came waits. */
  #tell(progress: JobProgress): void {
    const idle = this.#waiting === null;
    this.#waiting = progress;
    if (!idle) return;
    void this.#chain(async () => {
      const newest = this.#waiting;
      this.#waiting = null;
      if (newest !== null) await this.#jobs.progress(this.claim, newest);
    });
  }

  /** Progress and log go one after the other; that one of them could not be told is no reason to fail the job. */
  #chain(tell: () => Promise<void>): Promise<void> {
    this.#telling = this.#telling.then(tell).catch((error: unknown) => this.#options.log.warn({ err: error, job: this.claim.job.id }, 'progress could not be told'));
    return this.#telling;
  }

  async #told(): Promise<void> {
    this.#waiting = null;
    await this.#telling;
  }

  /** Renews the lease three times in its length; where that fails for a whole lease, the attempt counts as lost. */
  #keepLease(): NodeJS.Timeout {
    const { leaseMs } = this.#options;
    let renewedAt = performance.now();
    let renewing = false;
    const renew = async (): Promise<void> => {
      if (renewing) return;
      renewing = true;
      const asked = performance.now();
      try {
        const renewed = await this.#jobs.renew(this.claim, leaseMs);
        if (renewed === null) this.stop('lost');
        else if (renewed.cancelRequested) this.stop('cancel');
        renewedAt = asked;
      } catch (error) {
        this.#options.log.warn({ err: error, job: this.claim.job.id }, 'the lease could not be renewed');
        if (performance.now() - renewedAt > leaseMs) this.stop('lost');
      } finally {
        renewing = false;
      }
    };
    return setInterval(() => void renew(), leaseMs / 3);
  }

  async #succeed(own: EngineTimings): Promise<void> {
    if (this.#engine === null) throw new CorrenteError('internal', 'A run ended without having chosen an engine.');
    const { job } = this.claim;
    const shared = job.shares !== undefined;
    // What the shares took is there already; as a whole the job ran since its first attempt, which its row knows.
    const parts = timingNames.map((name) => [name, own[name] + (shared ? (job.timings[name] ?? 0) : 0)] as const);
    const all = shared ? parts : [['runMs', performance.now() - this.#started] as const, ...parts];
    const timings = Object.fromEntries(all.map(([name, ms]) => [name, Math.round(ms * 1000) / 1000]));
    const live = await this.#jobs.succeed(this.claim, timings, this.#identity(this.#engine));
    this.#options.log.info({ job: this.claim.job.id, attempt: this.claim.attempt, live, ...timings }, 'ended');
  }

  async #end(error: CorrenteError): Promise<void> {
    const { claim } = this;
    const place = { job: claim.job.id, attempt: claim.attempt };
    if (this.#stop === 'cached') return this.#options.log.info(place, 'answered from a stored result');
    this.#options.log.info({ ...place, stop: this.#stop, code: error.code, err: error.code === 'internal' ? error : undefined }, error.message);
    if (this.#stop === 'lost') return;
    if (this.#stop === 'cancel') await this.#jobs.cancelled(claim);
    else if (this.#stop === 'shutdown') await this.#jobs.release(claim, new CorrenteError('worker-lost', 'The worker was shut down while it ran the job.').toProblem(), { orderly: true });
    else if (this.#mayRunAgain(error)) await this.#jobs.release(claim, error.toProblem());
    else await this.#jobs.fail(claim, error.toProblem());
  }

  #mayRunAgain({ code }: CorrenteError): boolean {
    return releasable.has(code) && !(code === 'engine-memory' && this.claim.attempt >= memoryAttempts);
  }

  /** Steps of earlier attempts and of shares may be another engine's: then the result is not what one engine makes. */
  #identity(engine: EngineUsed): string {
    const { a, b } = this.#inputs;
    const inputs = { a: a.map(({ identity }) => identity), b: b.map(({ identity }) => identity) };
    return identityOf(this.claim.job.spec, [...this.claim.storedBy, engine], inputs);
  }
}
