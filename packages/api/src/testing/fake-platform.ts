/** A platform in memory: what the API asks of one, with the states and errors that the real one has. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DatasetCatalogue, JobQueue, JobStore, Platform, ResultStore, WorkerRegistry } from '@corrente/platform/platform';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, jobStates, type Job, type JobEvent, type JobEventBody, type JobSpec, type JobState } from '@corrente/shared/contract/job';

const crockford = '0123456789abcdefghjkmnpqrstvwxyz';
const newId = (): string => `job_${Array.from(randomBytes(26), (byte) => crockford[byte % 32]).join('')}`;

interface Entry {
  job: Job;
  readonly events: JobEvent[];
  readonly key: string | undefined;
  wake: () => void;
}

/** What the API never calls. A type that asks for it is satisfied; a call fails the test. */
function unused(name: string): () => never {
  return () => {
    throw new CorrenteError('internal', `The API called ${name}, which is for workers.`);
  };
}

export class FakePlatform implements Platform {
  readonly entries = new Map<string, Entry>();
  readonly catalogue = new Map<string, Dataset>();
  readonly parts = new Map<string, Uint8Array[]>();
  workerList: Awaited<ReturnType<WorkerRegistry['list']>> = [];
  /** What a dependency answers with, where it does not work. */
  broken: { database?: Error; queue?: Error } = {};
  readonly jobs: JobStore;
  readonly results: ResultStore;
  readonly datasets: DatasetCatalogue;
  readonly workers: WorkerRegistry;
  readonly queue: JobQueue;

  constructor() {
    this.jobs = this.#jobStore();
    this.datasets = this.#catalogue();
    this.results = {
      folder: mkdtempSync(join(tmpdir(), 'corrente-api-results-')),
      attemptFolder: unused('attemptFolder'),
      readArrow: (jobId, table, { follow, signal }) => this.#readArrow(jobId, table, follow, signal),
    };
    this.workers = { announce: unused('announce'), withdraw: unused('withdraw'), list: () => Promise.resolve(this.workerList) };
    this.queue = {
      backend: 'postgres',
      add: unused('add'), has: unused('has'), remove: unused('remove'), work: unused('work'),
      counts: () => Promise.resolve({ waiting: 3, active: 1 }),
      ping: () => (this.broken.queue ? Promise.reject(this.broken.queue) : Promise.resolve()),
      close: () => Promise.resolve(),
    };
  }

  ready(): Promise<void> {
    return this.broken.database ? Promise.reject(this.broken.database) : Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** A live worker with these engines and this much memory. */
  addWorker(engines: EngineInfo[], memoryBytes: number): void {
    this.workerList.push({ id: `worker-${this.workerList.length + 1}`, engines, memoryBytes, seenAt: new Date().toISOString() });
  }

  /** What a worker would do: changes the job and sends an event. */
  advance(id: string, change: Partial<Job>, ...events: JobEventBody[]): void {
    const entry = this.#entry(id);
    entry.job = { ...entry.job, ...change };
    for (const body of events) entry.events.push({ seq: entry.events.length + 1, ...body });
    entry.wake();
  }

  storePart(id: string, table: string, part: Uint8Array): void {
    const key = `${id}/${table}`;
    this.parts.set(key, [...(this.parts.get(key) ?? []), part]);
    this.#entry(id).wake();
  }

  #entry(id: string): Entry {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new CorrenteError('job-not-found', `There is no job ${id}.`);
    return entry;
  }

  #jobStore(): JobStore {
    const get = (id: string): Promise<Job | null> => (this.broken.database ? Promise.reject(this.broken.database) : Promise.resolve(this.entries.get(id)?.job ?? null));
    const submitted = (key: string, spec: JobSpec): Job | null => {
      const known = [...this.entries.values()].find((entry) => entry.key === key)?.job;
      if (known === undefined) return null;
      if (isDeepStrictEqual(known.spec, spec)) return known;
      throw new CorrenteError('idempotency-conflict', `The key "${key}" made job ${known.id}, whose spec differs from this one.`);
    };
    return {
      get,
      getBatched: get,
      checkInputs: (spec) => Promise.resolve().then(() => this.#checkInputs(spec)),
      submitted: (key, spec) => Promise.resolve().then(() => submitted(key, spec)),
      submit: async (spec, { idempotencyKey, retryOf } = {}) => {
        const known = idempotencyKey === undefined ? null : submitted(idempotencyKey, spec);
        if (known !== null) return { job: known, created: false };
        const job: Job = {
          id: newId(), state: 'queued', analysis: spec.analysis, spec, progress: { fraction: 0, stage: 'queued', message: '' }, attempt: 0, engine: null, tables: [],
          error: null, cachedFrom: null, retryOf: retryOf ?? null, createdAt: new Date().toISOString(), startedAt: null, finishedAt: null, timings: {},
        };
        this.entries.set(job.id, { job, events: [], key: idempotencyKey, wake: () => undefined });
        this.advance(job.id, {}, { type: 'progress', data: { ...job.progress, state: 'queued' } });
        return { job, created: true };
      },
      counts: async () => {
        const counts = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>;
        for (const { job } of this.entries.values()) counts[job.state] += 1;
        return counts;
      },
      list: async ({ state, analysis, dataset, parent, cursor, limit = 50 }) => {
        if (this.broken.database) throw this.broken.database;
        const start = startOf(cursor);
        const all = [...this.entries.values()].map((entry) => entry.job).toReversed();
        const fitting = all.filter((job) => (state ?? job.state) === job.state && (analysis ?? job.analysis) === job.analysis && (dataset ?? job.spec.input.dataset) === job.spec.input.dataset && job.share?.parent === parent);
        return { items: fitting.slice(start, start + limit), cursor: start + limit < fitting.length ? String(start + limit) : null };
      },
      cancel: async (id) => {
        const { job } = this.#entry(id);
        if (finalStates.has(job.state)) throw new CorrenteError('job-final', `${id} has ${job.state}.`);
        if (job.state === 'queued') this.advance(id, { state: 'cancelled' }, { type: 'cancelled', data: {} });
        return this.#entry(id).job;
      },
      delete: async (id) => {
        if (!finalStates.has(this.#entry(id).job.state)) throw new CorrenteError('job-not-final', `${id} is ${this.#entry(id).job.state}.`);
        this.entries.delete(id);
      },
      events: (id, after, signal) => this.#events(id, after, signal),
      tables: (id) => Promise.resolve(this.entries.get(id)?.job.tables ?? null),
      claim: unused('claim'), renew: unused('renew'), progress: unused('progress'), log: unused('log'), begin: unused('begin'), storeStep: unused('storeStep'), inputs: unused('inputs'), showParts: unused('showParts'), checkpoint: unused('checkpoint'), shareOut: unused('shareOut'),
      succeed: unused('succeed'), succeedFromCache: unused('succeedFromCache'), fail: unused('fail'), cancelled: unused('cancelled'), release: unused('release'), onCancel: unused('onCancel'),
    };
  }

  #checkInputs({ input: { results } }: JobSpec): void {
    for (const id of [...(results?.a ?? []), ...(results?.b ?? [])]) {
      const { state } = this.#entry(id).job;
      if (state !== 'succeeded') throw new CorrenteError('unsuitable-result', `${id} is ${state}; expected a job that has succeeded.`);
    }
  }

  #catalogue(): DatasetCatalogue {
    return {
      add: async (dataset) => {
        const known = this.catalogue.get(dataset.id);
        this.catalogue.set(dataset.id, known ?? dataset);
        return { dataset: known ?? dataset, created: known === undefined };
      },
      get: (id) => Promise.resolve(this.catalogue.get(id) ?? null),
      list: async ({ cursor, limit = 50 }) => {
        const start = startOf(cursor);
        const all = [...this.catalogue.values()].toReversed();
        return { items: all.slice(start, start + limit), cursor: start + limit < all.length ? String(start + limit) : null };
      },
      delete: async (id) => {
        const user = [...this.entries.values()].find(({ job }) => job.spec.input.dataset === id && !finalStates.has(job.state));
        if (user !== undefined) throw new CorrenteError('dataset-in-use', `${user.job.id} reads ${id}.`);
        this.catalogue.delete(id);
      },
      path: (id) => `${id}.parquet`,
    };
  }

  async *#events(id: string, after: number, signal: AbortSignal): AsyncGenerator<JobEvent, void, undefined> {
    const entry = this.#entry(id);
    for (let next = after; !signal.aborted; ) {
      const event = entry.events[next];
      if (event === undefined) {
        if (finalStates.has(entry.job.state)) return;
        await changed(entry, signal);
        continue;
      }
      next += 1;
      yield event;
      if (finalStates.has(event.type as JobState)) return;
    }
  }

  async *#readArrow(id: string, table: string, follow: boolean, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const entry = this.#entry(id);
    for (let next = 0; !signal.aborted; ) {
      const part = this.parts.get(`${id}/${table}`)?.[next];
      if (part !== undefined) {
        next += 1;
        yield part;
      } else if (entry.job.state === 'failed' && follow) {
        throw new CorrenteError('engine-crashed', 'The job failed.');
      } else if (!follow || finalStates.has(entry.job.state)) {
        return;
      } else {
        await changed(entry, signal);
      }
    }
  }
}

function startOf(cursor: string | undefined): number {
  const start = Number(cursor ?? 0);
  if (Number.isInteger(start)) return start;
  throw new CorrenteError('bad-request', `The cursor was "${cursor}"; one that a page gave was expected.`);
}

function changed(entry: Entry, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const before = entry.wake;
    entry.wake = () => {
      before();
      resolve();
    };
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
