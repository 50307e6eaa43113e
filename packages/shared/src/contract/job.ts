/** The job: its spec, its life, and the events it sends. */
import { z } from 'zod';
import { datasetId } from './dataset.ts';
import { engineName, engineUsed, precision } from './engine.ts';
import { problem } from './errors.ts';
import { resultTable } from './result.ts';

export const jobId = z.string().regex(/^job_[0-9a-hjkmnp-tv-z]{26}$/, 'a job id is job_ and 26 characters');

/** A calendar date or an instant in ISO 8601 (UTC where no offset stands); or a row number, for data without time. */
const timeBound = z.union([z.iso.date(), z.iso.datetime({ offset: true, local: true }), z.int()], { error: 'expected a date or an instant in ISO 8601, such as 2014-01-31, or a row number' });

/** A length of time: 5min, 1h, 1d, 1w, 1mo, 1q, 1y. */
export const duration = z.string().regex(/^[1-9]\d*(ms|s|min|h|d|w|mo|q|y)$/, 'a duration is a number and ms, s, min, h, d, w, mo, q or y');

export const transforms = ['none', 'difference', 'return', 'log-return', 'zscore', 'rank'] as const;

const resultList = z.array(jobId).max(64);

/** Earlier jobs whose results an analysis compares or builds on. */
export const inputResults = z
  .strictObject({
    a: resultList.min(1).meta({ title: 'Results A', description: 'Ids of jobs that have succeeded.' }),
    b: resultList.default([]).meta({ title: 'Results B', description: 'Those that they are compared with.' }),
  })
  .meta({ id: 'InputResults' });
export type InputResultIds = z.infer<typeof inputResults>;

export const jobInput = z
  .strictObject({
    dataset: datasetId,
    field: z.string().optional().meta({ title: 'Field', description: 'The field of each series to use; the only one, or close, where not given.' }),
    series: z.array(z.string()).min(1).optional().meta({ title: 'Series', description: 'The series to use, in this order; all where not given.' }),
    from: timeBound.nullish().meta({ title: 'From', description: 'First time, inclusive.' }),
    to: timeBound.nullish().meta({ title: 'To', description: 'Last time, inclusive; a date means the whole day.' }),
    resample: z
      .strictObject({ every: duration, aggregate: z.enum(['first', 'last', 'mean', 'sum', 'min', 'max', 'median', 'count']).default('last') })
      .nullish()
      .meta({ title: 'Resample' }),
    fill: z.enum(['none', 'forward', 'linear']).default('none').meta({ title: 'Fill', description: 'What stands where a value is missing.' }),
    transform: z.enum(transforms).default('none').meta({ title: 'Transform', description: 'Applied to each series after filling.' }),
    results: inputResults.optional().meta({ title: 'Results', description: 'For analyses of results: the jobs whose results they read.' }),
  })
  .meta({ id: 'JobInput' });
export type JobInput = z.infer<typeof jobInput>;

export const jobSpec = z
  .strictObject({
    analysis: z.string(),
    input: jobInput,
    params: z.record(z.string(), z.unknown()).default({}),
    engine: z.enum(['auto', ...engineName.options]).default('auto'),
    precision: precision.default('f64'),
    seed: z.int().min(0).max(2 ** 32 - 1).default(1),
    priority: z.int().min(-10).max(10).default(0).meta({ description: 'Higher runs first.' }),
    workers: z.int().min(1).max(64).default(1).meta({ title: 'Workers', description: 'How many workers may share the independent steps of the job. The result does not depend on it.' }),
    fresh: z.boolean().default(false).meta({ description: 'Compute even where an identical result is stored.' }),
  })
  .meta({ id: 'JobSpec' });
export type JobSpec = z.infer<typeof jobSpec>;
/** A spec as a person writes it, defaults left out. */
export type JobSpecInput = z.input<typeof jobSpec>;

export const jobStates = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const jobState = z.enum(jobStates);
export type JobState = z.infer<typeof jobState>;
export const finalStates: ReadonlySet<JobState> = new Set(['succeeded', 'failed', 'cancelled']);

export const jobProgress = z.object({
  fraction: z.number().min(0).max(1),
  stage: z.string().meta({ description: 'Such as queued, reading, computing, storing.' }),
  message: z.string(),
});
export type JobProgress = z.infer<typeof jobProgress>;

export const job = z
  .object({
    id: jobId,
    state: jobState,
    analysis: z.string(),
    spec: jobSpec,
    progress: jobProgress,
    attempt: z.int().meta({ description: 'How often the job was started; above 1 where a worker was lost, or where others ran shares of it first.' }),
    engine: engineUsed.nullable(),
    tables: z.array(resultTable),
    error: problem.nullable(),
    cachedFrom: jobId.nullable(),
    retryOf: jobId.nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    timings: z
      .object({ queuedMs: z.number(), runMs: z.number(), readMs: z.number(), computeMs: z.number(), storeMs: z.number() })
      .partial()
      .meta({ description: 'Milliseconds: waiting in the queue; the run as a whole, and its parts, added up over the workers.' }),
    shares: z.int().optional().meta({ description: 'Of a job that several workers run: how many shares its independent steps were split into, each a job of its own.' }),
    share: z
      .object({ parent: jobId, index: z.int(), of: z.int() })
      .optional()
      .meta({ description: 'Of a share of another job: that job, which holds all rows and ends with its shares; and which share this is, from 0.' }),
  })
  .meta({ id: 'Job' });
export type Job = z.infer<typeof job>;

export const jobEstimate = z
  .object({
    memoryBytes: z.number(),
    seconds: z.number(),
    engine: engineUsed.omit({ precision: true }).nullable(),
    series: z.int(),
    rows: z.int(),
    refused: problem.nullable().meta({ description: 'Why the job would be refused; null where it would not.' }),
  })
  .meta({ id: 'JobEstimate' });
export type JobEstimate = z.infer<typeof jobEstimate>;

/** Events of a job, in order; exactly one of the last three ends them. `seq` counts from 1 within the job. */
export const jobEvent = z.discriminatedUnion('type', [
  z.object({ seq: z.int(), type: z.literal('progress'), data: jobProgress.extend({ state: jobState }) }),
  z.object({ seq: z.int(), type: z.literal('part'), data: z.object({
    table: z.string(),
    part: z.int(),
    rows: z.int(),
    totalRows: z.int(),
    provisional: z.literal(true).optional().meta({ description: 'Of rows that are read while the job has not succeeded; part and totalRows then count these.' }),
  }) }),
  z.object({ seq: z.int(), type: z.literal('log'), data: z.object({ level: z.enum(['info', 'warn', 'error']), message: z.string() }) }),
  z.object({ seq: z.int(), type: z.literal('succeeded'), data: z.object({ cachedFrom: jobId.nullable() }) }),
  z.object({ seq: z.int(), type: z.literal('failed'), data: problem }),
  z.object({ seq: z.int(), type: z.literal('cancelled'), data: z.object({}) }),
]);
export type JobEvent = z.infer<typeof jobEvent>;
export type JobEventBody = JobEvent extends infer E ? (E extends JobEvent ? Omit<E, 'seq'> : never) : never;
