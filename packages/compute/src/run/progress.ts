/** The fraction of a whole run, from the work of its steps. */
import type { JobProgress } from '@corrente/shared/contract/job';
import type { JsonValue, Step } from '../analyses/analysis.ts';

/** Least milliseconds between two reports that only move the fraction. */
const interval = 50;

/**
 * Reports how much of the steps' work is done. The fraction never falls; it is 1 only when the last step is stored.
 */
export class RunProgress {
  readonly #report: (progress: JobProgress) => void;
  readonly #total: number;
  readonly #count: number;
  #done = 0;
  #fraction = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;

  /** @param own numbers of the steps that are to be run here; `stored` of them an earlier attempt has stored. */
  constructor(steps: readonly Step[], own: readonly number[], stored: ReadonlyMap<number, JsonValue>, report: (progress: JobProgress) => void) {
    const workOf = (numbers: readonly number[]): number => numbers.reduce((sum, k) => sum + (steps[k]?.work ?? 0), 0);
    this.#report = report;
    this.#count = steps.length;
    this.#total = workOf(own);
    this.#done = workOf(own.filter((k) => stored.has(k)));
  }

  /** A fraction of step k is done; always reported at the step's start, otherwise at most some times a second. */
  within(k: number, step: Step, fraction: number, message?: string): void {
    const now = performance.now();
    if (fraction > 0 && message === undefined && now - this.#reportedAt < interval) return;
    this.#reportedAt = now;
    const share = this.#total === 0 ? 0 : (this.#done + step.work * Math.min(1, Math.max(0, fraction))) / this.#total;
    this.#fraction = Math.min(1, Math.max(this.#fraction, share));
    this.#report({ fraction: this.#fraction, stage: 'computing', message: message ?? `${k + 1} of ${this.#count}: ${step.title}` });
  }

  ended(step: Step): void {
    this.#done += step.work;
  }

  stored(): void {
    this.#report({ fraction: 1, stage: 'storing', message: `${this.#count} of ${this.#count} stored` });
  }
}
