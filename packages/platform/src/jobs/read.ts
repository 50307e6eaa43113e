/** Reading jobs: one, many at once, a page. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Job, JobState } from '@corrente/shared/contract/job';
import { statement, type Database } from '../database/database.ts';
import { afterCursor, microsColumn, pageOf, pageLimit } from '../database/page.ts';
import type { Page } from '../platform.ts';
import { jobColumns, jobOf, type JobRow } from './job-row.ts';

const jobsById = statement<JobRow>('jobs-by-id', `select ${jobColumns} from jobs j where j.id = any($1)`);

export async function readJobs(database: Database, ids: readonly string[]): Promise<Map<string, Job>> {
  const rows = await database.query(jobsById, [ids]);
  return new Map(rows.map((row) => [row.id, jobOf(row)]));
}

export interface JobFilter {
  readonly state?: JobState | undefined;
  readonly analysis?: string | undefined;
  readonly dataset?: string | undefined;
  /** The shares of this job; without it no shares. */
  readonly parent?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

const filterColumns = ['state', 'analysis', 'dataset'] as const;

/** Newest first. The statement holds only the filters that are given, so that each combination finds its index. */
export async function listJobs(database: Database, filter: JobFilter): Promise<Page<Job>> {
  const limit = pageLimit(filter.limit);
  const values: unknown[] = [limit + 1];
  const columns = filterColumns.filter((column) => filter[column] !== undefined);
  const conditions = columns.map((column) => `j.${column} = $${values.push(filter[column])}`);
  conditions.push(filter.parent === undefined ? 'j.parent_id is null' : `j.parent_id = $${values.push(filter.parent)}`);
  if (filter.cursor !== undefined) conditions.push(afterCursor('j', filter.cursor, values));
  const name = ['list-jobs', ...columns, ...(filter.parent === undefined ? [] : ['parent']), ...(filter.cursor === undefined ? [] : ['after'])].join('-');
  const text = `select ${jobColumns}, ${microsColumn('j')} from jobs j where ${conditions.join(' and ')} order by j.created_at desc, j.id desc limit $1`;
  return pageOf(await database.query(statement<JobRow & { micros: number }>(name, text), values), limit, jobOf);
}

const jobCounts = statement<{ state: JobState; count: number }>('job-counts', 'select state, count(*)::int as count from jobs where parent_id is null group by state');

export async function countJobs(database: Database): Promise<Record<JobState, number>> {
  const rows = await database.query(jobCounts);
  const countOf = (state: JobState) => rows.find((row) => row.state === state)?.count ?? 0;
  return { queued: countOf('queued'), running: countOf('running'), succeeded: countOf('succeeded'), failed: countOf('failed'), cancelled: countOf('cancelled') };
}

export function jobNotFound(id: string): CorrenteError {
  return new CorrenteError('job-not-found', `There is no job ${id}.`);
}
