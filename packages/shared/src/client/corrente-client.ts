/**
 * The typed client of the HTTP API, for browsers, Node and notebooks.
 *
 *     const corrente = new CorrenteClient({ baseUrl: 'http://localhost:8420' });
 *     const job = await corrente.submit({ analysis: 'correlation', input: { dataset: id, field: 'close' } });
 *     for await (const batch of corrente.result(job.id, 'matrix')) draw(batch);
 *
 * Every method throws a CorrenteError: the server's own, `server-unreachable` where none answers, or `cancelled`
 * where the caller's signal ended the call.
 */
import type { RecordBatch, Table } from 'apache-arrow';
import { tableFromIPC } from 'apache-arrow';
import type { AnalysisInfo } from '../contract/analysis.ts';
import type { Dataset, ImportMapping } from '../contract/dataset.ts';
import { CorrenteError } from '../contract/errors.ts';
import type { EngineListing, Readiness } from '../contract/http.ts';
import type { Job, JobEstimate, JobEvent, JobProgress, JobSpecInput, JobState } from '../contract/job.ts';
import { finalStates } from '../contract/job.ts';
import { resultFormats, type ResultFormat } from '../contract/result.ts';
import { jobEvents, type EventsOptions } from './events.ts';
import { collect, openResult, type ResultOptions, type ResultStream } from './result.ts';
import { connectionError, Transport, type TransportOptions } from './transport.ts';

export interface Page<T> {
  readonly items: T[];
  /** For the next page; null at the end. */
  readonly cursor: string | null;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ImportOptions extends CallOptions {
  readonly name?: string | undefined;
  readonly mapping?: Partial<ImportMapping> | undefined;
  /** Sniffed from the bytes where not given. */
  readonly contentType?: string | undefined;
}

export interface SeriesQuery {
  readonly field?: string | undefined;
  readonly series?: readonly string[] | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  /** Points per series, at most: four for each pixel column of the chart. */
  readonly points?: number | undefined;
}

export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly analysis?: string | undefined;
  readonly dataset?: string | undefined;
  /** The shares of this job, which stand in no list otherwise. */
  readonly parent?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface WaitOptions extends CallOptions {
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
}

/** How often a submission is sent where no server answers; its key makes that harmless. */
const submitAttempts = 3;

export class CorrenteClient {
  readonly #http: Transport;

  constructor(options: TransportOptions) {
    this.#http = new Transport(options);
  }

  /**
   * Imports a file. A stream is sent as it comes and never held in memory; browsers can send only a Blob. Throws
   * what the file holds wrong: `ragged-rows`, `file-truncated`, `invalid-mapping` and their like.
   */
  importDataset(file: Blob | ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>, options: ImportOptions = {}): Promise<Dataset> {
    const { name, mapping, contentType = 'application/octet-stream', signal } = options;
    const query = { name, mapping: mapping === undefined ? undefined : JSON.stringify(mapping) };
    return this.#http.json('/v1/datasets', { method: 'POST', query, body: file, headers: { 'content-type': contentType }, signal });
  }

  datasets(page: { cursor?: string | undefined; limit?: number | undefined } = {}, { signal }: CallOptions = {}): Promise<Page<Dataset>> {
    return this.#http.json('/v1/datasets', { query: { ...page }, signal });
  }

  dataset(id: string, { signal }: CallOptions = {}): Promise<Dataset> {
    return this.#http.json(`/v1/datasets/${encodeURIComponent(id)}`, { signal });
  }

  /** Throws `dataset-in-use` while a job that has not ended reads it. */
  async deleteDataset(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/datasets/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
  }

  /** Values for a chart, reduced by M4: the columns series, time and value. */
  async series(id: string, query: SeriesQuery = {}, { signal }: CallOptions = {}): Promise<Table> {
    const path = `/v1/datasets/${encodeURIComponent(id)}/series`;
    const response = await this.#http.send(path, { query: { ...query }, headers: { accept: resultFormats.arrow }, signal });
    try {
      return tableFromIPC(new Uint8Array(await response.arrayBuffer()));
    } catch (error) {
      throw connectionError(error, signal, `${path} broke off`);
    }
  }

  async analyses({ signal }: CallOptions = {}): Promise<AnalysisInfo[]> {
    return (await this.#http.json<{ items: AnalysisInfo[] }>('/v1/analyses', { signal })).items;
  }

  analysis(name: string, { signal }: CallOptions = {}): Promise<AnalysisInfo> {
    return this.#http.json(`/v1/analyses/${encodeURIComponent(name)}`, { signal });
  }

  /** Engines of the live workers, best first; empty where no worker is alive. */
  async engines({ signal }: CallOptions = {}): Promise<EngineListing[]> {
    return (await this.#http.json<{ items: EngineListing[] }>('/v1/engines', { signal })).items;
  }

  estimate(spec: JobSpecInput, { signal }: CallOptions = {}): Promise<JobEstimate> {
    return this.#http.json('/v1/jobs/estimate', { ...jsonBody(spec), signal });
  }

  /** Submits once, however often it must be sent: an idempotency key is made where none is given. */
  async submit(spec: JobSpecInput, { idempotencyKey = crypto.randomUUID(), signal }: CallOptions & { idempotencyKey?: string | undefined } = {}): Promise<Job> {
    const { headers, ...body } = jsonBody(spec);
    const request = { ...body, headers: { ...headers, 'idempotency-key': idempotencyKey }, signal };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#http.json<Job>('/v1/jobs', request);
      } catch (error) {
        const known = CorrenteError.from(error);
        if (known.code !== 'server-unreachable' || attempt === submitAttempts) throw known;
      }
    }
  }

  jobs(filter: JobFilter = {}, { signal }: CallOptions = {}): Promise<Page<Job>> {
    return this.#http.json('/v1/jobs', { query: { ...filter }, signal });
  }

  job(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#http.json(`/v1/jobs/${encodeURIComponent(id)}`, { signal });
  }

  /** The job, cancelled or (where a worker has still to stop) running. Throws `job-final`, `job-is-share`. */
  cancel(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#http.json(`/v1/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST', signal });
  }

  /** A new job with the same spec. Throws `job-not-final`. */
  retry(id: string, { signal }: CallOptions = {}): Promise<Job> {
    return this.#http.json(`/v1/jobs/${encodeURIComponent(id)}/retry`, { method: 'POST', signal });
  }

  /** Throws `job-not-final`, `job-is-share`, and `result-in-use` while a job that has not ended reads its result. */
  async deleteJob(id: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#http.send(`/v1/jobs/${encodeURIComponent(id)}`, { method: 'DELETE', signal });
  }

  /** See jobEvents: in order, each once, over as many connections as it takes. */
  events(id: string, options: EventsOptions = {}): AsyncGenerator<JobEvent, void, undefined> {
    return jobEvents(this.#http, id, options);
  }

  /** The job once it has ended, however it ended. Throws `cancelled` where the signal ends the waiting. */
  async wait(id: string, { onProgress, onEvent, signal }: WaitOptions = {}): Promise<Job> {
    for await (const event of this.events(id, { signal })) {
      onEvent?.(event);
      if (event.type === 'progress') onProgress?.({ fraction: event.data.fraction, stage: event.data.stage, message: event.data.message });
    }
    if (signal?.aborted === true) throw new CorrenteError('cancelled', `The waiting for ${id} was cancelled by its caller; the job goes on.`);
    const job = await this.job(id, { signal });
    if (finalStates.has(job.state)) return job;
    throw new CorrenteError('internal', `The events of ${id} ended while the job was ${job.state}.`);
  }

  /** Batches of a result table as they arrive. Throws the job's error where it fails meanwhile. */
  async *result(id: string, table: string, options: ResultOptions = {}): AsyncGenerator<RecordBatch, void, undefined> {
    yield* (await this.openResult(id, table, options)).batches;
  }

  /** As `result`, with the schema, which is known before the first batch and where there is none. */
  openResult(id: string, table: string, options: ResultOptions = {}): Promise<ResultStream> {
    return openResult(this.#http, id, table, options);
  }

  /** The whole table, once the job has ended. */
  async resultTable(id: string, table: string, options: ResultOptions = {}): Promise<Table> {
    return collect(await this.openResult(id, table, options));
  }

  /** A result table in any format, for saving: the response, its body unread. */
  download(id: string, table: string, format: ResultFormat, options: ResultOptions = {}): Promise<Response> {
    const { follow, signal } = options;
    const query = { format, follow, download: true };
    return this.#http.send(`/v1/jobs/${encodeURIComponent(id)}/result/${encodeURIComponent(table)}`, { query, headers: { accept: '*/*' }, signal });
  }

  /** Where a browser can save a table from, if the server asks for no API key. */
  downloadUrl(id: string, table: string, format: ResultFormat): string {
    return this.#http.url(`/v1/jobs/${encodeURIComponent(id)}/result/${encodeURIComponent(table)}`, { format, download: true });
  }

  /** What the server depends on; also where it is not ready, which is no error here. */
  async readiness({ signal }: CallOptions = {}): Promise<Readiness> {
    return this.#http.json('/readyz', { signal, accepted: 503 });
  }
}

function jsonBody(value: unknown) {
  return { method: 'POST' as const, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}
