/** What passes between the supervisor and its engine process. Each side checks what it gets. */
import { dataset } from '@corrente/shared/contract/dataset';
import { engineInfo, engineName, engineUsed, precision } from '@corrente/shared/contract/engine';
import { problem } from '@corrente/shared/contract/errors';
import { jobId, jobProgress, jobSpec } from '@corrente/shared/contract/job';
import type { JsonValue } from '@corrente/shared/contract/json';
import { tableSchema } from '@corrente/shared/contract/result';
import { z } from 'zod';

/** Whatever has come through the channel is JSON. */
const json = z.custom<JsonValue>((value) => value !== undefined, 'expected a JSON value');

/** A job whose result the run reads: its tables with the files of their parts. */
const inputJob = z.object({
  job: jobId,
  spec: jobSpec,
  precision,
  dataset: dataset.nullable(),
  parquet: z.string(),
  tables: z.array(z.object({ schema: tableSchema, files: z.array(z.string()) })),
});
export type InputOrder = z.infer<typeof inputJob>;

/** One run of one job; the answers carry its `run` number, so that what a cancelled run still sends is told apart. */
const runOrder = z.object({
  type: z.literal('run'),
  run: z.int(),
  spec: jobSpec,
  dataset,
  /** The Parquet file of the data set. */
  parquet: z.string(),
  inputs: z.object({ a: z.array(inputJob), b: z.array(inputJob) }),
  /** Steps that are stored, with what each returned, and the note of the one to take up. */
  stored: z.array(z.tuple([z.int(), json])),
  checkpoint: json,
  /** The engine with which the job began, in an earlier attempt or on another worker. */
  companion: engineName.nullable(),
  /** The steps to run, where other workers run the others; null: all. */
  share: z.array(z.int()).nullable(),
  /** Offer independent steps to other workers. */
  offer: z.boolean(),
  /** Where parts are written, and how that folder is called in the result store. */
  folder: z.string(),
  relative: z.string(),
  memoryLimit: z.number(),
  /** Wait for `proceed` once the engine is chosen: an identical result may be stored. */
  confirm: z.boolean(),
});
export type RunOrder = z.infer<typeof runOrder>;

/** To the engine process. */
export const order = z.discriminatedUnion('type', [
  runOrder,
  z.object({ type: z.literal('proceed'), run: z.int() }),
  /** The parts with this number are in the result store's manifest. */
  z.object({ type: z.literal('stored'), run: z.int(), parcel: z.int() }),
  /** Whether other workers run the steps that were offered. */
  z.object({ type: z.literal('offered'), run: z.int(), taken: z.boolean() }),
  z.object({ type: z.literal('cancel'), run: z.int() }),
]);
export type Order = z.infer<typeof order>;

const storedPart = z.object({ table: z.string(), path: z.string(), rows: z.int(), bytes: z.int(), provisional: z.boolean().optional() });

export const runTimings = z.object({ readMs: z.number(), computeMs: z.number(), storeMs: z.number() });
export type EngineTimings = z.infer<typeof runTimings>;

export interface EngineOutcome {
  readonly timings: EngineTimings;
  /** Other workers run the independent steps: this run has ended with its plan. */
  readonly sharedOut: boolean;
}

/** From the engine process. `rss` is its resident memory in bytes. */
export const report = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engines: z.array(engineInfo), rss: z.number() }),
  z.object({ type: z.literal('alive'), rss: z.number() }),
  z.object({ type: z.literal('chosen'), run: z.int(), engine: engineUsed }),
  z.object({ type: z.literal('begin'), run: z.int(), engine: engineUsed, tables: z.array(tableSchema) }),
  z.object({ type: z.literal('progress'), run: z.int(), progress: jobProgress }),
  z.object({ type: z.literal('log'), run: z.int(), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ type: z.literal('offer'), run: z.int(), steps: z.array(z.object({ step: z.int(), work: z.number() })), totalWork: z.number() }),
  /** A step is over: its parts, and what it returned. */
  z.object({ type: z.literal('step'), run: z.int(), parcel: z.int(), step: z.int(), parts: z.array(storedPart), returned: json }),
  /** Provisional parts of a step that is not. */
  z.object({ type: z.literal('show'), run: z.int(), parcel: z.int(), step: z.int(), parts: z.array(storedPart) }),
  /** How far a step is, as JSON. */
  z.object({ type: z.literal('checkpoint'), run: z.int(), step: z.int(), note: z.string() }),
  /** `sharedOut`: other workers run the steps that were offered. */
  z.object({ type: z.literal('done'), run: z.int(), timings: runTimings, sharedOut: z.boolean(), rss: z.number() }),
  z.object({ type: z.literal('failed'), run: z.int(), problem, rss: z.number() }),
]);
export type Report = z.infer<typeof report>;
