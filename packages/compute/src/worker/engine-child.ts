/** One engine process as its supervisor sees it: from its start to its death, one run at a time. */
import { type ChildProcess, fork } from 'node:child_process';
import { inBytes } from '@corrente/shared/contract/bytes';
import type { EngineInfo, EngineUsed } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobProgress } from '@corrente/shared/contract/job';
import type { TableSchema } from '@corrente/shared/contract/result';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { SharedWork, StoredPart } from '@corrente/platform/platform';
import { causeOfDeath, residentBytes, systemOomKills } from './cause-of-death.ts';
import { type EngineOutcome, type Order, report, type Report, type RunOrder } from './messages.ts';

export interface EngineLimits {
  /** Milliseconds without a sign of life after which the process is ended as stuck. */
  readonly stuckAfterMs: number;
  /** Milliseconds that a cancelled run has to end by itself. */
  readonly cancelGraceMs: number;
  /** Bytes that the estimate of a job may reach. */
  readonly jobMemory: number;
  /** Bytes that a job may take beyond its estimate before its process is ended. */
  readonly memorySlack: number;
}

/** What a run asks of its supervisor. Calls come in order; a rejection ends the run with that error. */
export interface RunHandlers {
  /** The engine is chosen. `false` drops the run: it then ends with `cancelled`. */
  chosen(engine: EngineUsed): Promise<boolean>;
  begin(engine: EngineUsed, tables: readonly TableSchema[]): Promise<void>;
  step(step: number, parts: readonly StoredPart[], returned: JsonValue): Promise<void>;
  show(step: number, parts: readonly StoredPart[]): Promise<void>;
  /** Whether other workers run these steps. */
  offer(work: SharedWork): Promise<boolean>;
  checkpoint(step: number, note: string): void;
  progress(progress: JobProgress): void;
  log(level: 'info' | 'warn', message: string): void;
}

const watchEveryMs = 1000;
const weighEveryMs = 200;
const lastWordsLength = 4096;

interface CurrentRun {
  readonly number: number;
  readonly handlers: RunHandlers;
  readonly resolve: (outcome: EngineOutcome) => void;
  readonly reject: (error: CorrenteError) => void;
  /** Handler calls one after the other. */
  chain: Promise<void>;
  /** What the supervisor could not do: the run ends with it once its process is free again. */
  failure: CorrenteError | null;
}

export class EngineChild {
  /** The engines the process found; rejects where it dies before it is ready. */
  readonly ready: Promise<readonly EngineInfo[]>;
  /** Resolves, with the reason, when the process is gone. */
  readonly exited: Promise<CorrenteError>;
  readonly #process: ChildProcess;
  readonly #limits: EngineLimits;
  readonly #timers: NodeJS.Timeout[] = [];
  #becomeReady: (engines: readonly EngineInfo[]) => void = () => {};
  #current: CurrentRun | null = null;
  #runs = 0;
  #silentTicks = 0;
  #idleRss = 0;
  #lastRss = 0;
  #lastWords = '';
  #oomKills = systemOomKills();
  #reason: CorrenteError | null = null;

  constructor(limits: EngineLimits, script: URL) {
    this.#limits = limits;
    // Its own execArgv: what the supervisor was started with (an inspector, a test runner's loader) is not for it.
    this.#process = fork(script, [], { execArgv: [], stdio: ['ignore', 2, 'pipe', 'ipc'] });
    this.#process.stderr?.on('data', (text: Buffer) => {
      this.#lastWords = (this.#lastWords + text.toString()).slice(-lastWordsLength);
      process.stderr.write(text);
    });
    this.exited = this.#untilExit();
    this.ready = new Promise((resolve, reject) => {
      this.#becomeReady = resolve;
      void this.exited.then(reject);
    });
    this.ready.catch(() => {});
    this.#process.on('message', (message) => this.#hear(message));
    this.#timers.push(setInterval(() => this.#watch(), watchEveryMs), setInterval(() => this.#weigh(), weighEveryMs));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it is gone or about to go: nothing more can run in it. */
  get dead(): boolean {
    return this.#reason !== null;
  }

  /** Resident bytes beyond the size at the start, as last told. */
  get growth(): number {
    return this.#lastRss - this.#idleRss;
  }

  /**
   * Runs a job. Rejects with the error of the run, with the reason of the process's death where it dies, with
   * `cancelled` where the signal aborts: then the process is ended unless it stops within the grace.
   */
  run(job: Omit<RunOrder, 'type' | 'run'>, handlers: RunHandlers, signal: AbortSignal): Promise<EngineOutcome> {
    if (this.#current !== null) throw new CorrenteError('internal', 'An engine process was given a run while another was not over.');
    const number = ++this.#runs;
    this.#oomKills = systemOomKills();
    const { promise, resolve, reject } = Promise.withResolvers<EngineOutcome>();
    const current: CurrentRun = { number, handlers, resolve, reject, chain: Promise.resolve(), failure: null };
    this.#current = current;
    void this.exited.then((reason) => reject(current.failure ?? reason));
    this.#send({ type: 'run', run: number, ...job });
    const cancel = (): void => this.#cancel(number);
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Ends the process at once; a run in it ends with this reason. */
  kill(reason: CorrenteError): void {
    this.#reason ??= reason;
    this.#process.kill('SIGKILL');
  }

  #send(message: Order): void {
    // A process that is just dying has no channel; its exit tells.
    if (this.#process.connected) this.#process.send(message, () => {});
  }

  async #untilExit(): Promise<CorrenteError> {
    const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      this.#process.once('error', () => resolve([null, null]));
      this.#process.once('close', (code, by) => resolve([code, by]));
    });
    for (const timer of this.#timers) clearInterval(timer);
    this.#reason ??= causeOfDeath({ exitCode, signal, lastWords: this.#lastWords, systemRanOut: systemOomKills() > this.#oomKills });
    return this.#reason;
  }

  #hear(message: unknown): void {
    this.#silentTicks = 0;
    const parsed = report.safeParse(message);
    if (!parsed.success) return this.kill(new CorrenteError('engine-crashed', `The engine process sent a message that is not of the protocol: ${parsed.error.message}`));
    const heard = parsed.data;
    if ('rss' in heard) this.#lastRss = heard.rss;
    if (heard.type === 'alive') return;
    if (heard.type === 'ready') {
      this.#idleRss = heard.rss;
      return this.#becomeReady(heard.engines);
    }
    if (this.#current?.number === heard.run) this.#hearRun(this.#current, heard);
  }

  #hearRun(run: CurrentRun, heard: Exclude<Report, { type: 'alive' | 'ready' }>): void {
    const { handlers, number } = run;
    if (heard.type === 'progress') return handlers.progress(heard.progress);
    if (heard.type === 'log') return handlers.log(heard.level, heard.message);
    if (heard.type === 'checkpoint') return handlers.checkpoint(heard.step, heard.note);
    if (heard.type === 'done' || heard.type === 'failed') {
      run.chain = run.chain.then(() => this.#end(run, heard));
      return;
    }
    run.chain = run.chain.then(async () => {
      if (run.failure !== null) return;
      try {
        await this.#handle(run, heard);
      } catch (error) {
        run.failure = CorrenteError.from(error);
        this.#cancel(number);
      }
    });
  }

  async #handle({ handlers, number }: CurrentRun, heard: Extract<Report, { type: 'chosen' | 'begin' | 'offer' | 'step' | 'show' }>): Promise<void> {
    if (heard.type === 'chosen') {
      if (await handlers.chosen(heard.engine)) this.#send({ type: 'proceed', run: number });
      else this.#cancel(number);
    } else if (heard.type === 'begin') {
      await handlers.begin(heard.engine, heard.tables);
    } else if (heard.type === 'offer') {
      this.#send({ type: 'offered', run: number, taken: await handlers.offer(heard) });
    } else {
      await (heard.type === 'step' ? handlers.step(heard.step, heard.parts, heard.returned) : handlers.show(heard.step, heard.parts));
      this.#send({ type: 'stored', run: number, parcel: heard.parcel });
    }
  }

  #end(run: CurrentRun, last: Extract<Report, { type: 'done' | 'failed' }>): void {
    this.#current = null;
    if (run.failure !== null) run.reject(run.failure);
    else if (last.type === 'done') run.resolve({ timings: last.timings, sharedOut: last.sharedOut });
    else run.reject(CorrenteError.fromProblem(last.problem));
  }

  #cancel(number: number): void {
    if (this.#current?.number !== number) return;
    this.#send({ type: 'cancel', run: number });
    const timer = setTimeout(() => {
      if (this.#current?.number === number) this.kill(new CorrenteError('cancelled', 'The run was cancelled, and its engine process ended because it did not stop by itself.'));
    }, this.#limits.cancelGraceMs);
    void this.exited.then(() => clearTimeout(timer));
  }

  /** Counts seconds by its own ticks, so that a machine that slept does not make every process look stuck. */
  #watch(): void {
    this.#silentTicks += 1;
    const silentMs = this.#silentTicks * watchEveryMs;
    if (silentMs > this.#limits.stuckAfterMs) this.kill(new CorrenteError('engine-stuck', `The engine process gave no sign of life for ${silentMs / 1000} seconds.`));
  }

  #weigh(): void {
    if (this.#current === null || this.#process.pid === undefined) return;
    this.#lastRss = residentBytes(this.#process.pid) ?? this.#lastRss;
    const allowed = this.#idleRss + this.#limits.jobMemory + this.#limits.memorySlack;
    if (this.#idleRss === 0 || this.#lastRss <= allowed) return;
    this.kill(new CorrenteError('engine-memory', `The engine process had reached ${inBytes(this.#lastRss)}; ${inBytes(allowed)} are allowed.`));
  }
}
