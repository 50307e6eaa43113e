/** What comes as often as work is done, and is stored some times a second. */

interface Held<T> {
  /** When the last one was stored. */
  storedAt: number;
  waiting: { readonly value: T } | null;
  timer: NodeJS.Timeout | null;
  live: boolean;
  /** The store that runs. */
  storing: Promise<void>;
}

/**
 * For each key, passes on the first value at once and then the latest of each interval. The answers tell whether what
 * the key stands for was live when last asked.
 */
export class LatestThrottle<T> {
  readonly #store: (value: T) => Promise<boolean>;
  readonly #onError: (error: unknown) => void;
  readonly #intervalMs: number;
  readonly #held = new Map<string, Held<T>>();

  constructor(store: (value: T) => Promise<boolean>, onError: (error: unknown) => void, intervalMs: number) {
    this.#store = store;
    this.#onError = onError;
    this.#intervalMs = intervalMs;
  }

  async push(key: string, value: T): Promise<boolean> {
    const held = this.#held.get(key) ?? { storedAt: Number.NEGATIVE_INFINITY, waiting: null, timer: null, live: true, storing: Promise.resolve() };
    this.#held.set(key, held);
    const wait = held.storedAt + this.#intervalMs - performance.now();
    held.waiting = { value };
    if (held.timer === null && wait <= 0) {
      await this.#flush(key, held);
    } else {
      held.timer ??= setTimeout(() => {
        this.#flush(key, held).catch(this.#onError);
      }, wait);
    }
    return held.live;
  }

  /** Stores what waits, so that it comes before what is stored next. */
  async settle(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (held) await this.#flush(key, held);
  }

  /** Forgets the key: what waits would come too late. */
  drop(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    if (held.timer) clearTimeout(held.timer);
    held.waiting = null;
    this.#held.delete(key);
  }

  close(): void {
    for (const key of this.#held.keys()) this.drop(key);
  }

  async #flush(key: string, held: Held<T>): Promise<void> {
    if (held.timer) clearTimeout(held.timer);
    held.timer = null;
    held.storedAt = performance.now();
    // One after the other: a later value must not be overtaken by an earlier one.
    const storing = held.storing.then(async () => {
      const { waiting } = held;
      held.waiting = null;
      if (waiting === null) return;
      held.live = await this.#store(waiting.value);
      if (!held.live && this.#held.get(key) === held) this.drop(key);
    });
    held.storing = storing.catch(() => undefined); // Whoever flushed is told.
    await storing;
  }
}
