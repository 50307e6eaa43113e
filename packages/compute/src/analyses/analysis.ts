/**
 * How an analysis is written: a contract (shared), a check against the frame, and a plan of steps.
 *
 * A step is the unit of storing and of resuming: what it emits is stored together when it ends, or not at all. An
 * attempt that takes up after a lost worker gets the same plan and skips the steps that were stored, so steps are
 * deterministic, and what a later step needs from an earlier one it can make anew (see `PlanInput.stored`). Where one
 * step ends and the next begins depends on the parameters, the shape and the precision only, never on the engine.
 */
import type { AnalysisContract, InputShape } from '@corrente/shared/contract/analysis';
import type { Precision } from '@corrente/shared/contract/engine';
import type { z } from 'zod';
import type { Engine, Reals } from '../engine/contract.ts';
import type { Frame } from '../frame/frame.ts';

/** Values of one column of an emitted part; NaN in float columns becomes null. */
export type PartColumn = Reals | Int32Array | BigInt64Array | readonly (string | null)[] | RepeatedStrings | IndexedStrings;

/** Strings that come in runs: `names[i]` stands `counts[i]` times. Saves making a JS string per cell. */
export interface RepeatedStrings {
  readonly names: readonly string[];
  readonly counts: readonly number[];
}

/** What can be kept as JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

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
   * targets, say). They are read while the job has not succeeded, and are gone when it has.
   */
  emitProvisional(table: string, columns: readonly PartColumn[]): void;
  /**
   * Notes how far this step is. An attempt that takes up in the middle of it finds the last note as
   * `PlanInput.checkpoint`. Costs a write to the database: for what took a second or more to find out.
   */
  checkpoint(note: JsonValue): void;
  log(level: 'info' | 'warn', message: string): void;
}

export interface Step {
  readonly title: string;
  /** Share of the whole work, in any unit that is the same for all steps. */
  readonly work: number;
  /** Whether the step needs nothing of the steps before it, so that another worker may run it. */
  readonly independent?: boolean;
  /** What it returns is stored with its parts, and given to attempts that skip it (see `PlanInput.stored`). */
  run(context: StepContext): Promise<JsonValue | void>;
}

export interface PlanInput<P> {
  readonly params: P;
  readonly frame: Frame;
  readonly shape: InputShape;
  readonly engine: Engine;
  readonly precision: Precision;
  readonly seed: number;
  /** Steps that are stored already, and what each returned (null for nothing); they are skipped. */
  readonly stored: ReadonlyMap<number, JsonValue>;
  /** The last note of the first step that is not stored, by an attempt that was lost; null where there is none. */
  readonly checkpoint: JsonValue;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Frees what the steps share (sessions, device memory). Called once, also after a failure. */
  close(): void;
}

export interface Analysis<P extends z.ZodType = z.ZodType> {
  readonly contract: AnalysisContract<P>;
  /** Throws a CorrenteError with pointers where the parameters do not fit the frame. */
  validate(params: z.output<P>, frame: Frame): void;
  plan(input: PlanInput<z.output<P>>): Promise<Plan>;
}
