/**
 * The one error table. API, worker, command line, client and docs all read it: a code is added here or nowhere.
 *
 * Each entry tells the HTTP status, whether the same request may succeed later without being changed, a title that
 * never varies, and what a person can do. The varying part (what came, what was expected) is the error's `detail`.
 */
import { z } from 'zod';

interface ErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly advice: string;
}

export const errorTable = {
  // The request itself
  'bad-request': { status: 400, retryable: false, title: 'The request cannot be read', advice: 'Send well-formed JSON of the shape that /openapi.json describes.' },
  unauthorized: { status: 401, retryable: false, title: 'An API key is needed', advice: 'Send Authorization: Bearer with a key that the server was given.' },
  'forbidden-host': { status: 403, retryable: false, title: 'This host name is not served', advice: 'Call the API as localhost, 127.0.0.1 or [::1], or bind it to an address and set an API key.' },
  'forbidden-origin': { status: 403, retryable: false, title: 'Requests from this origin are not served', advice: "Call the API from its own page, or from outside a browser." },
  'not-found': { status: 404, retryable: false, title: 'Nothing is at this address', advice: 'See /openapi.json for the calls that exist.' },
  'dataset-not-found': { status: 404, retryable: false, title: 'There is no such data set', advice: 'List the data sets with GET /v1/datasets, or import one.' },
  'job-not-found': { status: 404, retryable: false, title: 'There is no such job', advice: 'List the jobs with GET /v1/jobs.' },
  'table-not-found': { status: 404, retryable: false, title: 'The job has no such result table', advice: "Choose one of the job's tables." },
  'analysis-not-found': { status: 404, retryable: false, title: 'There is no such analysis', advice: 'List the analyses with GET /v1/analyses.' },
  'method-not-allowed': { status: 405, retryable: false, title: 'This address does not take this method', advice: 'Use one of the methods in the Allow header.' },
  'not-acceptable': { status: 406, retryable: false, title: 'The result cannot be had in this format', advice: 'Ask for arrow, json, ndjson, csv or parquet.' },
  'job-final': { status: 409, retryable: false, title: 'The job has already ended', advice: 'Read its state; submit it again with retry.' },
  'job-not-final': { status: 409, retryable: true, title: 'The job has not ended yet', advice: 'Wait until it has ended, or cancel it first.' },
  'job-is-share': { status: 409, retryable: false, title: 'The job is a share of another job', advice: 'Cancel, retry or delete the job that the detail names: its shares go with it.' },
  'result-in-use': { status: 409, retryable: true, title: 'A job is using the result', advice: 'Wait for the job, or cancel it, then delete the result.' },
  'dataset-in-use': { status: 409, retryable: true, title: 'A job is using the data set', advice: 'Wait for the job, or cancel it, then delete the data set.' },
  'payload-too-large': { status: 413, retryable: false, title: 'The body is larger than this server takes', advice: 'Send less, or raise the limit named in the detail.' },
  'unsupported-media-type': { status: 415, retryable: false, title: 'This content type is not taken here', advice: 'Send one of the types named in the detail.' },
  'rate-limited': { status: 429, retryable: true, title: 'Too many requests', advice: 'Wait as long as Retry-After says.' },
  'idempotency-conflict': { status: 422, retryable: false, title: 'The Idempotency-Key was used for another body', advice: 'Use a new key for a new job.' },

  // What a job asks for
  'invalid-job': { status: 422, retryable: false, title: 'The job spec is not valid', advice: 'Correct the places that the pointers name.' },
  'unknown-analysis': { status: 422, retryable: false, title: 'The job names an unknown analysis', advice: 'Choose one of GET /v1/analyses.' },
  'invalid-params': { status: 422, retryable: false, title: 'A parameter of the analysis is not valid', advice: 'The page of the analysis in docs/analyses, or GET /v1/analyses/{name}, tells its parameters.' },
  'unknown-series': { status: 422, retryable: false, title: 'The data set has no such series', advice: "Choose from the data set's series." },
  'unknown-field': { status: 422, retryable: false, title: 'The data set has no such field', advice: "Choose one of the data set's fields." },
  'empty-selection': { status: 422, retryable: false, title: 'The selection holds no data', advice: "Widen the time range or the series; the data set's range stands in the detail." },
  'too-few-series': { status: 422, retryable: false, title: 'The analysis needs more series', advice: 'Select more series.' },
  'window-too-long': { status: 422, retryable: false, title: 'The window is longer than the series', advice: 'Choose a window of at most the number of rows.' },
  'horizon-too-long': { status: 422, retryable: false, title: 'The horizon is longer than the series allow', advice: 'Choose a shorter horizon, or select more rows.' },
  'lookback-too-long': { status: 422, retryable: false, title: 'The look-back is longer than the training rows', advice: 'Choose a shorter look-back, or give more rows to training.' },
  'class-too-small': { status: 422, retryable: false, title: 'A class has too few members', advice: 'Leave the class out, join it with another one, or use fewer folds.' },
  'model-invalid': { status: 422, retryable: false, title: 'The model cannot be built', advice: 'Correct the layer that the detail names.' },
  'model-too-large': { status: 422, retryable: false, title: 'The model needs more memory than it may', advice: 'Use fewer units or layers, a shorter look-back, or smaller batches.' },
  'training-diverged': { status: 422, retryable: false, title: 'The training diverged', advice: 'Choose a smaller learning rate, or clip the gradient.' },
  'too-few-samples': { status: 422, retryable: false, title: 'The series are too short for this analysis', advice: 'Use longer series, smaller lags or histories, or fewer neighbours.' },
  'missing-values': { status: 422, retryable: false, title: 'The series have missing values', advice: 'Choose a fill, resample, or leave out the series or the time range that the detail names.' },
  'constant-series': { status: 422, retryable: false, title: 'A series does not vary', advice: 'Leave out the series that the detail names.' },
  'duplicate-series': { status: 422, retryable: false, title: 'Two series are the same', advice: 'Leave out one of the two series that the detail names.' },
  'not-discrete': { status: 422, retryable: false, title: 'The discrete estimator needs whole numbers', advice: 'Choose a binning (equal-width or equal-frequency), or another estimator.' },
  'too-few-permutations': { status: 422, retryable: false, title: 'No p-value of so few permutations can be below alpha', advice: 'Ask for more permutations, or a larger alpha.' },
  'trials-differ': { status: 422, retryable: false, title: 'The trials are not of equal length', advice: 'Select a time range that every trial covers.' },
  'trials-unsupported': { status: 422, retryable: false, title: 'The analysis does not take data of several trials', advice: 'Import the file without naming its trial column, or choose another analysis.' },
  'unsuitable-result': { status: 422, retryable: false, title: 'The result of that job cannot be used here', advice: 'Name a job of the analysis that the detail names, that has succeeded.' },
  'infinite-values': { status: 422, retryable: false, title: 'The series hold infinite values', advice: 'Correct the source, or leave out the series or the time range that the detail names.' },
  'transform-domain': { status: 422, retryable: false, title: 'The transform is not defined for these values', advice: 'Use another transform, or leave out the places that the detail names.' },
  'engine-unavailable': { status: 422, retryable: false, title: 'The engine that was asked for is not here', advice: 'Ask for engine auto, or start a worker that has it; GET /v1/engines says why it is not.' },
  'precision-unsupported': { status: 422, retryable: false, title: 'The engine does not compute in this precision', advice: 'Ask for the other precision or another engine.' },
  'method-unsupported': { status: 422, retryable: false, title: 'The engine does not compute this method', advice: 'Ask for engine auto, or for another method.' },
  'memory-exceeded': { status: 422, retryable: false, title: 'The job needs more memory than there is', advice: 'Select fewer series or rows, or choose an output that is not a full matrix.' },

  // What a file holds
  'invalid-mapping': { status: 422, retryable: false, title: 'The mapping does not fit the file', advice: "Name columns as they stand in the file's header." },
  'file-empty': { status: 422, retryable: false, title: 'The file is empty', advice: 'Send a file with a header and at least one row.' },
  'file-without-rows': { status: 422, retryable: false, title: 'The file has a header but no rows', advice: 'Send a file with at least one row.' },
  'file-binary': { status: 422, retryable: false, title: 'The file is neither text nor a known binary format', advice: 'Send CSV, TSV, Parquet or Arrow IPC, plain or gzipped.' },
  'file-truncated': { status: 422, retryable: false, title: 'The file ends too early', advice: 'Send the whole file again.' },
  'file-corrupt': { status: 422, retryable: false, title: 'The file cannot be read', advice: 'Check the file with the tool that wrote it.' },
  'file-encoding': { status: 422, retryable: false, title: 'The text is not UTF-8', advice: 'Convert the file to UTF-8.' },
  'file-not-found': { status: 422, retryable: false, title: 'The file cannot be opened', advice: 'Check the path and its permissions.' },
  'ragged-rows': { status: 422, retryable: false, title: 'Rows differ in their number of columns', advice: 'Correct the lines that the detail names, or import with badRows=skip.' },
  'line-too-long': { status: 422, retryable: false, title: 'A line is longer than the limit', advice: 'Check the line ends and the quoting of the file.' },
  'too-many-columns': { status: 422, retryable: false, title: 'The file has too many columns', advice: 'Bring the data in long form: time, key, value.' },
  'no-numeric-column': { status: 422, retryable: false, title: 'The file has no numeric column', advice: 'Check the delimiter and the decimal sign, or name the columns in the mapping.' },
  'no-time-parsed': { status: 422, retryable: false, title: 'The time column cannot be read as time', advice: 'Use ISO 8601 dates or epoch numbers, or name another time column.' },
  'duplicate-times': { status: 422, retryable: false, title: 'A time occurs twice', advice: 'Correct the rows that the detail names, or import with duplicates=last, first or mean.' },

  // What happens while it runs
  'engine-crashed': { status: 500, retryable: true, title: 'The engine process died', advice: 'The job ran again as often as it may; retry it, and report it if it fails again.' },
  'engine-memory': { status: 500, retryable: true, title: 'The engine process was ended for its memory', advice: 'Select fewer series or rows, or give the worker more memory.' },
  'engine-stuck': { status: 500, retryable: true, title: 'The engine process stopped answering', advice: 'Retry the job, and report it if it fails again.' },
  'worker-lost': { status: 500, retryable: true, title: 'The worker that ran the job was lost', advice: 'The job ran again as often as it may; check the workers.' },
  'import-crashed': { status: 500, retryable: true, title: 'The import process died', advice: 'Check the file; nothing that was stored before is affected.' },
  'disk-full': { status: 507, retryable: true, title: 'The disk is full', advice: 'Free space on the disk that the detail names; nothing stored before is affected.' },
  'device-error': { status: 500, retryable: true, title: 'The device reported an error', advice: 'Retry the job, or choose engine cpu.' },
  cancelled: { status: 409, retryable: false, title: 'The work was cancelled', advice: 'Submit it again with retry.' },
  'not-ready': { status: 503, retryable: true, title: 'The server is not ready', advice: 'Try again in a moment; /readyz says what is missing.' },
  'invalid-config': { status: 500, retryable: false, title: 'A setting is not valid', advice: 'Correct the environment variable that the detail names; docs/operations.md lists them all.' },
  internal: { status: 500, retryable: false, title: 'Something went wrong inside Corrente', advice: 'Report it with the request id.' },

  // The command line's own
  usage: { status: 400, retryable: false, title: 'The command was not understood', advice: 'See --help.' },
  'server-unreachable': { status: 503, retryable: true, title: 'No Corrente server answers', advice: 'Start one with corrente serve, or name it with --server.' },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** One place in the input that is wrong; `pointer` is an RFC 6901 JSON pointer into it. */
export const errorPlace = z.object({ pointer: z.string(), detail: z.string() });
export type ErrorPlace = z.infer<typeof errorPlace>;

/** An error as it travels: RFC 9457 problem details with our code. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(errorCodes),
    errors: z.array(errorPlace).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; `code` is from the error table.' });
export type Problem = z.infer<typeof problem>;

/** Bounds of an error, however large what it speaks of: nobody reads more, and an answer must not grow with a request. */
const longestText = 1_000;
const mostPlaces = 20;

/** A text cut to what a person reads, without half a character at its end. */
function clip(text: string, length = longestText): string {
  return text.length <= length ? text : `${text.slice(0, length).toWellFormed().replace(/\uFFFD$/, '')}… (${text.length} characters)`;
}

/**
 * The only error that crosses a package border. `detail` says what was received and what was expected; what to do
 * stands in the table.
 */
export class CorrenteError extends Error {
  readonly code: ErrorCode;
  readonly places: readonly ErrorPlace[];

  constructor(code: ErrorCode, detail: string, options: { places?: readonly ErrorPlace[]; cause?: unknown } = {}) {
    super(clip(detail), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CorrenteError';
    this.code = code;
    this.places = (options.places ?? []).slice(0, mostPlaces).map((place) => ({ pointer: clip(place.pointer), detail: clip(place.detail) }));
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }

  get advice(): string {
    return errorTable[this.code].advice;
  }

  /** The sentence a person reads: what happened, then what to do. */
  get sentence(): string {
    return `${this.message} ${this.advice}`;
  }

  toProblem(): Problem {
    return {
      type: `urn:corrente:error:${this.code}`,
      title: errorTable[this.code].title,
      status: this.status,
      detail: this.message,
      code: this.code,
      ...(this.places.length > 0 ? { errors: [...this.places] } : {}),
    };
  }

  static fromProblem(value: Problem): CorrenteError {
    return new CorrenteError(value.code, value.detail, { places: value.errors ?? [] });
  }

  /** Any thrown value as a CorrenteError; what we do not know becomes `internal`, with its cause kept. */
  static from(error: unknown, fallback: ErrorCode = 'internal'): CorrenteError {
    if (error instanceof CorrenteError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new CorrenteError(fallback, message, { cause: error });
  }
}

/** The places of a failed zod parse (the first of them, where there are very many), as JSON pointers below `base`. */
export function placesOf(error: z.ZodError, base = ''): ErrorPlace[] {
  return error.issues.slice(0, mostPlaces).map((issue) => ({
    pointer: base + issue.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail: issue.message,
  }));
}
