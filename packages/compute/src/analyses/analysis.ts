/**
 * How an analysis is written: a contract (shared), a check against the frame, and a plan of steps.
 *
 * A step is the unit of storing and of resuming: what it emits is stored together when it ends, or not at all. An
 * attempt that takes up after a lost worker gets the same plan and skips the steps that were stored, so steps are
 * deterministic, and what a later step needs from an earlier one is what that one returned (see `PlanInput.stored`).
 * Where one step ends and the next begins depends on the parameters, the shape and the precision only, never on the
 * engine. Independent steps of one job may be run by several workers; its result reads in the order of the steps.
 */
import type { AnalysisContract, InputShape } from '@corrente/shared/contract/analysis';
import type { Precision } from '@corrente/shared/contract/engine';
import type { JobSpec } from '@corrente/shared/contract/job';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { Table } from 'apache-arrow';
import type { z } from 'zod';
import type { Engine, Reals } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';

export type { JsonValue };

/** Values of one column of an emitted part; NaN in float columns becomes null. Numbers in lists are of int32 columns. */
export type PartColumn = Reals | Int32Array | BigInt64Array | readonly (string | null)[] | readonly (boolean | null)[] | readonly (number | null)[] | RepeatedStrings | IndexedStrings;

/** Strings that come in runs: `names[i]` stands `counts[i]` times. Saves making a JS string per cell. */
export interface RepeatedStrings {
  readonly names: readonly string[];
  readonly counts: readonly number[];
}

/** Strings out of a list: `names[indices[i]]` stands in row i. */
export interface IndexedStrings {
  readonly names: readonly string[];
  readonly indices: Int32Array;
}

export interface StepContext {
  readonly signal: AbortSignal;
  /** Fraction of this step done, 0 to 1. */
  progress(fraction: number, message?: string): void;
  /** Adds rows to a result table, its columns in the order of the table's schema. */
  emit(table: string, columns: readonly PartColumn[]): void;
  /**
   * Adds rows that show how things stand, to a table whose last rows only a later step can make (a verdict over all
   * targets, say). They can be read while the job has not succeeded, within a second of their emission, and are gone
   * when it has. Those of a step that is run again are dropped first: a step that takes up in its middle emits anew
   * what is to be seen of its first half.
   */
  emitProvisional(table: string, columns: readonly PartColumn[]): void;
  /**
   * Notes how far this step is. An attempt that takes up in the middle of it finds the last note as `lastCheckpoint`
   * (and as `PlanInput.checkpoint`), which may miss what was noted in the last second before the loss. Of many notes a
   * second the last is written.
   */
  checkpoint(note: JsonValue): void;
  /** The last note of this very step, by an attempt that was lost; null where there is none. */
  readonly lastCheckpoint: JsonValue;
  log(level: 'info' | 'warn', message: string): void;
}

export interface Step {
  readonly title: string;
  /** Share of the whole work, in any unit that is the same for all steps. */
  readonly work: number;
  /** Whether the step needs nothing of any other step, so that another worker may run it. */
  readonly independent?: boolean;
  /** What it returns is stored with its parts, and given to attempts that skip it (see `PlanInput.stored`). */
  run(context: StepContext): Promise<JsonValue | void>;
}

/** The result of an earlier job that this one compares or builds on. */
export interface InputResult {
  /** The id of that job, which has succeeded. */
  readonly job: string;
  readonly spec: JobSpec;
  /** Its parameters, defaults filled in; to be parsed with the schema of its analysis. */
  readonly params: JobSpec['params'];
  /** One of its result tables, whole. Throws `table-not-found` naming those there are. */
  table(name: string): Promise<Table>;
  /** The frame that it was computed from. Throws `dataset-not-found` where its data set was deleted since. */
  frame(): Promise<Frame>;
}

/** `JobInput.results`, in its order; empty where the job names none. */
export interface InputResults {
  readonly a: readonly InputResult[];
  readonly b: readonly InputResult[];
}

export interface PlanInput<P> {
  readonly params: P;
  readonly frame: Frame;
  readonly shape: InputShape;
  readonly engine: Engine;
  readonly precision: Precision;
  readonly seed: number;
  /**
   * Steps that are stored already, and what each returned (null for nothing); they are skipped. A worker that runs a
   * share of the independent steps is given those of its share only.
   */
  readonly stored: ReadonlyMap<number, JsonValue>;
  /**
   * The last note of the step that this attempt takes up, by an attempt that was lost; null where there is none. That is
   * the first step that is not stored, unless several workers share the steps: `StepContext.lastCheckpoint` is exact.
   */
  readonly checkpoint: JsonValue;
  readonly inputs: InputResults;
  /** Of the job: for what the plan itself waits for, such as a session that is opened. Steps have their own. */
  readonly signal: AbortSignal;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Frees what the steps share (sessions, device memory). Called once, also after a failure. */
  close(): void;
}

export interface Analysis<P extends z.ZodType = z.ZodType> {
  readonly contract: AnalysisContract<P>;
  /** Throws a CorrenteError with pointers where the parameters do not fit the frame, or the results that it is given. */
  validate(params: z.output<P>, frame: Frame, inputs: InputResults): void | Promise<void>;
  plan(input: PlanInput<z.output<P>>): Promise<Plan>;
}
