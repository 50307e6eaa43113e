/** Results as input: which jobs a job reads, whether it may, and what they hold. */
import { analyses } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { JobSpec, JobState } from '@corrente/shared/contract/job';
import type { TableSchema } from '@corrente/shared/contract/result';
import { statement, type Queries } from '../database/database.ts';
import type { InputJob, InputJobs } from '../platform.ts';

interface NamedJob {
  readonly id: string;
  readonly state: JobState;
  readonly analysis: string;
  readonly dataset: string;
  readonly parent_id: string | null;
}

const namedColumns = 'id, state, analysis, dataset, parent_id';
const namedJobs = statement<NamedJob>('input-jobs', `select ${namedColumns} from jobs where id = any($1)`);
/** The locks hold off the deletion of those jobs, and of their data sets, until the new job is there to be seen. */
const lockNamedJobs = statement<NamedJob>('lock-input-jobs', `select ${namedColumns} from jobs where id = any($1) order by id for key share`);
const lockNamedDatasets = statement('lock-input-datasets', 'select id from datasets where id = any($1) order by id for key share');

const place = (side: 'a' | 'b', index: number, detail: string) => ({ places: [{ pointer: `/input/results/${side}/${index}`, detail }] });

/**
 * The jobs that the spec names, each once. With `lock` (in a transaction) they stay until it ends.
 * @throws CorrenteError `job-not-found`, `unsuitable-result`, with a pointer to the first id that cannot be used.
 */
export async function checkInputs(queries: Queries, { analysis, input: { results } }: JobSpec, { lock }: { lock: boolean }): Promise<NamedJob[]> {
  const accepted = analyses.get(analysis)?.inputResults;
  if (results === undefined) {
    if (accepted === undefined) return [];
    throw new CorrenteError('unsuitable-result', `${analysis} takes the results of ${accepted.join(' or ')}; none was named.`, { places: [{ pointer: '/input/results', detail: 'is needed' }] });
  }
  if (accepted === undefined) {
    throw new CorrenteError('unsuitable-result', `${analysis} takes no results, and ${results.a.length + results.b.length} were named.`, { places: [{ pointer: '/input/results', detail: 'the analysis takes none' }] });
  }
  const ids = [...new Set([...results.a, ...results.b])];
  const found = new Map((await queries.query(lock ? lockNamedJobs : namedJobs, [ids])).map((job) => [job.id, job]));
  for (const side of ['a', 'b'] as const) {
    for (const [index, id] of results[side].entries()) {
      const job = found.get(id);
      if (!job) throw new CorrenteError('job-not-found', `There is no job ${id}, whose result was named.`, place(side, index, 'there is no such job'));
      if (job.parent_id !== null) throw new CorrenteError('unsuitable-result', `${id} is a share of ${job.parent_id}, which holds its rows.`, place(side, index, `a share of ${job.parent_id}`));
      if (!accepted.includes(job.analysis)) throw new CorrenteError('unsuitable-result', `${id} is a job of ${job.analysis}; ${analysis} takes the results of ${accepted.join(' or ')}.`, place(side, index, `is of ${job.analysis}`));
      if (job.state !== 'succeeded') throw new CorrenteError('unsuitable-result', `${id} is ${job.state}; expected a job that has succeeded.`, place(side, index, `is ${job.state}`));
    }
  }
  const jobs = [...found.values()];
  if (lock) await queries.query(lockNamedDatasets, [jobs.map(({ dataset }) => dataset)]);
  return jobs;
}

const insertInputs = statement('insert-inputs', `insert into job_inputs (job_id, input, dataset) select $1, i->>'id', i->>'dataset' from json_array_elements($2::json) i`);

/** Notes that a new job reads these, in the transaction in which they were checked and locked. */
export async function noteInputs(queries: Queries, job: string, inputs: readonly NamedJob[]): Promise<void> {
  if (inputs.length > 0) await queries.query(insertInputs, [job, JSON.stringify(inputs)]);
}

const readers = statement<{ id: string }>(
  'readers-of-result',
  `select j.id from job_inputs i join jobs j on j.id = i.job_id where i.input = $1 and j.state in ('queued', 'running') and j.parent_id is null order by j.created_at limit 3`,
);

/** Throws `result-in-use` while a job that has not ended reads the result of this one. */
export async function refuseReadResult(queries: Queries, id: string): Promise<void> {
  const jobs = await queries.query(readers, [id]);
  if (jobs.length > 0) throw new CorrenteError('result-in-use', `The result of ${id} is read by ${jobs.map((job) => job.id).join(', ')}.`);
}

interface InputRow extends Omit<InputJob, 'id' | 'tables'> {
  readonly id: string;
  readonly tables: Array<{ readonly schema: TableSchema; readonly parts: string[] }>;
}

const readInputs = statement<InputRow>(
  'read-inputs',
  `select j.id, j.spec, j.identity, coalesce(j.engine->>'precision', 'f64') as precision,
     coalesce((select json_agg(json_build_object('schema', json_build_object('name', t.name, 'title', t.title, 'columns', t.columns),
         'parts', coalesce((select json_agg(p.path order by p.step, p.part) from job_parts p where p.job_id = j.id and p.table_name = t.name and not p.provisional), '[]')) order by t.position)
       from job_tables t where t.job_id = j.id), '[]') as tables
   from jobs j where j.id = any($1) and j.state = 'succeeded'`,
);

/** See `JobStore.inputs`. */
export async function inputsOf(queries: Queries, { input: { results } }: JobSpec): Promise<InputJobs> {
  if (results === undefined) return { a: [], b: [] };
  const rows = new Map((await queries.query(readInputs, [[...results.a, ...results.b]])).map((row) => [row.id, row]));
  const jobOf = (id: string): InputJob => {
    const row = rows.get(id);
    if (!row) throw new CorrenteError('job-not-found', `The job ${id}, whose result is to be read, is not there any more.`);
    return row;
  };
  return { a: results.a.map(jobOf), b: results.b.map(jobOf) };
}
