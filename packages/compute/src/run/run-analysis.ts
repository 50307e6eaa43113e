/** One analysis from its frame to its stored parts: the core of the engine process and of `corrente run`. */
import { parseParams } from '@corrente/shared/contract/analyses/index';
import type { InputShape } from '@corrente/shared/contract/analysis';
import type { EngineUsed, Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobProgress } from '@corrente/shared/contract/job';
import type { TableSchema } from '@corrente/shared/contract/result';
import { arrowSchema } from '@corrente/platform/results/arrow-schema';
import type { Schema } from 'apache-arrow';
import type { InputResults, PartColumn, Step, StepContext } from '../analyses/analysis.ts';
import { runnableAnalysis } from '../analyses/index.ts';
import type { Engine } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';
import { type EncodedPart, encodePart } from '../result/encode-part.ts';
import { checkMemory } from './memory.ts';
import { RunProgress } from './progress.ts';

/** Where results go. Calls come one at a time and in order; while one is awaited the next step is already computed. */
export interface ResultSink {
  /** Before the first step: what will be stored. */
  begin(engine: EngineUsed, tables: readonly TableSchema[]): Promise<void>;
  /** All parts of one step, at most one for each table; none for a step that gave no rows. */
  store(step: number, parts: readonly EncodedPart[]): Promise<void>;
}

export interface RunRequest {
  readonly analysis: string;
  /** As a person gave them: checked and completed here. */
  readonly params: unknown;
  readonly frame: Frame;
  /** The engine that was chosen, and how it is recorded. */
  readonly engine: { readonly engine: Engine; readonly used: EngineUsed };
  readonly precision: Precision;
  readonly seed: number;
  /** Steps that an earlier attempt has stored: they are skipped. */
  readonly stored: number;
  /** Bytes that the estimate may reach. */
  readonly memoryLimit: number;
  readonly sink: ResultSink;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: JobProgress) => void;
  readonly log: (level: 'info' | 'warn', message: string) => void;
}

const noInputs: InputResults = { a: [], b: [] };

/** Milliseconds spent computing, and encoding and storing; the two overlap. */
export interface RunTimings {
  readonly computeMs: number;
  readonly storeMs: number;
}

/**
 * Checks the parameters against the frame, refuses what cannot fit into the memory (`memory-exceeded`), then runs the
 * steps of the plan and stores what each gives. Rejects with `cancelled` when the signal aborts.
 */
export async function runAnalysis(request: RunRequest): Promise<RunTimings> {
  const analysis = runnableAnalysis(request.analysis);
  const params = parseParams(analysis.contract, request.params);
  const { frame, precision, seed, stored } = request;
  const shape: InputShape = { series: frame.names, rows: frame.length, time: frame.timeKind };
  await analysis.validate(params, frame, noInputs);
  checkMemory(analysis.contract, params, shape, precision, request.memoryLimit);
  const tables = analysis.contract.tables(params, shape);
  await request.sink.begin(request.engine.used, tables);
  throwIfCancelled(request.signal);
  const started = performance.now();
  const plan = await analysis.plan({ params, frame, shape, engine: request.engine.engine, precision, seed, stored: new Map(Array.from({ length: stored }, (_, k) => [k, null])), checkpoint: null, inputs: noInputs });
  try {
    const storeMs = await runSteps(request, plan.steps, new Map(tables.map((table) => [table.name, arrowSchema(table, precision)])));
    return { computeMs: performance.now() - started - storeMs.waited, storeMs: storeMs.total };
  } finally {
    plan.close();
  }
}

/** Runs the steps; the parts of one are stored while the next is computed, so that at most two are in memory. */
async function runSteps(request: RunRequest, steps: readonly Step[], schemas: ReadonlyMap<string, Schema>): Promise<{ total: number; waited: number }> {
  const progress = new RunProgress(steps, request.stored, request.onProgress);
  let [total, waited] = [0, 0];
  let storing: Promise<void> = Promise.resolve();
  try {
    for (const [k, step] of steps.entries()) {
      if (k < request.stored) continue;
      throwIfCancelled(request.signal);
      progress.within(k, step, 0);
      const emitted = await runStep(request, step, (fraction, message) => progress.within(k, step, fraction, message));
      progress.ended(step);
      const from = performance.now();
      const parts = encodeParts(emitted, schemas);
      await storing;
      waited += performance.now() - from;
      throwIfCancelled(request.signal);
      storing = request.sink.store(k, parts).finally(() => {
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

async function runStep(request: RunRequest, step: Step, progress: StepContext['progress']): Promise<Map<string, Array<readonly PartColumn[]>>> {
  const emitted = new Map<string, Array<readonly PartColumn[]>>();
  const emit: StepContext['emit'] = (table, columns) => {
    emitted.set(table, [...(emitted.get(table) ?? []), columns]);
  };
  try {
    await step.run({ signal: request.signal, progress, emit, emitProvisional: () => {}, checkpoint: () => {}, lastCheckpoint: null, log: request.log });
  } catch (error) {
    throwIfCancelled(request.signal);
    throw error;
  }
  return emitted;
}

function encodeParts(emitted: ReadonlyMap<string, ReadonlyArray<readonly PartColumn[]>>, schemas: ReadonlyMap<string, Schema>): EncodedPart[] {
  return [...emitted].flatMap(([table, columns]) => {
    const schema = schemas.get(table);
    if (schema === undefined) throw new CorrenteError('internal', `A step emitted rows for the table "${table}"; declared are ${[...schemas.keys()].join(', ')}.`);
    const part = encodePart(table, schema, columns);
    return part.rows === 0 ? [] : [part];
  });
}

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CorrenteError('cancelled', 'The analysis was cancelled before it ended.', { cause: signal.reason });
}
