/** What passes between the supervisor and its engine process. Each side checks what it gets. */
import { dataset } from '@corrente/shared/contract/dataset';
import { engineInfo, engineName, engineUsed } from '@corrente/shared/contract/engine';
import { problem } from '@corrente/shared/contract/errors';
import { jobProgress, jobSpec } from '@corrente/shared/contract/job';
import { tableSchema } from '@corrente/shared/contract/result';
import { z } from 'zod';

/** One run of one job; the answers carry its `run` number, so that what a cancelled run still sends is told apart. */
const runOrder = z.object({
  type: z.literal('run'),
  run: z.int(),
  spec: jobSpec,
  dataset,
  /** The Parquet file of the data set. */
  parquet: z.string(),
  /** Steps that an earlier attempt has stored, and the engine it ran on. */
  stored: z.int(),
  storedBy: engineName.nullable(),
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
  /** The parts of a step are in the result store's manifest. */
  z.object({ type: z.literal('stored'), run: z.int(), step: z.int() }),
  z.object({ type: z.literal('cancel'), run: z.int() }),
]);
export type Order = z.infer<typeof order>;

const storedPart = z.object({ table: z.string(), path: z.string(), rows: z.int(), bytes: z.int() });

export const runTimings = z.object({ readMs: z.number(), computeMs: z.number(), storeMs: z.number() });
export type EngineTimings = z.infer<typeof runTimings>;

/** From the engine process. `rss` is its resident memory in bytes. */
export const report = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engines: z.array(engineInfo), rss: z.number() }),
  z.object({ type: z.literal('alive'), rss: z.number() }),
  z.object({ type: z.literal('chosen'), run: z.int(), engine: engineUsed }),
  z.object({ type: z.literal('begin'), run: z.int(), engine: engineUsed, tables: z.array(tableSchema) }),
  z.object({ type: z.literal('progress'), run: z.int(), progress: jobProgress }),
  z.object({ type: z.literal('log'), run: z.int(), level: z.enum(['info', 'warn']), message: z.string() }),
  z.object({ type: z.literal('step'), run: z.int(), step: z.int(), parts: z.array(storedPart) }),
  z.object({ type: z.literal('done'), run: z.int(), timings: runTimings, rss: z.number() }),
  z.object({ type: z.literal('failed'), run: z.int(), problem, rss: z.number() }),
]);
export type Report = z.infer<typeof report>;
