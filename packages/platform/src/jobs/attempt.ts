/**
 * What a worker does with a job, one statement each. Every statement names the attempt and the worker: once the job
 * was given to another attempt, or back to the queue, it changes no row and answers "no longer yours".
 */
import type { EngineUsed } from '@corrente/shared/contract/engine';
import { CorrenteError, type Problem } from '@corrente/shared/contract/errors';
import type { Job, JobProgress } from '@corrente/shared/contract/job';
import type { JsonValue } from '@corrente/shared/contract/json';
import type { TableSchema } from '@corrente/shared/contract/result';
import { statement, type Queries } from '../database/database.ts';
import type { Claim } from '../platform.ts';
import { jobColumns, jobOf, type JobRow } from './job-row.ts';

/**
 * How often in a row a job may lose its worker without having stored a step or noted a new checkpoint; then it fails. A
 * job that gets ahead between the losses goes on for as long as it takes, and an orderly shutdown is no loss.
 */
export const maxLosses = 3;

/** Progress events kept per job; older ones are of no use to anyone who comes later. */
const keptProgress = 200;

type Key = readonly [id: string, attempt: number, worker: string];
export const keyOf = (held: Claim): Key => [held.job.id, held.attempt, held.worker];
/** The fence; its values are those of `keyOf`. */
export const live = `id = $1 and attempt = $2 and worker = $3 and state = 'running'`;
/** What ends a run in the row; the lease goes, so that the fence closes. */
const ended = `worker = null, lease_until = null, finished_at = clock_timestamp(), last_seq = last_seq + 1,
  timings = jsonb_build_object('runMs', round(extract(epoch from clock_timestamp() - started_at) * 1000, 3)) || timings`;

/** Notes the folder of every job in `source` for sweeping. */
const sweepOf = (source: string) => `insert into job_sweeps (owner) select distinct owner from (${source}) o on conflict (owner) do update set since = clock_timestamp()`;

interface Touched {
  readonly id: string;
}

interface ClaimedRow extends JobRow {
  readonly checkpoint: JsonValue;
  readonly checkpoint_step: number | null;
  readonly share_steps: number[] | null;
  readonly parent_engine: EngineUsed | null;
}

const claimJob = statement<ClaimedRow>(
  'claim-job',
  `with j as (
     update jobs set state = 'running', attempt = attempt + 1, losses = losses + (state = 'running')::integer, worker = $2, stage = 'starting', message = '',
       lease_until = clock_timestamp() + $3 * interval '1 millisecond',
       timings = case when started_at is null then jsonb_build_object('queuedMs', round(extract(epoch from clock_timestamp() - created_at) * 1000, 3)) else timings end,
       started_at = coalesce(started_at, clock_timestamp()), last_seq = last_seq + 1
     where id = $1 and not cancel_requested and losses + (state = 'running')::integer < $4
       and (state = 'queued' or (state = 'running' and lease_until < clock_timestamp()))
     returning *
   ), swept as (insert into job_sweeps (owner) select id from j where attempt > 1 on conflict (owner) do update set since = clock_timestamp())
   select ${jobColumns}, j.checkpoint, j.checkpoint_step, j.share_steps, (select p.engine from jobs p where p.id = j.parent_id) as parent_engine,
     emit_job_event(j.id, j.last_seq, 'progress', json_build_object('fraction', j.fraction, 'stage', j.stage, 'message', j.message, 'state', j.state)) from j`,
);

/** One winner among concurrent claims. A job whose lease has lapsed may be taken over. */
export async function claim(queries: Queries, id: string, worker: string, leaseMs: number): Promise<Claim | null> {
  const [row] = await queries.query(claimJob, [id, worker, leaseMs, maxLosses]);
  if (!row) return null;
  // The fence is closed: no earlier attempt adds to these any more.
  const steps = await queries.query(storedSteps, [row.parent_id ?? id, row.share_steps]);
  const stored = new Map(steps.map(({ step, returned }) => [step, returned]));
  return {
    job: jobOf(row),
    attempt: row.attempt,
    worker,
    stored,
    storedBy: enginesOf(steps),
    checkpoint: row.checkpoint_step === null || stored.has(row.checkpoint_step) ? null : row.checkpoint,
    share: row.parent_id === null ? null : { parent: row.parent_id, steps: row.share_steps ?? [], engine: row.parent_engine },
  };
}

const renewLease = statement<{ cancel_requested: boolean }>(
  'renew-lease',
  `update jobs set lease_until = clock_timestamp() + $4 * interval '1 millisecond' where ${live} returning cancel_requested`,
);

export async function renew(queries: Queries, held: Claim, leaseMs: number): Promise<{ cancelRequested: boolean } | null> {
  const [row] = await queries.query(renewLease, [...keyOf(held), leaseMs]);
  return row ? { cancelRequested: row.cancel_requested } : null;
}

interface StepRow {
  readonly step: number;
  readonly returned: JsonValue;
  readonly engine: EngineUsed | null;
}

/** Each once. */
function enginesOf(steps: readonly StepRow[]): EngineUsed[] {
  const engines = new Map(steps.flatMap(({ engine }) => (engine === null ? [] : [[JSON.stringify(engine), engine] as const])));
  return [...engines.values()];
}

const storedSteps = statement<StepRow>(
  'claimed-steps',
  'select step, returned, engine from job_steps where job_id = $1 and ($2::integer[] is null or step = any($2)) order by step',
);

const storeProgress = statement<Touched>(
  'store-progress',
  `with j as (update jobs set fraction = $4, stage = $5, message = $6, last_seq = last_seq + 1 where ${live} returning id, last_seq),
   pruned as (delete from job_events e using j where e.job_id = j.id and e.type = 'progress' and e.seq <= j.last_seq - ${keptProgress})
   select id, emit_job_event(id, last_seq, 'progress', json_build_object('fraction', $4::double precision, 'stage', $5::text, 'message', $6::text, 'state', 'running')) from j`,
);

export async function progress(queries: Queries, held: Claim, { fraction, stage, message }: JobProgress): Promise<boolean> {
  const rows = await queries.query(storeProgress, [...keyOf(held), Math.min(1, Math.max(0, fraction)), stage, message]);
  return rows.length > 0;
}

const storeLog = statement<Touched>(
  'store-log',
  `with j as (update jobs set last_seq = last_seq + 1 where ${live} returning id, last_seq)
   select id, emit_job_event(id, last_seq, 'log', json_build_object('level', $4::text, 'message', $5::text)) from j`,
);

const storeParentLog = statement(
  'store-parent-log',
  `with j as (update jobs set last_seq = last_seq + 1 where id = $1 and waiting returning id, last_seq)
   select emit_job_event(id, last_seq, 'log', json_build_object('level', $2::text, 'message', $3::text)) from j`,
);

/** What a share has to say is said by its parent too. */
export async function log(queries: Queries, held: Claim, level: 'info' | 'warn' | 'error', message: string): Promise<boolean> {
  const told = await queries.query(storeLog, [...keyOf(held), level, message]);
  if (told.length > 0 && held.share !== null) await queries.query(storeParentLog, [held.share.parent, level, message]);
  return told.length > 0;
}

const beginJob = statement<Touched>(
  'begin-job',
  `with j as (update jobs set engine = $4::json where ${live} returning id, coalesce(parent_id, id) as target),
   dropped as (
     delete from job_parts p using j where p.job_id = j.target and p.owner = j.id and p.provisional
       and not exists (select 1 from job_steps s where s.job_id = p.job_id and s.step = p.step) returning p.owner
   ), swept as (${sweepOf('select owner from dropped')}),
   declared as (
     insert into job_tables (job_id, position, name, title, columns)
     select j.target, t.position, t.declared->>'name', t.declared->>'title', t.declared->'columns'
     from j, json_array_elements($5::json) with ordinality as t (declared, position)
     on conflict (job_id, name) do nothing
   )
   select id from j`,
);

/** Provisional parts that an earlier attempt left of steps that it did not end are dropped: they are emitted anew. */
export async function begin(queries: Queries, held: Claim, engine: EngineUsed, tables: readonly TableSchema[]): Promise<boolean> {
  return (await queries.query(beginJob, [...keyOf(held), JSON.stringify(engine), JSON.stringify(tables)])).length > 0;
}

const succeedJob = statement<Touched>(
  'succeed-job',
  `with j as (
     update jobs set state = 'succeeded', fraction = 1, stage = 'done', message = '', identity = case when parent_id is null then $5 end, ${ended} || $4::jsonb
     where ${live} returning id, last_seq, parent_id
   ), dropped as (delete from job_parts p using j where p.job_id = j.id and p.provisional returning p.owner
   ), swept as (${sweepOf('select owner from dropped')})
   select id, emit_job_event(id, last_seq, 'succeeded', json_build_object('cachedFrom', null)) from j`,
);

export async function succeed(queries: Queries, held: Claim, timings: Job['timings'], identity: string): Promise<boolean> {
  return (await queries.query(succeedJob, [...keyOf(held), JSON.stringify(timings), identity])).length > 0;
}

const lockSource = statement<Touched>(
  'lock-cache-source',
  `select id from jobs where identity = $1 and state = 'succeeded' and id <> $2 order by (cached_from is not null), finished_at desc limit 1 for share`,
);

const copyResult = statement<Touched>(
  'succeed-from-cache',
  `with source as (select * from jobs where id = $4), j as (
     update jobs set state = 'succeeded', fraction = 1, stage = 'done', message = '', identity = source.identity, engine = source.engine,
       cached_from = source.id, worker = null, lease_until = null, finished_at = clock_timestamp(), last_seq = jobs.last_seq + 1,
       timings = jobs.timings || jsonb_build_object('runMs', round(extract(epoch from clock_timestamp() - jobs.started_at) * 1000, 3))
     from source where jobs.id = $1 and jobs.attempt = $2 and jobs.worker = $3 and jobs.state = 'running'
       and not exists (select 1 from job_steps s where s.job_id = jobs.id)
     returning jobs.id, jobs.last_seq
   ), undeclared as (delete from job_tables t using j where t.job_id = j.id and not exists (select 1 from job_tables s where s.job_id = $4 and s.name = t.name)
   ), tables as (
     insert into job_tables (job_id, name, position, title, columns, rows, parts, bytes)
     select j.id, t.name, t.position, t.title, t.columns, t.rows, t.parts, t.bytes from j, job_tables t where t.job_id = $4
     on conflict (job_id, name) do update set position = excluded.position, title = excluded.title, columns = excluded.columns,
       rows = excluded.rows, parts = excluded.parts, bytes = excluded.bytes
   ), parts as (
     insert into job_parts (job_id, table_name, part, step, owner, path, rows, bytes)
     select j.id, p.table_name, p.part, p.step, p.owner, p.path, p.rows, p.bytes from j, job_parts p where p.job_id = $4
   )
   select id, emit_job_event(id, last_seq, 'succeeded', json_build_object('cachedFrom', $4::text)) from j`,
);

/** To run in a transaction: the lock on the source keeps its parts until this job has them too. */
export async function succeedFromCache(queries: Queries, held: Claim, identity: string): Promise<boolean> {
  const [source] = await queries.query(lockSource, [identity, held.job.id]);
  if (!source) return false;
  return (await queries.query(copyResult, [...keyOf(held), source.id])).length > 0;
}

const failJob = statement<Touched>(
  'fail-job',
  `with j as (update jobs set state = 'failed', error = $4::json, ${ended} where ${live} returning id, last_seq),
   swept as (insert into job_sweeps (owner) select id from j on conflict (owner) do update set since = clock_timestamp())
   select id, emit_job_event(id, last_seq, 'failed', $4::json) from j`,
);

export async function fail(queries: Queries, held: Claim, error: Problem): Promise<boolean> {
  return (await queries.query(failJob, [...keyOf(held), JSON.stringify(error)])).length > 0;
}

const cancelledJob = statement<Touched>(
  'cancelled-job',
  `with j as (update jobs set state = 'cancelled', ${ended} where ${live} returning id, last_seq),
   swept as (insert into job_sweeps (owner) select id from j on conflict (owner) do update set since = clock_timestamp())
   select id, emit_job_event(id, last_seq, 'cancelled', '{}') from j`,
);

export async function cancelled(queries: Queries, held: Claim): Promise<boolean> {
  return (await queries.query(cancelledJob, keyOf(held))).length > 0;
}

export interface GivenUp {
  readonly id: string;
  readonly state: 'queued' | 'failed' | 'cancelled';
  readonly attempt: number;
  readonly priority: number;
  readonly parent_id: string | null;
}

/** Ends attempts without ending their jobs, unless cancelling was asked for or too many were lost. `loss` is 0 or 1. */
const giveUp = (condition: string, loss: string) => `with gone as (
    update jobs set state = case when cancel_requested then 'cancelled' when losses + ${loss} < ${maxLosses} then 'queued' else 'failed' end,
      losses = losses + ${loss},
      fraction = case when not cancel_requested and losses + ${loss} < ${maxLosses} then 0 else fraction end,
      stage = case when not cancel_requested and losses + ${loss} < ${maxLosses} then 'queued' else stage end,
      message = case when not cancel_requested and losses + ${loss} < ${maxLosses} then $1::json->>'detail' else message end,
      error = case when not cancel_requested and losses + ${loss} >= ${maxLosses} then $1::json end,
      finished_at = case when cancel_requested or losses + ${loss} >= ${maxLosses} then clock_timestamp() end,
      worker = null, lease_until = null, queued_at = clock_timestamp(), checked_at = clock_timestamp(), last_seq = last_seq + 1
    where ${condition} returning *
  ), swept as (insert into job_sweeps (owner) select id from gone on conflict (owner) do update set since = clock_timestamp())
  select id, state, attempt, priority, parent_id, emit_job_event(id, last_seq, case state when 'queued' then 'progress' else state end,
    case state when 'queued' then json_build_object('fraction', fraction, 'stage', stage, 'message', message, 'state', state) when 'failed' then error else '{}' end)
  from gone`;

const releaseJob = statement<GivenUp>('release-job', giveUp(`id = $2 and attempt = $3 and worker = $4 and state = 'running'`, '$5::integer'));
const lapsedJobs = statement<GivenUp>('lapsed-jobs', giveUp(`state = 'running' and lease_until < clock_timestamp()`, '1'));

export async function release(queries: Queries, held: Claim, reason: Problem, orderly: boolean): Promise<GivenUp | null> {
  const [row] = await queries.query(releaseJob, [JSON.stringify(reason), ...keyOf(held), orderly ? 0 : 1]);
  return row ?? null;
}

/** Gives up every attempt whose lease has lapsed; idempotent. */
export async function giveUpLapsed(queries: Queries): Promise<GivenUp[]> {
  const lost = new CorrenteError('worker-lost', `The worker gave no sign of life until its lease ended; a job that loses ${maxLosses} workers in a row without getting ahead fails.`);
  return queries.query(lapsedJobs, [JSON.stringify(lost.toProblem())]);
}
