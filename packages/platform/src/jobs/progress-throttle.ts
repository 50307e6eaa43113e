/** Progress comes as often as work is done, and is stored some ten times a second. */
import type { JobProgress } from '@corrente/shared/contract/job';
import type { Claim } from '../platform.ts';

interface Held {
  /** When the last one was stored. */
  storedAt: number;
  latest: JobProgress | null;
  timer: NodeJS.Timeout | null;
  live: boolean;
}

/**
 * Passes on the first progress at once and then the latest of each interval. The answer tells whether the attempt was
 * live when last asked.
 */
export class ProgressThrottle {
  readonly #store: (claim: Claim, progress: JobProgress) => Promise<boolean>;
  readonly #onError: (error: unknown) => void;
  readonly #intervalMs: number;
  readonly #held = new Map<string, Held>();

  constructor(store: (claim: Claim, progress: JobProgress) => Promise<boolean>, onError: (error: unknown) => void, intervalMs = 100) {
    this.#store = store;
    this.#onError = onError;
    this.#intervalMs = intervalMs;
  }

  async push(claim: Claim, progress: JobProgress): Promise<boolean> {
    const key = keyOf(claim);
    const held = this.#held.get(key) ?? { storedAt: Number.NEGATIVE_INFINITY, latest: null, timer: null, live: true };
    this.#held.set(key, held);
    const wait = held.storedAt + this.#intervalMs - performance.now();
    if (held.timer === null && wait <= 0) {
      held.storedAt = performance.now();
      held.live = await this.#store(claim, progress);
      if (!held.live) this.drop(claim);
      return held.live;
    }
    held.latest = progress;
    held.timer ??= setTimeout(() => {
      held.timer = null;
      this.#flush(claim, held).catch(this.#onError);
    }, wait);
    return held.live;
  }

  /** Stores what waits, so that it comes before what is stored next. */
  async settle(claim: Claim): Promise<void> {
    const held = this.#held.get(keyOf(claim));
    if (held) await this.#flush(claim, held);
  }

  /** Forgets the attempt: it has ended, and what waits would come too late. */
  drop(claim: Claim): void {
    const held = this.#held.get(keyOf(claim));
    if (held?.timer) clearTimeout(held.timer);
    this.#held.delete(keyOf(claim));
  }

  close(): void {
    for (const held of this.#held.values()) if (held.timer) clearTimeout(held.timer);
    this.#held.clear();
  }

  async #flush(claim: Claim, held: Held): Promise<void> {
    if (held.timer) clearTimeout(held.timer);
    held.timer = null;
    const { latest } = held;
    held.latest = null;
    if (!latest) return;
    held.storedAt = performance.now();
    held.live = await this.#store(claim, latest);
    if (!held.live) this.drop(claim);
  }
}

function keyOf(claim: Claim): string {
  return `${claim.job.id} ${claim.attempt}`;
}
