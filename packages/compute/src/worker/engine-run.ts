/** One run inside the engine process: reads the frame, runs the analysis, writes its parts and reports them. */
import { inputShape } from '@corrente/platform/datasets/input-shape';
import { fieldsRead, parseParams } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Estimate } from '@corrente/shared/contract/analysis';
import type { EngineName } from '@corrente/shared/contract/engine';
import { enginesOf } from '@corrente/shared/contract/engine-choice';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { StoredPart } from '@corrente/platform/platform';
import { runnableAnalysis } from '../analyses/index.ts';
import { chooseEngine } from '../engine/engines.ts';
import type { Frame } from '../frame/frame.ts';
import { loadFrame } from '../frame/load-frame.ts';
import type { EncodedPart } from '../result/encode-part.ts';
import { writePart } from '../result/write-part.ts';
import { checkMemory } from '../run/memory.ts';
import { runAnalysis, type RunOutcome, type SharedWork } from '../run/run-analysis.ts';
import { inputResults } from './input-results.ts';
import type { EngineOutcome, Order, Report, RunOrder } from './messages.ts';

/** Milliseconds between two notes that are told. */
const noteEveryMs = 50;

export class EngineRun {
  readonly number: number;
  /** The last report of the run: done or failed. Never rejects. */
  readonly ended: Promise<Report>;
  readonly #order: RunOrder;
  readonly #send: (report: Report) => void;
  readonly #abort = new AbortController();
  readonly #proceed = Promise.withResolvers<void>();
  readonly #offered = Promise.withResolvers<boolean>();
  /** Parts on their way into the manifest, by the number they were given. */
  readonly #parcels = new Map<number, PromiseWithResolvers<void>>();
  #lastParcel = 0;
  #note: { readonly step: number; readonly text: string } | null = null;
  #noteTimer: NodeJS.Timeout | null = null;

  constructor(runOrder: RunOrder, send: (report: Report) => void) {
    this.number = runOrder.run;
    this.#order = runOrder;
    this.#send = send;
    this.ended = this.#run().then(
      ({ timings, sharedOut }): Report => ({ type: 'done', run: this.number, timings, sharedOut, rss: process.memoryUsage.rss() }),
      (error: unknown): Report => ({ type: 'failed', run: this.number, problem: CorrenteError.from(error).toProblem(), rss: process.memoryUsage.rss() }),
    );
  }

  obey(message: Exclude<Order, RunOrder>): void {
    if (message.run !== this.number) return;
    if (message.type === 'cancel') this.#abort.abort();
    else if (message.type === 'proceed') this.#proceed.resolve();
    else if (message.type === 'offered') this.#offered.resolve(message.taken);
    else this.#parcels.get(message.parcel)?.resolve();
  }

  async #run(): Promise<EngineOutcome> {
    const { spec, dataset, parquet, memoryLimit } = this.#order;
    const run = this.number;
    const signal = this.#abort.signal;
    const { contract } = runnableAnalysis(spec.analysis);
    const params = parseParams(contract, spec.params);
    const fields = fieldsRead(contract, params, spec.input);
    const shape = inputShape(dataset, spec.input, fields);
    const engine = await this.#chooseEngine(enginesOf(contract, params, spec.precision), contract.estimate(params, shape, spec.precision));
    this.#send({ type: 'chosen', run, engine: engine.used });
    if (this.#order.confirm) await this.#unlessCancelled(this.#proceed.promise);
    // Before anything is read: what cannot fit must not be tried.
    checkMemory(contract, params, shape, spec.precision, memoryLimit);
    const started = performance.now();
    const frame = await loadFrame(parquet, dataset, spec.input, { signal, onProgress: this.#reading(), fields });
    const readMs = performance.now() - started;
    const { sharedOut, ...timings } = await this.#analyse(frame, engine);
    return { timings: { readMs, ...timings }, sharedOut };
  }

  #analyse(frame: Frame, engine: Awaited<ReturnType<typeof chooseEngine>>): Promise<RunOutcome> {
    const { spec, inputs, stored, checkpoint, share, offer, memoryLimit } = this.#order;
    const run = this.number;
    const signal = this.#abort.signal;
    return runAnalysis({
      analysis: spec.analysis,
      params: spec.params,
      frame,
      inputs: inputResults(inputs, signal),
      engine,
      precision: spec.precision,
      seed: spec.seed,
      stored: new Map(stored),
      share,
      checkpoint,
      memoryLimit,
      sink: {
        begin: (used, tables) => Promise.resolve(this.#send({ type: 'begin', run, engine: used, tables: [...tables] })),
        store: (step, parts, returned) => this.#store(step, parts, returned),
        show: (step, parts) => this.#show(step, parts),
        checkpoint: (step, text) => this.#tellNote({ step, text }),
      },
      ...(offer ? { shareOut: (work: SharedWork) => this.#offer(work) } : {}),
      signal,
      onProgress: (progress) => this.#send({ type: 'progress', run, progress }),
      log: (level, message) => this.#send({ type: 'log', run, level, message }),
    });
  }

  /**
   * The engine the spec asks for; where an earlier attempt or another worker has begun the job, the engine of those, so
   * that one result comes from one engine. Where this worker does not have it, the change is logged.
   */
  async #chooseEngine(allowed: readonly EngineName[], need: Estimate): ReturnType<typeof chooseEngine> {
    const { spec, companion } = this.#order;
    const { precision } = spec;
    if (companion !== null) {
      try {
        const chosen = await chooseEngine({ engine: companion, precision, allowed, need });
        return spec.engine === 'auto' ? { ...chosen, used: { ...chosen.used, reason: `auto: ${companion}, with which the job began` } } : chosen;
      } catch (error) {
        const message = `This job began on ${companion}, which this worker does not have; what is left is computed by another engine. ${CorrenteError.from(error).message}`;
        this.#send({ type: 'log', run: this.number, level: 'warn', message });
      }
    }
    return chooseEngine({ engine: spec.engine, precision, allowed, need });
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

  async #store(step: number, parts: readonly EncodedPart[], returned: JsonValue): Promise<void> {
    this.#dropNote(step);
    await this.#deliver(step, parts, (parcel, listed) => ({ type: 'step', run: this.number, parcel, step, parts: listed, returned }));
  }

  #show(step: number, parts: readonly EncodedPart[]): Promise<void> {
    return this.#deliver(step, parts, (parcel, listed) => ({ type: 'show', run: this.number, parcel, step, parts: listed }));
  }

  /** Writes the parts, tells of them, and waits until they are in the manifest. */
  async #deliver(step: number, parts: readonly EncodedPart[], tell: (parcel: number, listed: StoredPart[]) => Report): Promise<void> {
    const parcel = ++this.#lastParcel;
    const files = parts.map((part) => ({ part, name: `${String(step).padStart(5, '0')}-${part.table}${part.provisional === true ? `.provisional-${parcel}` : ''}.part` }));
    for (const { part, name } of files) await writePart(this.#order.folder, name, part);
    const acknowledged = Promise.withResolvers<void>();
    this.#parcels.set(parcel, acknowledged);
    this.#send(tell(parcel, files.map(({ part: { table, rows, bytes, provisional = false }, name }) => ({ table, path: `${this.#order.relative}/${name}`, rows, bytes, provisional }))));
    await this.#unlessCancelled(acknowledged.promise);
    this.#parcels.delete(parcel);
  }

  async #offer({ steps, totalWork }: SharedWork): Promise<boolean> {
    this.#send({ type: 'offer', run: this.number, steps: [...steps], totalWork });
    return this.#unlessCancelled(this.#offered.promise);
  }

  /** The first note at once, then the latest of each interval. */
  #tellNote(note: { readonly step: number; readonly text: string }): void {
    this.#note = note;
    if (this.#noteTimer !== null) return;
    const tell = (): void => {
      this.#noteTimer = null;
      if (this.#note === null) return;
      this.#send({ type: 'checkpoint', run: this.number, step: this.#note.step, note: this.#note.text });
      this.#note = null;
      this.#noteTimer = setTimeout(tell, noteEveryMs);
    };
    tell();
  }

  /** The step has ended: what was noted of it has no more use. */
  #dropNote(step: number): void {
    if (this.#note?.step === step) this.#note = null;
  }

  /** What the supervisor no longer answers must not hold up a cancelled run. */
  async #unlessCancelled<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(new CorrenteError('cancelled', 'The run was cancelled.'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
