/** One analysis from its frame to its stored parts: the core of the engine process and of `corrente run`. */
import { parseParams } from '@corrente/shared/contract/analyses/index';
import type { AnalysisContract, InputShape } from '@corrente/shared/contract/analysis';
import type { EngineUsed, Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { TableSchema } from '@corrente/shared/contract/result';
import { arrowSchema } from '@corrente/platform/results/arrow-schema';
import type { Analysis, InputResults, Plan } from '../analyses/analysis.ts';
import { runnableAnalysis } from '../analyses/index.ts';
import type { Engine } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';
import { checkMemory } from './memory.ts';
import { runSteps, type StepSink, type StepsRequest, throwIfCancelled } from './run-steps.ts';

/** Where results go. */
export interface ResultSink extends StepSink {
  /** Before the first step: what will be stored. */
  begin(engine: EngineUsed, tables: readonly TableSchema[]): Promise<void>;
}

/** Steps that any worker may run, and the work of the whole plan in the same unit. */
export interface SharedWork {
  readonly steps: ReadonlyArray<{ readonly step: number; readonly work: number }>;
  readonly totalWork: number;
}

export interface RunRequest extends StepsRequest {
  /** Its name; or the analysis itself, where it is none of the catalogue. */
  readonly analysis: string | Analysis;
  /** As a person gave them: checked and completed here. */
  readonly params: unknown;
  readonly frame: Frame;
  /** The results that the job names. */
  readonly inputs: InputResults;
  /** The engine that was chosen, and how it is recorded. */
  readonly engine: { readonly engine: Engine; readonly used: EngineUsed };
  readonly precision: Precision;
  readonly seed: number;
  /** Bytes that the estimate may reach. */
  readonly memoryLimit: number;
  readonly sink: ResultSink;
  /** Asked, before the first step, where several independent steps are to be run: whether others run them. */
  readonly shareOut?: (work: SharedWork) => Promise<boolean>;
}

/** Milliseconds spent computing, and encoding and storing; the two overlap. */
export interface RunTimings {
  readonly computeMs: number;
  readonly storeMs: number;
}

export interface RunOutcome extends RunTimings {
  /** Others run the independent steps: the run ended with its plan. */
  readonly sharedOut: boolean;
}

/** For analyses that read no results. */
export const noInputs: InputResults = { a: [], b: [] };

/**
 * Checks the parameters against the frame, refuses what cannot fit into the memory (`memory-exceeded`), then runs the
 * steps of the plan and stores what each gives. Rejects with `cancelled` when the signal aborts.
 */
export async function runAnalysis(request: RunRequest): Promise<RunOutcome> {
  const analysis = typeof request.analysis === 'string' ? runnableAnalysis(request.analysis) : request.analysis;
  const params = parseParams(analysis.contract, request.params);
  const { frame, precision, seed, stored, checkpoint, inputs } = request;
  const shape: InputShape = { series: frame.names, rows: frame.length, time: frame.timeKind, trials: frame.trials };
  checkInputs(analysis.contract, inputs);
  await analysis.validate(params, frame, inputs);
  checkMemory(analysis.contract, params, shape, precision, request.memoryLimit);
  const tables = analysis.contract.tables(params, shape);
  await request.sink.begin(request.engine.used, tables);
  throwIfCancelled(request.signal);
  const started = performance.now();
  const plan = await analysis.plan({ params, frame, shape, engine: request.engine.engine, precision, seed, stored, checkpoint, inputs, signal: request.signal });
  try {
    if (await isSharedOut(request, plan)) return { sharedOut: true, computeMs: performance.now() - started, storeMs: 0 };
    const storing = await runSteps(request, plan.steps, new Map(tables.map((table) => [table.name, arrowSchema(table, precision)])));
    return { sharedOut: false, computeMs: performance.now() - started - storing.waited, storeMs: storing.total };
  } finally {
    plan.close();
  }
}

/** What submission has refused already, unless the analysis was run here without being submitted. */
function checkInputs({ name, inputResults }: AnalysisContract, { a }: InputResults): void {
  if (inputResults === undefined || a.length > 0) return;
  throw new CorrenteError('unsuitable-result', `${name} takes the results of ${inputResults.join(' or ')}; none was given. Submit it to a server where those jobs have run (corrente submit ${name} --results-a … --results-b …).`, { places: [{ pointer: '/input/results', detail: 'is needed' }] });
}

async function isSharedOut({ shareOut, share, stored }: RunRequest, { steps }: Plan): Promise<boolean> {
  if (shareOut === undefined || share !== null) return false;
  const independent = steps.flatMap(({ independent: alone, work }, step) => (alone === true && !stored.has(step) ? [{ step, work }] : []));
  if (independent.length < 2) return false;
  return shareOut({ steps: independent, totalWork: steps.reduce((sum, { work }) => sum + work, 0) });
}
