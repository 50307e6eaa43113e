/** A stream over connections that may break: whether to open another, and when. */
import type { CorrenteError, ErrorCode } from '../contract/errors.ts';
import { pause } from './pause.ts';

/** A connection that has lasted this long shows that the server is there: what failed before it no longer counts. */
const steadyMs = 5_000;
const longestPauseMs = 5_000;
/** Errors of the way to the server, which may be gone the next time. A job's own error stays. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['server-unreachable', 'not-ready', 'rate-limited']);

export interface LinkOptions {
  /** Connections that may fail in a row, once one has succeeded, before `server-unreachable` is thrown. */
  readonly attempts?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class Link {
  /** The pause before the next connection; doubled each time one fails. */
  retryMs: number;
  readonly #options: LinkOptions;
  #failures = 0;
  #everConnected = false;
  #connectedAt: number | null = null;

  constructor(retryMs: number, options: LinkOptions) {
    this.retryMs = retryMs;
    this.#options = options;
  }

  /** To be told when the server has answered. */
  connected(): void {
    this.#everConnected = true;
    this.#connectedAt = performance.now();
  }

  /** To be told when something came that brings the reader on. */
  progressed(): void {
    this.#failures = 0;
  }

  /** Waits until the next connection may be opened, or throws the error where there is to be none. */
  async broken(error: CorrenteError): Promise<void> {
    const { attempts = 10, signal } = this.#options;
    const steady = this.#connectedAt !== null && performance.now() - this.#connectedAt >= steadyMs;
    this.#connectedAt = null;
    this.#failures = steady ? 1 : this.#failures + 1;
    if (!passing.has(error.code) || !this.#everConnected || this.#failures >= attempts) throw error;
    await pause(Math.min(this.retryMs * 2 ** (this.#failures - 1), Math.max(longestPauseMs, this.retryMs)), signal);
  }
}
