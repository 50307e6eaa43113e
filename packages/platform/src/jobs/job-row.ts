/** The job's row as it is read, and the job that is made of it. */
import type { EngineUsed } from '@corrente/shared/contract/engine';
import type { Problem } from '@corrente/shared/contract/errors';
import type { Job, JobSpec, JobState } from '@corrente/shared/contract/job';
import type { ColumnSchema, ResultTable } from '@corrente/shared/contract/result';

export interface TableRow {
  readonly name: string;
  readonly title: string;
  readonly columns: ColumnSchema[];
  readonly rows: number;
  readonly parts: number;
  readonly bytes: number;
  readonly provisionalRows: number;
}

export interface JobRow {
  readonly id: string;
  readonly state: JobState;
  readonly analysis: string;
  readonly spec: JobSpec;
  readonly fraction: number;
  readonly stage: string;
  readonly message: string;
  readonly attempt: number;
  readonly engine: EngineUsed | null;
  readonly error: Problem | null;
  readonly timings: Job['timings'];
  readonly cached_from: string | null;
  readonly retry_of: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  /** Of a share: its parent, its place among `shares`. */
  readonly parent_id: string | null;
  readonly share: number | null;
  readonly shares: number;
  readonly tables: TableRow[];
}

/** The columns of a JobRow from `jobs j`, its tables among them. */
export const jobColumns = `j.id, j.state, j.analysis, j.spec, j.fraction, j.stage, j.message, j.attempt, j.engine, j.error, j.timings,
  j.cached_from, j.retry_of, j.created_at, j.started_at, j.finished_at, j.parent_id, j.share, j.shares,
  coalesce((select json_agg(json_build_object('name', t.name, 'title', t.title, 'columns', t.columns, 'rows', t.rows, 'parts', t.parts, 'bytes', t.bytes,
      'provisionalRows', (select coalesce(sum(p.rows), 0) from job_parts p where p.job_id = t.job_id and p.table_name = t.name and p.provisional)) order by t.position)
    from job_tables t where t.job_id = j.id), '[]') as tables`;

/** Tables are complete when the job has succeeded. */
export function tablesOf(row: Pick<JobRow, 'state' | 'tables'>): ResultTable[] {
  return row.tables.map((table) => ({ ...table, complete: row.state === 'succeeded' }));
}

export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    state: row.state,
    analysis: row.analysis,
    spec: row.spec,
    progress: { fraction: row.fraction, stage: row.stage, message: row.message },
    attempt: row.attempt,
    engine: row.engine,
    tables: tablesOf(row),
    error: row.error,
    cachedFrom: row.cached_from,
    retryOf: row.retry_of,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    timings: row.timings,
    ...(row.parent_id === null || row.share === null ? {} : { share: { parent: row.parent_id, index: row.share, of: row.shares } }),
    ...(row.parent_id !== null || row.shares === 0 ? {} : { shares: row.shares }),
  };
}
