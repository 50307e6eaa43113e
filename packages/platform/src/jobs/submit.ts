/** Storing a new job: one row, one event, one id in the queue; or the job that the same idempotency key made before. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Job, JobSpec } from '@corrente/shared/contract/job';
import type { Logger } from 'pino';
import { statement, type Database, type Queries } from '../database/database.ts';
import type { JobQueue } from '../platform.ts';
import { hashOf } from './canonical.ts';
import { checkInputs, noteInputs } from './inputs.ts';
import { newJobId } from './job-id.ts';
import { jobColumns, jobOf, type JobRow } from './job-row.ts';

/** The lock on the data set holds off its deletion until the job is there to be seen. */
const insertJob = statement<JobRow>(
  'insert-job',
  `with input as (select id from datasets where id = $4 for key share),
   j as (
     insert into jobs (id, analysis, spec, dataset, priority, retry_of, idempotency_key, spec_hash, last_seq)
     select $1, $2, $3::json, input.id, $5, $6, $7, $8, 1 from input
     on conflict (idempotency_key) do nothing
     returning *
   )
   select ${jobColumns}, emit_job_event(j.id, 1, 'progress', json_build_object('fraction', 0, 'stage', 'queued', 'message', '', 'state', 'queued')) from j`,
);

const jobOfKey = statement<JobRow & { spec_hash: string }>('job-of-key', `select ${jobColumns}, j.spec_hash from jobs j where j.idempotency_key = $1`);
const datasetExists = statement<{ id: string }>('dataset-exists', 'select id from datasets where id = $1');

/** See `JobStore.submit`. A queue that does not answer delays the job (the reconciler adds it), and fails nothing. */
export async function submitJob(
  { database, queue, log }: { database: Database; queue: JobQueue; log: Logger },
  spec: JobSpec,
  { idempotencyKey, retryOf }: { idempotencyKey?: string; retryOf?: string } = {},
): Promise<{ job: Job; created: boolean }> {
  const hash = hashOf(spec);
  for (;;) {
    const values = [newJobId(), spec.analysis, JSON.stringify(spec), spec.input.dataset, spec.priority, retryOf ?? null, idempotencyKey ?? null, hash];
    const [row] = spec.input.results === undefined ? await insertWithout(database, spec, values) : await database.transaction((queries) => insertWithInputs(queries, spec, values));
    if (row) {
      await queue.add(row.id, spec.priority, 0).catch((error: unknown) => log.warn({ err: error, job: row.id }, 'the queue did not take a job; it is added later'));
      return { job: jobOf(row), created: true };
    }
    const known = idempotencyKey === undefined ? null : await submittedJob(database, idempotencyKey, spec);
    if (known) return { job: known, created: false };
    const [dataset] = await database.query(datasetExists, [spec.input.dataset]);
    if (!dataset) throw new CorrenteError('dataset-not-found', `There is no data set ${spec.input.dataset}.`);
    // The job of that key, or the lack of the data set, is gone again meanwhile: once more.
  }
}

async function insertWithout(queries: Queries, spec: JobSpec, values: readonly unknown[]): Promise<JobRow[]> {
  await checkInputs(queries, spec, { lock: false });
  return queries.query(insertJob, values);
}

async function insertWithInputs(queries: Queries, spec: JobSpec, values: readonly unknown[]): Promise<JobRow[]> {
  const inputs = await checkInputs(queries, spec, { lock: true });
  const rows = await queries.query(insertJob, values);
  for (const row of rows) await noteInputs(queries, row.id, inputs);
  return rows;
}

/** The job that a key made, or null. @throws CorrenteError `idempotency-conflict` where it made one of another spec. */
export async function submittedJob(database: Database, idempotencyKey: string, spec: JobSpec): Promise<Job | null> {
  const [known] = await database.query(jobOfKey, [idempotencyKey]);
  if (!known) return null;
  if (known.spec_hash === hashOf(spec)) return jobOf(known);
  throw new CorrenteError('idempotency-conflict', `The key ${JSON.stringify(idempotencyKey)} made job ${known.id}, whose spec differs from this one.`);
}
