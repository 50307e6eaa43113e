-- Up Migration

-- What the steps of a job returned. A row says that the step is stored, with all its parts.
create table job_steps (
  job_id text not null references jobs on delete cascade,
  step integer not null,
  returned json not null,
  -- The engine that computed it.
  engine json,
  primary key (job_id, step)
);
insert into job_steps (job_id, step, returned, engine)
  select id, generate_series(0, stored_steps - 1), 'null', engine from jobs where stored_steps > 0 and state in ('queued', 'running');

-- `stored_steps` is how many steps, from the first on, are stored without one missing between them.
-- A job whose independent steps are shared has `shares` children, one for each share, and waits (running, held by no
-- worker) until they have ended. Children store their steps and parts with their parent.
alter table jobs
  add column checkpoint json,
  add column checkpoint_step integer,
  add column parent_id text references jobs on delete cascade,
  add column share integer,
  add column shares integer not null default 0,
  add column share_steps integer[],
  -- The part of the parent's whole work that the share is.
  add column share_work double precision,
  add column waiting boolean not null default false,
  drop constraint jobs_check,
  add constraint jobs_held check ((state = 'running' and not waiting) = (worker is not null and lease_until is not null)),
  add constraint jobs_waiting check (not waiting or (state = 'running' and shares > 0 and parent_id is null)),
  add constraint jobs_share check ((parent_id is null) = (share is null) and (share is null) = (share_steps is null) and (share is null) = (share_work is null));
create index jobs_by_parent on jobs (parent_id) where parent_id is not null;
create index jobs_waiting_now on jobs (id) where waiting;
update jobs set spec = (spec::jsonb || '{"workers": 1}')::json;

-- Provisional parts are read while their job has not succeeded, and count by themselves.
alter table job_parts
  add column provisional boolean not null default false,
  drop constraint job_parts_pkey,
  add primary key (job_id, table_name, provisional, part);
create index job_parts_in_order on job_parts (job_id, table_name, step, part) where not provisional;
create index job_parts_provisional on job_parts (job_id, table_name) where provisional;

-- The jobs whose results a job reads, and their data sets. No reference to those jobs: they may go when it has ended.
create table job_inputs (
  job_id text not null references jobs on delete cascade,
  input text not null,
  dataset text not null,
  primary key (job_id, input)
);
create index job_inputs_by_input on job_inputs (input);
create index job_inputs_by_dataset on job_inputs (dataset);

-- Down Migration

drop table job_inputs;
delete from job_parts where provisional;
drop index job_parts_in_order, job_parts_provisional;
alter table job_parts drop constraint job_parts_pkey, drop column provisional, add primary key (job_id, table_name, part);
delete from jobs where parent_id is not null or waiting;
alter table jobs
  drop constraint jobs_held, drop constraint jobs_waiting, drop constraint jobs_share,
  drop column checkpoint, drop column checkpoint_step, drop column parent_id, drop column share, drop column shares, drop column share_steps, drop column share_work, drop column waiting,
  add constraint jobs_check check ((state = 'running') = (worker is not null and lease_until is not null));
drop table job_steps;
