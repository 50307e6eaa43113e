/** Long work on one thread: gives way to the event loop, notices an abort, and reports how far it is. */
import { CorrenteError } from '../contract/errors.ts';

/** Milliseconds of work between two turns of the event loop. */
const turnMs = 20;

export interface PaceOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

export class Pace {
  readonly #total: number;
  readonly #options: PaceOptions;
  readonly #operation: string;
  #done = 0;
  #turnedAt = performance.now();

  /** `total` is the whole work in any unit; `operation` begins the message of an error. */
  constructor(operation: string, total: number, options: PaceOptions) {
    this.#operation = operation;
    this.#total = total;
    this.#options = options;
  }

  /** The first turn: throws `cancelled` where the signal has been aborted before. */
  async start(): Promise<void> {
    this.#throwIfAborted();
    await this.turn();
  }

  count(work: number): void {
    this.#done += work;
  }

  /** Whether 20 ms have gone since the last turn. */
  get due(): boolean {
    return performance.now() - this.#turnedAt >= turnMs;
  }

  /** Reports progress, lets other work run, and throws `cancelled` where the signal has been aborted. */
  async turn(): Promise<void> {
    this.#options.onProgress?.(Math.min(1, this.#done / Math.max(1, this.#total)));
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
    this.#turnedAt = performance.now();
    this.#throwIfAborted();
  }

  #throwIfAborted(): void {
    if (this.#options.signal?.aborted !== true) return;
    throw new CorrenteError('cancelled', `${this.#operation}: cancelled after ${Math.round((100 * this.#done) / Math.max(1, this.#total))} % of the work.`);
  }
}
