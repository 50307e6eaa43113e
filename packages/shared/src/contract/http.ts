/**
 * The HTTP calls, one table: the server mounts its handlers from it and validates with its schemas, /openapi.json is
 * generated from it, and the client takes its types from it. A call that does not stand here does not exist.
 */
import { z } from 'zod';
import { analysisInfo } from './analysis.ts';
import { dataset, datasetId, importMapping } from './dataset.ts';
import { engineInfo } from './engine.ts';
import { errorTable, type ErrorCode } from './errors.ts';
import { job, jobEstimate, jobEvent, jobId, jobSpec, jobState } from './job.ts';
import { resultFormats, type ResultFormat } from './result.ts';

/** A body that is not JSON: bytes or text of the media type it stands under. */
export type RawBody = 'binary' | 'text';

export interface RouteReply {
  readonly description: string;
  readonly content?: Readonly<Record<string, z.ZodType | RawBody>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** As OpenAPI writes it: /v1/jobs/{id}. */
  readonly path: string;
  readonly tag: 'datasets' | 'analyses' | 'engines' | 'jobs' | 'results' | 'health' | 'docs';
  readonly summary: string;
  /** Path parameters. One that does not fit its schema names nothing: the answer is `missing`. */
  readonly params?: z.ZodObject;
  readonly missing?: ErrorCode;
  /** Strict: a parameter that is not known is refused rather than left unread. */
  readonly query?: z.ZodObject;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON that is read but does not fit its schema is answered with `invalid`. */
  readonly body?: { readonly content: Readonly<Record<string, z.ZodType | RawBody>>; readonly description: string; readonly invalid?: ErrorCode };
  readonly replies: Readonly<Record<number, RouteReply>>;
  /** Codes of the error table that this call can answer with, beside `commonErrors`. */
  readonly errors: readonly ErrorCode[];
  /** Answered without an API key and outside the rate limit. */
  readonly open?: true;
}

/** What any call can answer on a server bound to loopback. */
export const commonErrors = ['forbidden-host', 'forbidden-origin'] as const satisfies readonly ErrorCode[];
/** What any call that is not open can answer. */
export const guardedErrors = ['unauthorized', 'rate-limited'] as const satisfies readonly ErrorCode[];

const json = <T extends z.ZodType>(description: string, schema: T) => ({ description, content: { 'application/json': schema } });
const location = { Location: 'Address of the job.' };

const limit = z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'Most items on a page.' });
const cursor = z.string().max(512).optional().meta({ description: 'The cursor of the page before, as it was given.' });
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]);
const bound = z.string().max(64).optional();
const analysisName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'the name of an analysis is lower-case letters, digits and hyphens, at most 64');

/** A page of a list, newest first. */
const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), cursor: z.string().nullable().meta({ description: 'For the next page; null at the end.' }) });

/** The formats of series, the default first. */
export const seriesFormats = ['json', 'arrow'] as const satisfies readonly ResultFormat[];

/** Values of series, reduced for a chart, as JSON. */
export const seriesReply = z
  .object({
    dataset: datasetId,
    field: z.string(),
    timeKind: z.enum(['timestamp', 'index']),
    series: z.array(
      z.object({
        name: z.string(),
        time: z.array(z.union([z.string(), z.int()])).meta({ description: 'ISO 8601 in UTC; row numbers for data without time.' }),
        values: z.array(z.number().nullable()),
      }),
    ),
  })
  .meta({ id: 'Series' });
export type SeriesReply = z.infer<typeof seriesReply>;

export const engineListing = engineInfo.extend({ workers: z.int().meta({ description: 'Live workers that announce this engine on this device.' }) }).meta({ id: 'EngineListing' });
export type EngineListing = z.infer<typeof engineListing>;

export const readiness = z
  .object({
    ready: z.boolean(),
    dependencies: z.array(
      z.object({
        name: z.string(),
        ok: z.boolean(),
        required: z.boolean().meta({ description: 'Whether the API is ready only with it. Jobs wait where no worker is alive.' }),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readiness>;

/** The mapping as query parameters: each name of ImportMapping, `fields` once per column, or all of it as JSON in `mapping`. */
export const importQuery = z.strictObject({
  name: z.string().trim().min(1).max(200).regex(/^\P{Cc}*$/u, 'a name holds no control characters').optional().meta({ description: "What people call it; the file's name where not given." }),
  mapping: z.string().max(1_000_000).optional().meta({ description: 'An ImportMapping as JSON.' }),
  format: importMapping.shape.format,
  shape: importMapping.shape.shape,
  time: importMapping.shape.time,
  key: importMapping.shape.key,
  trial: importMapping.shape.trial,
  fields: names.optional(),
  header: flag.optional(),
  delimiter: importMapping.shape.delimiter,
  decimal: importMapping.shape.decimal,
  duplicates: importMapping.shape.duplicates.unwrap().optional(),
  badRows: importMapping.shape.badRows.unwrap().optional(),
});
export type ImportQuery = z.output<typeof importQuery>;

/** Media types that an import takes as the file itself; anything else, multipart apart, is refused. */
export const fileMediaTypes = [
  'application/octet-stream', 'text/csv', 'text/tab-separated-values', 'text/plain', 'application/csv', 'application/gzip', 'application/x-gzip',
  'application/vnd.apache.parquet', 'application/x-parquet', 'application/vnd.apache.arrow.stream', 'application/vnd.apache.arrow.file',
  // What a browser on Windows calls a CSV file, and what curl calls --data-binary.
  'application/vnd.ms-excel', 'application/x-www-form-urlencoded',
] as const;

const raw = (mediaTypes: readonly string[]): Record<string, RawBody> => Object.fromEntries(mediaTypes.map((type) => [type, 'binary']));
const fileErrors = [
  'invalid-mapping', 'file-empty', 'file-without-rows', 'file-binary', 'file-truncated', 'file-corrupt', 'file-encoding', 'ragged-rows', 'line-too-long', 'too-many-columns',
  'no-numeric-column', 'no-time-parsed', 'duplicate-times', 'memory-exceeded',
] as const satisfies readonly ErrorCode[];
const submitErrors = ['bad-request', 'dataset-not-found', 'job-not-found', 'invalid-job', 'payload-too-large', 'unsupported-media-type'] as const;

const jobSpecBody = { description: 'A job spec.', content: { 'application/json': jobSpec }, invalid: 'invalid-job' } as const;
const ofDataset = { tag: 'datasets', params: z.object({ id: datasetId }), missing: 'dataset-not-found' } as const;
const ofJob = { tag: 'jobs', params: z.object({ id: jobId }), missing: 'job-not-found' } as const;

export const routes = {
  importDataset: {
    method: 'post', path: '/v1/datasets', tag: 'datasets', summary: 'Import a file as a data set',
    query: importQuery,
    body: {
      description: 'The file: CSV, TSV, Parquet or Arrow IPC, plain or gzipped; or a form with the file and the mapping as fields before or after it.',
      content: { ...raw(fileMediaTypes), 'multipart/form-data': z.object({ file: z.string().meta({ format: 'binary' }), mapping: z.string().optional() }).loose() },
    },
    replies: { 201: { ...json('The data set with its import report. A file whose content is known already gives the data set there is.', dataset), headers: { Location: 'Address of the data set.' } } },
    errors: ['bad-request', 'payload-too-large', 'unsupported-media-type', 'disk-full', ...fileErrors],
  },
  listDatasets: {
    method: 'get', path: '/v1/datasets', tag: 'datasets', summary: 'List the data sets, newest first',
    query: z.strictObject({ cursor, limit }),
    replies: { 200: json('A page.', page(dataset)) },
    errors: ['bad-request'],
  },
  getDataset: { ...ofDataset, method: 'get', path: '/v1/datasets/{id}', summary: 'One data set', replies: { 200: json('The data set.', dataset) }, errors: ['dataset-not-found'] },
  deleteDataset: {
    ...ofDataset, method: 'delete', path: '/v1/datasets/{id}', summary: 'Delete a data set',
    replies: { 204: { description: 'It is gone.' } },
    errors: ['dataset-not-found', 'dataset-in-use'],
  },
  getSeries: {
    ...ofDataset, method: 'get', path: '/v1/datasets/{id}/series', summary: 'Values of series, reduced for a chart by M4',
    query: z.strictObject({
      field: z.string().optional(),
      series: names.optional().meta({ description: 'Once per series; all where not given.' }),
      from: bound, to: bound,
      points: z.coerce.number().int().min(4).max(400_000).default(4000).meta({ description: 'Points per series, at most: the first, last, least and greatest of each pixel column. A series of no more points comes whole.' }),
      format: z.string().optional().meta({ description: 'json or arrow; wins over Accept.' }),
    }),
    replies: { 200: { description: 'The values. Arrow has the columns series, time and value.', content: { [resultFormats.json]: seriesReply, [resultFormats.arrow]: 'binary' } } },
    errors: ['bad-request', 'dataset-not-found', 'not-acceptable', 'unknown-series', 'unknown-field', 'empty-selection', 'invalid-job'],
  },

  listAnalyses: { method: 'get', path: '/v1/analyses', tag: 'analyses', summary: 'The catalogue of analyses', replies: { 200: json('All analyses.', z.object({ items: z.array(analysisInfo) })) }, errors: [] },
  getAnalysis: {
    method: 'get', path: '/v1/analyses/{name}', tag: 'analyses', summary: 'One analysis with the schema of its parameters',
    params: z.object({ name: analysisName }), missing: 'analysis-not-found',
    replies: { 200: json('The analysis.', analysisInfo) },
    errors: ['analysis-not-found'],
  },
  listEngines: { method: 'get', path: '/v1/engines', tag: 'engines', summary: 'Engines of the live workers, best first', replies: { 200: json('Empty where no worker is alive.', z.object({ items: z.array(engineListing) })) }, errors: [] },

  estimateJob: {
    method: 'post', path: '/v1/jobs/estimate', tag: 'jobs', summary: 'What a job would need, and whether it would be refused',
    body: jobSpecBody,
    replies: { 200: json('The estimate.', jobEstimate) },
    errors: submitErrors,
  },
  submitJob: {
    method: 'post', path: '/v1/jobs', tag: 'jobs', summary: 'Submit a job',
    headers: { 'Idempotency-Key': 'Same key and body: the same job. Same key and another body: refused. At most 255 printable ASCII characters.' },
    body: jobSpecBody,
    replies: { 202: { ...json('The job.', job), headers: location } },
    errors: [...submitErrors, 'unsuitable-result', 'unknown-analysis', 'invalid-params', 'unknown-series', 'unknown-field', 'empty-selection', 'engine-unavailable', 'precision-unsupported', 'method-unsupported', 'memory-exceeded', 'idempotency-conflict'],
  },
  listJobs: {
    method: 'get', path: '/v1/jobs', tag: 'jobs', summary: 'List the jobs, newest first',
    query: z.strictObject({
      state: jobState.optional(), analysis: analysisName.optional(), dataset: datasetId.optional(),
      parent: jobId.optional().meta({ description: 'The shares of this job, which stand in no list otherwise.' }),
      cursor, limit,
    }),
    replies: { 200: json('A page.', page(job)) },
    errors: ['bad-request'],
  },
  getJob: { ...ofJob, method: 'get', path: '/v1/jobs/{id}', summary: 'One job', replies: { 200: json('The job.', job) }, errors: ['job-not-found'] },
  deleteJob: {
    ...ofJob, method: 'delete', path: '/v1/jobs/{id}', summary: 'Delete a job that has ended, with its results',
    replies: { 204: { description: 'It is gone.' } },
    errors: ['job-not-found', 'job-not-final', 'job-is-share', 'result-in-use'],
  },
  cancelJob: {
    ...ofJob, method: 'post', path: '/v1/jobs/{id}/cancel', summary: 'Cancel a job that has not ended',
    replies: { 200: json('The job, cancelled.', job), 202: json('The job, still running: its worker has been told to stop.', job) },
    errors: ['job-not-found', 'job-final', 'job-is-share'],
  },
  retryJob: {
    ...ofJob, method: 'post', path: '/v1/jobs/{id}/retry', summary: 'Submit a job that has ended again, as a new job',
    replies: { 202: { ...json('The new job; its retryOf names the old one.', job), headers: location } },
    errors: ['job-not-found', 'job-not-final', 'job-is-share', 'dataset-not-found', 'unsuitable-result', 'engine-unavailable', 'memory-exceeded'],
  },
  getEvents: {
    ...ofJob, method: 'get', path: '/v1/jobs/{id}/events', summary: 'Events of a job as they happen',
    headers: { 'Last-Event-ID': 'Events up to this one are left out; wins over ?after=.' },
    query: z.strictObject({ after: z.coerce.number().int().min(0).optional() }),
    replies: {
      200: { description: 'Server-sent events: progress, part, log, and exactly one of succeeded, failed, cancelled, which ends the stream. The data of each is that of JobEvent.', content: { 'text/event-stream': jobEvent } },
      204: { description: 'The job has ended and every event lies before the one given: nothing will follow.' },
    },
    errors: ['bad-request', 'job-not-found'],
  },

  getResult: {
    method: 'get', path: '/v1/jobs/{id}/result/{table}', tag: 'results', summary: 'A result table, also while the job runs',
    params: z.object({ id: jobId, table: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/) }), missing: 'table-not-found',
    query: z.strictObject({
      format: z.string().optional().meta({ description: `${Object.keys(resultFormats).join(', ')}; wins over Accept.` }),
      follow: flag.default(true).meta({ description: 'false: what is there now, rather than until the job ends. Where the job has not succeeded, its provisional rows come last.' }),
      download: flag.default(false).meta({ description: 'true: answer with a file name.' }),
    }),
    replies: { 200: { description: 'The table, row by row as parts are stored. A connection that breaks off means that the job failed: read the job.', content: { ...raw(Object.values(resultFormats)), 'application/json': z.array(z.record(z.string(), z.unknown())) } } },
    errors: ['bad-request', 'job-not-found', 'table-not-found', 'not-acceptable'],
  },

  getHealth: { open: true, method: 'get', path: '/healthz', tag: 'health', summary: 'Whether the process lives', replies: { 200: json('It does.', z.object({ status: z.literal('ok'), version: z.string() })) }, errors: [] },
  getReadiness: {
    open: true, method: 'get', path: '/readyz', tag: 'health', summary: 'Whether the server can work, by dependency',
    replies: { 200: json('It can.', readiness), 503: json('It cannot: a required dependency does not answer.', readiness) },
    errors: [],
  },
  getMetrics: { method: 'get', path: '/metrics', tag: 'health', summary: 'Prometheus metrics', replies: { 200: { description: 'Text exposition format.', content: { 'text/plain': 'text' } } }, errors: [] },
  getOpenapi: { open: true, method: 'get', path: '/openapi.json', tag: 'docs', summary: 'This description', replies: { 200: json('OpenAPI 3.1.', z.record(z.string(), z.unknown())) }, errors: [] },
  getDocs: { open: true, method: 'get', path: '/docs/api', tag: 'docs', summary: "The description's reader", replies: { 200: { description: 'A page.', content: { 'text/html': 'text' } } }, errors: [] },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;

/** Every code that a route documents. Anything else (a fault of ours, a database that is away) is its `default`. */
export function documentedErrors(route: Route): ErrorCode[] {
  return [...new Set<ErrorCode>([...route.errors, ...commonErrors, ...(route.open ? [] : guardedErrors)])];
}

/** Statuses that a route documents, its errors' included, ascending. */
export function documentedStatuses(route: Route): number[] {
  const statuses = [...Object.keys(route.replies).map(Number), ...documentedErrors(route).map((code) => errorTable[code].status)];
  return [...new Set(statuses)].sort((a, b) => a - b);
}

/** The format that a query names or, without one, the best that an Accept header takes; null where there is none. */
export function chooseFormat<F extends ResultFormat>(formats: readonly F[], asked: string | undefined, accepts: (mediaTypes: string[]) => string | false): F | null {
  if (asked !== undefined) return formats.find((format) => format === asked) ?? null;
  const mediaType = accepts(formats.map((format) => resultFormats[format]));
  return formats.find((format) => resultFormats[format] === mediaType) ?? null;
}
