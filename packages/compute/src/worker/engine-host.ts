/** One slot of a worker: always a warm engine process, replaced whenever it dies or has grown too large. */
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { EngineChild, type EngineLimits, type RunHandlers } from './engine-child.ts';
import type { EngineOutcome, RunOrder } from './messages.ts';

export interface HostLimits extends EngineLimits {
  /** Bytes that an idle process may have grown by before it is replaced. */
  readonly idleGrowth: number;
}

/** Starts in succession that may fail before a run is told so. */
const startAttempts = 3;
const restartDelayMs = 200;

export class EngineHost {
  readonly #limits: HostLimits;
  readonly #script: URL;
  #child: EngineChild;
  #failedStarts = 0;
  #closed = false;

  /** @param script what its processes run. */
  constructor(limits: HostLimits, script: URL) {
    this.#limits = limits;
    this.#script = script;
    this.#child = this.#start();
  }

  /** The engines of the living process. Waits for one that is just starting; rejects where it cannot start. */
  async engines(): Promise<readonly EngineInfo[]> {
    for (;;) {
      const child = this.#child;
      try {
        const engines = await child.ready;
        if (!child.dead) return engines;
      } catch (error) {
        if (this.#failedStarts >= startAttempts) throw error;
      }
      await this.#replaced(child);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** See `EngineChild.run`; a process that died before is replaced first. */
  async run(job: Omit<RunOrder, 'type' | 'run'>, handlers: RunHandlers, signal: AbortSignal): Promise<EngineOutcome> {
    await this.engines();
    const child = this.#child;
    try {
      return await child.run(job, handlers, signal);
    } finally {
      if (child.growth > this.#limits.idleGrowth) child.kill(new CorrenteError('engine-memory', 'The engine process was replaced: it had grown while it was idle.'));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#child.kill(new CorrenteError('worker-lost', 'The worker is shutting down.'));
    await this.#child.exited;
  }

  #start(): EngineChild {
    const child = new EngineChild(this.#limits, this.#script);
    child.ready.then(
      () => {
        this.#failedStarts = 0;
      },
      () => {
        this.#failedStarts += 1;
      },
    );
    void child.exited.then(() => this.#restart(child));
    return child;
  }

  async #restart(dead: EngineChild): Promise<void> {
    // One that cannot even start is not tried again and again in a hurry.
    if (this.#failedStarts > 0) await pause(restartDelayMs * 2 ** Math.min(this.#failedStarts, 6));
    if (!this.#closed && this.#child === dead) this.#child = this.#start();
  }

  async #replaced(dead: EngineChild): Promise<void> {
    await dead.exited;
    while (this.#child === dead) {
      if (this.#closed) throw new CorrenteError('worker-lost', 'The worker is shutting down.');
      await pause(10);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
