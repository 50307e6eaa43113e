/**
 * Storing what a step gave: its parts, what it returned, how far it is. A share stores with its parent, in whose
 * manifest the parts stand and whose events tell of them; the fence is that of the share's own attempt.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { EngineUsed } from '@corrente/shared/contract/engine';
import type { JsonValue } from '@corrente/shared/contract/json';
import { statement, type Queries } from '../database/database.ts';
import type { Claim, StoredPart } from '../platform.ts';
import { keyOf, live } from './attempt.ts';

const fence = statement<{ engine: EngineUsed | null }>('fence-step', `select engine from jobs where ${live} for update`);
/** Shares that store at once go one after the other: each sees what was stored before it. */
const lockParent = statement<{ id: string }>('lock-waiting-parent', 'select id from jobs where id = $1 and waiting for update');

/** Locks the rows that are to change, the share's first. The engine of the attempt; null where it is no longer live. */
async function enter(queries: Queries, held: Claim): Promise<{ engine: EngineUsed | null } | null> {
  const [own] = await queries.query(fence, keyOf(held));
  if (!own) return null;
  const [parent] = held.share === null ? [true] : await queries.query(lockParent, [held.share.parent]);
  return parent ? own : null;
}

const ahead = statement(
  'step-ahead',
  `update jobs set losses = 0, checkpoint = case when checkpoint_step <> $2 then checkpoint end, checkpoint_step = nullif(checkpoint_step, $2) where id = $1`,
);

/** Counts the step, and those behind it that were stored before it, where none is missing before it. */
const addStep = statement<{ step: number }>(
  'add-step',
  `with added as (insert into job_steps (job_id, step, returned, engine) values ($1, $2, $3::json, $4::json) on conflict do nothing returning step),
   counted as (
     update jobs set stored_steps = $2 + 1 + (
       select count(*) from (select step - row_number() over (order by step) as island from job_steps where job_id = $1 and step > $2) s where island = $2
     ) from added where id = $1 and stored_steps = $2
   )
   select step from added`,
);

/**
 * Part numbers and totals go on from what the table holds, provisional parts counting by themselves. A part of a table
 * that was not declared violates the foreign key, and then nothing of the step is stored.
 */
const addParts = statement<{ count: number }>(
  'add-parts',
  `with j as (
     update jobs set last_seq = last_seq + json_array_length($4::json) where id = $1 returning id, last_seq
   ), given as (
     select p.place, p.given->>'table' as name, p.given->>'path' as path, (p.given->>'rows')::bigint as rows, (p.given->>'bytes')::bigint as bytes,
       coalesce((p.given->>'provisional')::boolean, false) as provisional
     from json_array_elements($4::json) with ordinality as p (given, place)
   ), before as (
     select t.name, false as provisional, t.parts, t.rows from job_tables t where t.job_id = $1
     union all
     select p.table_name, true, max(p.part), sum(p.rows) from job_parts p where p.job_id = $1 and p.provisional group by p.table_name
   ), numbered as (
     select j.id, j.last_seq - json_array_length($4::json) + g.place as seq, g.*,
       coalesce(b.parts, 0) + row_number() over (partition by g.name, g.provisional order by g.place) as part,
       coalesce(b.rows, 0) + sum(g.rows) over (partition by g.name, g.provisional order by g.place) as total
     from j cross join given g left join before b on b.name = g.name and b.provisional = g.provisional
   ), parts as (
     insert into job_parts (job_id, table_name, part, step, owner, path, rows, bytes, provisional)
     select id, name, part, $3, $2, path, rows, bytes, provisional from numbered
   ), totals as (
     update job_tables t set parts = t.parts + s.parts, rows = t.rows + s.rows, bytes = t.bytes + s.bytes
     from (select id, name, count(*) as parts, sum(rows) as rows, sum(bytes) as bytes from numbered where not provisional group by id, name) s
     where t.job_id = s.id and t.name = s.name
   )
   select count(emit_job_event(id, seq::integer, 'part', case when provisional
       then json_build_object('table', name, 'part', part, 'rows', rows, 'totalRows', total, 'provisional', true)
       else json_build_object('table', name, 'part', part, 'rows', rows, 'totalRows', total) end))::int as count
   from (select * from numbered order by place) n`,
);

const partsOfStep = statement<{ path: string; provisional: boolean }>('parts-of-step', 'select path, provisional from job_parts where job_id = $1 and step = $2');

/** See `JobStore.storeStep`; to run in a transaction. */
export async function storeStep(queries: Queries, held: Claim, step: number, parts: readonly StoredPart[], returned: JsonValue): Promise<boolean> {
  const own = await enter(queries, held);
  if (own === null) return false;
  const target = held.share?.parent ?? held.job.id;
  const [added] = await queries.query(addStep, [target, step, JSON.stringify(returned), own.engine === null ? null : JSON.stringify(own.engine)]);
  if (added) {
    await queries.query(ahead, [held.job.id, step]);
    if (parts.length > 0) await queries.query(addParts, [target, held.job.id, step, JSON.stringify(parts)]);
    return true;
  }
  const known = await queries.query(partsOfStep, [target, step]);
  const given = new Set(parts.map(({ path }) => path));
  // Provisional parts may have been shown before.
  const same = known.every(({ path, provisional }) => provisional || given.has(path)) && parts.every(({ path }) => known.some((part) => part.path === path));
  if (same) return true;
  throw new CorrenteError('internal', `Step ${step} of job ${target} came to be stored with other parts than it has; expected each step once.`);
}

/** See `JobStore.showParts`; to run in a transaction. */
export async function showParts(queries: Queries, held: Claim, step: number, parts: readonly StoredPart[]): Promise<boolean> {
  if ((await enter(queries, held)) === null) return false;
  const provisional = parts.map((part) => ({ ...part, provisional: true }));
  await queries.query(addParts, [held.share?.parent ?? held.job.id, held.job.id, step, JSON.stringify(provisional)]);
  return true;
}

/** A note that is not the one there was is a sign of getting ahead, as a stored step is. */
const noteCheckpoint = statement<{ id: string }>(
  'note-checkpoint',
  `update jobs set losses = case when checkpoint_step = $4 and checkpoint::text = $5 then losses else 0 end, checkpoint = $5::json, checkpoint_step = $4 where ${live} returning id`,
);

/** See `JobStore.checkpoint`. */
export async function checkpoint(queries: Queries, held: Claim, step: number, note: string): Promise<boolean> {
  return (await queries.query(noteCheckpoint, [...keyOf(held), step, note])).length > 0;
}
