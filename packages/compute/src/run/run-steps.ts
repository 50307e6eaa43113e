/** The steps of a plan, one after the other, each stored while the next is computed. */
import type { JobProgress } from '@corrente/shared/contract/job';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Schema } from 'apache-arrow';
import type { JsonValue, Step } from '../analyses/analysis.ts';
import type { EncodedPart } from '../result/encode-part.ts';
import { RunProgress } from './progress.ts';
import { StepOutput } from './step-output.ts';

/** Where steps go. Parts of one step are stored at a time; while that is awaited the next step is already computed. */
export interface StepSink {
  /** All parts of one step, at most one of each kind for each table; none for a step that gave no rows. */
  store(step: number, parts: readonly EncodedPart[], returned: JsonValue): Promise<void>;
  /** Provisional parts of a step that is not over. Without it they are dropped. */
  show?(step: number, parts: readonly EncodedPart[]): Promise<void>;
  /** How far a step is, as JSON; told only once every step before it is stored. */
  checkpoint?(step: number, note: string): void;
}

export interface StepsRequest {
  /** Steps that an earlier attempt has stored: they are skipped. */
  readonly stored: ReadonlyMap<number, JsonValue>;
  /** The steps to run, where other workers run the others; null: all. */
  readonly share: readonly number[] | null;
  /** The note that an earlier attempt left in the first step that is run now. */
  readonly checkpoint: JsonValue;
  readonly sink: StepSink;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

/**
 * Runs the steps in their order; the parts of one are stored while the next is computed, so that at most two are in
 * memory. Resolves with the milliseconds spent storing, and those of them that the computing waited for. Rejects with
 * `cancelled` when the signal aborts, with what a step or the sink throws, and with `internal` for a share that is
 * none of this plan.
 */
export async function runSteps(request: StepsRequest, steps: readonly Step[], schemas: ReadonlyMap<string, Schema>): Promise<{ total: number; waited: number }> {
  const own = request.share ?? [...steps.keys()];
  const progress = new RunProgress(steps, own, request.stored, request.onProgress);
  let [total, waited] = [0, 0];
  let lastCheckpoint = request.checkpoint;
  let storing: Promise<void> = Promise.resolve();
  try {
    for (const k of own) {
      const step = steps[k];
      if (step === undefined || (request.share !== null && step.independent !== true)) throw new CorrenteError('internal', `The share holds step ${k}, which is no independent step of the ${steps.length} planned.`);
      if (request.stored.has(k)) continue;
      throwIfCancelled(request.signal);
      progress.within(k, step, 0);
      const run = new StepRun(request, k, schemas, lastCheckpoint, storing);
      lastCheckpoint = null;
      const { parts, returned } = await run.run(step, (fraction, message) => progress.within(k, step, fraction, message));
      progress.ended(step);
      const from = performance.now();
      await storing;
      waited += performance.now() - from;
      throwIfCancelled(request.signal);
      storing = request.sink.store(k, parts, returned).finally(() => {
        total += performance.now() - from;
      });
      // It is awaited below; until then a failure must not count as unhandled.
      storing.catch(() => {});
    }
  } finally {
    const from = performance.now();
    await storing;
    waited += performance.now() - from;
  }
  progress.stored();
  return { total, waited };
}

/** One step: its context, and what comes of it. */
class StepRun {
  readonly #request: StepsRequest;
  readonly #number: number;
  readonly #output: StepOutput;
  readonly #lastCheckpoint: JsonValue;
  readonly #before: Promise<void>;

  constructor(request: StepsRequest, number: number, schemas: ReadonlyMap<string, Schema>, lastCheckpoint: JsonValue, before: Promise<void>) {
    const { sink } = request;
    this.#request = request;
    this.#number = number;
    this.#lastCheckpoint = lastCheckpoint;
    this.#before = before;
    this.#output = new StepOutput(schemas, sink.show === undefined ? undefined : async (parts) => sink.show?.(number, parts));
  }

  async run(step: Step, progress: (fraction: number, message?: string) => void): Promise<{ parts: EncodedPart[]; returned: JsonValue }> {
    const { signal, log } = this.#request;
    try {
      const returned = await step.run({
        signal,
        log,
        progress,
        emit: (table, columns) => this.#output.emit(table, columns),
        emitProvisional: (table, columns) => this.#output.emitProvisional(table, columns),
        checkpoint: (note) => this.#note(note),
        lastCheckpoint: this.#lastCheckpoint,
      });
      return { parts: await this.#output.ended(), returned: returned === undefined ? null : returned };
    } catch (error) {
      throwIfCancelled(signal);
      throw error;
    } finally {
      this.#output.close();
    }
  }

  /** A note of this step says that those before it are done: it is told when they are stored. */
  #note(note: JsonValue): void {
    const { sink } = this.#request;
    if (sink.checkpoint === undefined) return;
    // As it stands now: the analysis may go on changing it.
    const text = JSON.stringify(note);
    this.#before.then(
      () => sink.checkpoint?.(this.#number, text),
      () => {},
    );
  }
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CorrenteError('cancelled', 'The analysis was cancelled before it ended.', { cause: signal.reason });
}
