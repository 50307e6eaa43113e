/** One run inside the engine process: reads the frame, runs the analysis, writes its parts and reports them. */
import { inputShape } from '@corrente/platform/datasets/input-shape';
import { parseParams } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { EngineName } from '@corrente/shared/contract/engine';
import { runnableAnalysis } from '../analyses/index.ts';
import { chooseEngine } from '../engine/engines.ts';
import { loadFrame } from '../frame/load-frame.ts';
import type { EncodedPart } from '../result/encode-part.ts';
import { writePart } from '../result/write-part.ts';
import { checkMemory } from '../run/memory.ts';
import { runAnalysis } from '../run/run-analysis.ts';
import type { EngineTimings, Order, Report, RunOrder } from './messages.ts';

/** A promise that a message of the supervisor resolves. */
interface Awaited {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function awaited(): Awaited {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, resolve };
}

export class EngineRun {
  readonly number: number;
  /** The last report of the run: done or failed. Never rejects. */
  readonly ended: Promise<Report>;
  readonly #order: RunOrder;
  readonly #send: (report: Report) => void;
  readonly #abort = new AbortController();
  readonly #proceed = awaited();
  readonly #stored = new Map<number, Awaited>();

  constructor(runOrder: RunOrder, send: (report: Report) => void) {
    this.number = runOrder.run;
    this.#order = runOrder;
    this.#send = send;
    this.ended = this.#run().then(
      (timings): Report => ({ type: 'done', run: this.number, timings, rss: process.memoryUsage.rss() }),
      (error: unknown): Report => ({ type: 'failed', run: this.number, problem: CorrenteError.from(error).toProblem(), rss: process.memoryUsage.rss() }),
    );
  }

  obey(message: Exclude<Order, RunOrder>): void {
    if (message.run !== this.number) return;
    if (message.type === 'cancel') this.#abort.abort();
    else if (message.type === 'proceed') this.#proceed.resolve();
    else this.#stored.get(message.step)?.resolve();
  }

  async #run(): Promise<EngineTimings> {
    const { spec, dataset, parquet, stored, memoryLimit } = this.#order;
    const run = this.number;
    const signal = this.#abort.signal;
    const engine = await this.#chooseEngine();
    this.#send({ type: 'chosen', run, engine: engine.used });
    if (this.#order.confirm) await this.#unlessCancelled(this.#proceed.promise);
    const { contract } = runnableAnalysis(spec.analysis);
    // Before anything is read: what cannot fit must not be tried.
    checkMemory(contract, parseParams(contract, spec.params), inputShape(dataset, spec.input), spec.precision, memoryLimit);
    const started = performance.now();
    const frame = await loadFrame(parquet, dataset, spec.input, { signal, onProgress: this.#reading() });
    const readMs = performance.now() - started;
    const timings = await runAnalysis({
      analysis: spec.analysis,
      params: spec.params,
      frame,
      engine,
      precision: spec.precision,
      seed: spec.seed,
      stored,
      memoryLimit,
      sink: {
        begin: (used, tables) => Promise.resolve(this.#send({ type: 'begin', run, engine: used, tables: [...tables] })),
        store: (step, parts) => this.#store(step, parts),
      },
      signal,
      onProgress: (progress) => this.#send({ type: 'progress', run, progress }),
      log: (level, message) => this.#send({ type: 'log', run, level, message }),
    });
    return { readMs, ...timings };
  }

  /**
   * The engine the spec asks for; for a job that takes up after an earlier attempt, the engine of that attempt, so
   * that one result comes from one engine. Where this worker does not have it, the change is logged.
   */
  async #chooseEngine(): ReturnType<typeof chooseEngine> {
    const { spec, stored, storedBy } = this.#order;
    const allowed: readonly EngineName[] = runnableAnalysis(spec.analysis).contract.engines;
    if (stored > 0 && storedBy !== null) {
      try {
        return await chooseEngine(storedBy, spec.precision, allowed);
      } catch (error) {
        const message = `Steps 1 to ${stored} were computed by ${storedBy}, which this worker does not have; the others are computed by another engine. ${CorrenteError.from(error).message}`;
        this.#send({ type: 'log', run: this.number, level: 'warn', message });
      }
    }
    return chooseEngine(spec.engine, spec.precision, allowed);
  }

  /** Tells how far the reading is; the fraction is of the computing, and stays 0. */
  #reading(): (fraction: number) => void {
    let told = -1;
    const tell = (fraction: number): void => {
      const percent = Math.floor(fraction * 10) * 10;
      if (percent <= told) return;
      told = percent;
      this.#send({ type: 'progress', run: this.number, progress: { fraction: 0, stage: 'reading', message: `${this.#order.dataset.name}: ${percent} % read` } });
    };
    tell(0);
    return tell;
  }

  async #store(step: number, parts: readonly EncodedPart[]): Promise<void> {
    const files = parts.map((part) => ({ part, name: `${String(step).padStart(5, '0')}-${part.table}.part` }));
    for (const { part, name } of files) await writePart(this.#order.folder, name, part);
    const acknowledged = awaited();
    this.#stored.set(step, acknowledged);
    const listed = files.map(({ part: { table, rows, bytes }, name }) => ({ table, path: `${this.#order.relative}/${name}`, rows, bytes }));
    this.#send({ type: 'step', run: this.number, step, parts: listed });
    await this.#unlessCancelled(acknowledged.promise);
    this.#stored.delete(step);
  }

  /** What the supervisor no longer answers must not hold up a cancelled run. */
  async #unlessCancelled(promise: Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(new CorrenteError('cancelled', 'The run was cancelled.'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
