/**
 * A job that several workers share: its independent steps are dealt out to children, each a row that is queued, claimed
 * and given up like any job. The parent waits, running but held by no worker, until its shares have ended; then it is
 * queued for the steps that remain, or ends as the first share that did not succeed. Every change of the parent is made
 * under its lock, and what a crash leaves between two changes the reconciler finds by the rows.
 */
import type { Problem } from '@corrente/shared/contract/errors';
import type { JobState } from '@corrente/shared/contract/job';
import { statement, type Database, type Queries } from '../database/database.ts';
import type { Claim, SharedWork } from '../platform.ts';
import { keyOf, live } from './attempt.ts';
import { cancelChannel } from './feed.ts';
import { newJobId } from './job-id.ts';

interface QueuedRow {
  readonly id: string;
  readonly attempt: number;
  readonly priority: number;
}

const waitForShares = statement<{ id: string }>(
  'wait-for-shares',
  `with j as (
     update jobs set waiting = true, shares = $4, worker = null, lease_until = null, stage = 'computing', message = $5, last_seq = last_seq + 1 where ${live} and shares = 0 returning *
   )
   select id, emit_job_event(id, last_seq, 'progress', json_build_object('fraction', fraction, 'stage', stage, 'message', message, 'state', state)) from j`,
);

const insertShares = statement<QueuedRow>(
  'insert-shares',
  `with c as (
     insert into jobs (id, analysis, spec, dataset, priority, spec_hash, parent_id, share, shares, share_steps, share_work, last_seq)
     select s.share->>'id', p.analysis, p.spec, p.dataset, p.priority, p.spec_hash, p.id, s.place - 1, p.shares,
       array(select json_array_elements_text(s.share->'steps')::integer), (s.share->>'work')::double precision, 1
     from jobs p, json_array_elements($2::json) with ordinality as s (share, place) where p.id = $1 returning *
   )
   select id, attempt, priority, emit_job_event(id, 1, 'progress', json_build_object('fraction', 0, 'stage', 'queued', 'message', '', 'state', 'queued')) from c order by share`,
);

/**
 * Deals the steps out to at most `most` shares in turn (step k of them to share k mod n) and lets the job wait for
 * them; to run in a transaction. The shares; null where the attempt is no longer live.
 */
export async function shareOut(queries: Queries, held: Claim, { steps, totalWork }: SharedWork, most: number): Promise<QueuedRow[] | null> {
  const count = Math.min(most, steps.length);
  const waiting = await queries.query(waitForShares, [...keyOf(held), count, `${count} shares of ${steps.length} steps`]);
  if (waiting.length === 0) return null;
  const shares = Array.from({ length: count }, (_, index) => {
    const own = steps.filter((_step, k) => k % count === index);
    const work = own.reduce((sum, step) => sum + step.work, 0);
    return { id: newJobId(), steps: own.map(({ step }) => step), work: totalWork === 0 ? 0 : work / totalWork };
  });
  return queries.query(insertShares, [held.job.id, JSON.stringify(shares)]);
}

const tellParent = statement<{ id: string }>(
  'parent-progress',
  `with c as (select sum(share_work * fraction) as fraction, count(*) filter (where state = 'succeeded') as ended from jobs where parent_id = $1),
   j as (
     update jobs set fraction = least(1, greatest(0, c.fraction)), message = c.ended || ' of ' || jobs.shares || ' shares are stored', last_seq = last_seq + 1
     from c where id = $1 and waiting returning jobs.*
   ), pruned as (delete from job_events e using j where e.job_id = j.id and e.type = 'progress' and e.seq <= j.last_seq - 200)
   select id, emit_job_event(id, last_seq, 'progress', json_build_object('fraction', fraction, 'stage', stage, 'message', message, 'state', state)) from j`,
);

/** Adds the progress of the shares up, by their work. False where the parent waits no more. */
export async function parentProgress(queries: Queries, parent: string): Promise<boolean> {
  return (await queries.query(tellParent, [parent])).length > 0;
}

const lockWaiting = statement<{ id: string }>('settle-lock', 'select id from jobs where id = $1 and waiting for update');
const endedBadly = statement<{ state: JobState; error: Problem | null }>(
  'settle-first-bad',
  `select state, error from jobs where parent_id = $1 and state in ('failed', 'cancelled') order by (state = 'failed') desc, finished_at limit 1`,
);
const endParent = statement<{ id: string }>(
  'settle-end',
  `with j as (
     update jobs set state = $2, error = $3::json, waiting = false, finished_at = clock_timestamp(), last_seq = last_seq + 1,
       timings = timings || jsonb_build_object('runMs', round(extract(epoch from clock_timestamp() - started_at) * 1000, 3))
     where id = $1 returning id, last_seq
   ), swept as (
     insert into job_sweeps (owner) select id from j union select c.id from jobs c where c.parent_id = $1 on conflict (owner) do update set since = clock_timestamp()
   )
   select id, emit_job_event(id, last_seq, $2, coalesce($3::json, '{}')) from j`,
);
const queueParent = statement<QueuedRow>(
  'settle-queue',
  `with c as (
     select jsonb_strip_nulls(jsonb_build_object('readMs', sum((timings->>'readMs')::numeric), 'computeMs', sum((timings->>'computeMs')::numeric), 'storeMs', sum((timings->>'storeMs')::numeric))) as timings
     from jobs where parent_id = $1
   ), j as (
     update jobs set state = 'queued', waiting = false, stage = 'queued', message = 'every share is stored', timings = jobs.timings || c.timings,
       fraction = (select least(1, sum(share_work)) from jobs where parent_id = $1),
       queued_at = clock_timestamp(), checked_at = clock_timestamp(), last_seq = last_seq + 1
     from c where id = $1 and not exists (select 1 from jobs s where s.parent_id = $1 and s.state <> 'succeeded') returning jobs.*
   )
   select id, attempt, priority, emit_job_event(id, last_seq, 'progress', json_build_object('fraction', fraction, 'stage', stage, 'message', message, 'state', state)) from j`,
);

/** Decides what becomes of a waiting parent, by its shares. The row where it is to be queued, null where not. */
export async function settle(database: Database, parent: string): Promise<QueuedRow | null> {
  return database.transaction(async (queries) => {
    const [waiting] = await queries.query(lockWaiting, [parent]);
    if (!waiting) return null;
    const [bad] = await queries.query(endedBadly, [parent]);
    if (!bad) return (await queries.query(queueParent, [parent]))[0] ?? null;
    await queries.query(endParent, [parent, bad.state, bad.error === null ? null : JSON.stringify(bad.error)]);
    return null;
  });
}

const cancelShares = statement<{ id: string; state: JobState; attempt: number }>(
  'cancel-shares',
  `with s as (
     select c.id from jobs c join jobs p on p.id = c.parent_id
     where p.id = $1 and p.state in ('succeeded', 'failed', 'cancelled') and c.state in ('queued', 'running') and not c.cancel_requested order by c.id for update of c
   ), j as (
     update jobs set cancel_requested = true,
       state = case when state = 'queued' then 'cancelled' else state end,
       finished_at = case when state = 'queued' then clock_timestamp() end,
       last_seq = last_seq + case when state = 'queued' then 1 else 0 end
     where id in (select id from s) returning id, state, attempt, last_seq
   )
   select id, state, attempt, case state when 'cancelled' then emit_job_event(id, last_seq, 'cancelled', '{}') end,
     case state when 'running' then pg_notify('${cancelChannel}', id) end
   from j`,
);

/** Ends the shares of a parent that has ended: queued ones at once, of the others the workers are asked. */
export async function cancelSharesOf(queries: Queries, parent: string): Promise<{ id: string; state: JobState; attempt: number }[]> {
  return queries.query(cancelShares, [parent]);
}

const unsettled = statement<{ id: string }>(
  'unsettled-parents',
  `select p.id from jobs p where p.waiting and (
     not exists (select 1 from jobs c where c.parent_id = p.id and c.state <> 'succeeded') or exists (select 1 from jobs c where c.parent_id = p.id and c.state in ('failed', 'cancelled')))
   union
   select p.id from jobs c join jobs p on p.id = c.parent_id
   where c.parent_id is not null and c.state in ('queued', 'running') and not c.cancel_requested and p.state in ('succeeded', 'failed', 'cancelled')`,
);

/** Parents whose shares have ended without their being told, and parents that have ended without their shares being told. */
export async function unsettledParents(queries: Queries): Promise<string[]> {
  return (await queries.query(unsettled)).map(({ id }) => id);
}
