-- Up Migration

-- One row: which installation this database is. Queues on a shared Redis carry its name.
create table installation (
  only_row boolean primary key default true check (only_row),
  id text not null default replace(gen_random_uuid()::text, '-', '')
);
insert into installation default values;

create table datasets (
  id text primary key,
  created_at timestamptz not null,
  body json not null
);
create index datasets_newest on datasets (created_at desc, id desc);

create table jobs (
  id text primary key,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  analysis text not null,
  dataset text not null,
  spec json not null,
  priority integer not null,
  fraction double precision not null default 0,
  stage text not null default 'queued',
  message text not null default '',
  -- The fence: raised by each claim. A worker writes only under the attempt that it claimed.
  attempt integer not null default 0,
  -- Workers lost in a row without a step stored in between.
  losses integer not null default 0,
  worker text,
  lease_until timestamptz,
  cancel_requested boolean not null default false,
  stored_steps integer not null default 0,
  last_seq integer not null default 0,
  engine json,
  error json,
  timings jsonb not null default '{}',
  identity text,
  cached_from text,
  retry_of text,
  idempotency_key text unique,
  spec_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  queued_at timestamptz not null default clock_timestamp(),
  checked_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  check ((state = 'running') = (worker is not null and lease_until is not null)),
  check ((state in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
) with (fillfactor = 70);
create index jobs_newest on jobs (created_at desc, id desc);
create index jobs_by_state on jobs (state, created_at desc, id desc);
create index jobs_by_analysis on jobs (analysis, created_at desc, id desc);
create index jobs_by_dataset on jobs (dataset, created_at desc, id desc);
create index jobs_by_identity on jobs (identity) where state = 'succeeded';
create index jobs_queued on jobs (checked_at) where state = 'queued';
create index jobs_running on jobs (id) where state = 'running';

create table job_tables (
  job_id text not null references jobs on delete cascade,
  name text not null,
  position integer not null,
  title text not null,
  columns json not null,
  rows bigint not null default 0,
  parts integer not null default 0,
  bytes bigint not null default 0,
  primary key (job_id, name)
);

-- The manifest: a part exists for readers when its row does. `owner` is the job whose folder holds the file; jobs that
-- were answered from a stored result share the files of that result.
create table job_parts (
  job_id text not null,
  table_name text not null,
  part integer not null,
  step integer not null,
  owner text not null,
  path text not null,
  rows bigint not null,
  bytes bigint not null,
  primary key (job_id, table_name, part),
  foreign key (job_id, table_name) references job_tables on delete cascade
);
create index job_parts_by_owner on job_parts (owner);

create table job_events (
  job_id text not null references jobs on delete cascade,
  seq integer not null,
  type text not null,
  data json not null,
  primary key (job_id, seq)
);
create index job_events_progress on job_events (job_id, seq) where type = 'progress';
create unique index job_events_one_end on job_events (job_id) where type in ('succeeded', 'failed', 'cancelled');

-- Folders that may hold files no part row names any more. No reference to jobs: the job may be gone.
create table job_sweeps (
  owner text primary key,
  since timestamptz not null default clock_timestamp()
);

create table workers (
  id text primary key,
  engines json not null,
  memory_bytes bigint not null,
  seen_at timestamptz not null default clock_timestamp()
);

-- Stores an event and tells it to every process that listens; one that is too long to be told is read by them.
create function emit_job_event(job text, number integer, kind text, body json) returns integer language plpgsql as $$
declare
  told text := json_build_object('id', job, 'seq', number, 'type', kind, 'data', body)::text;
begin
  insert into job_events (job_id, seq, type, data) values (job, number, kind, body);
  if octet_length(told) > 7900 then
    told := json_build_object('id', job, 'seq', number)::text;
  end if;
  perform pg_notify('corrente_events', told);
  return number;
end $$;

-- Down Migration

drop function emit_job_event(text, integer, text, json);
drop table workers, job_sweeps, job_events, job_parts, job_tables, jobs, datasets, installation;
