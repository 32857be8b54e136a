import type { Migration } from '../migrations.ts'

/**
 * The head: the only file that a commit touches, so that one fsync puts a whole batch into force.
 *
 * - `counter` has one row. Ids, receipts, updates and deletions share `high_water`, so that "not after this
 *   deletion" is one comparison. `version` is the number of the commit: it says which of the entries in
 *   shared memory a reader's snapshot may see. `catalogue` changes with every change of what parts there are; `parts` is
 *   the highest number that any part ever had.
 * - `part` is the catalogue. A part is a stretch of events in order of arrival: `hot` (events are appended to
 *   it; the one with the highest number of those without a file), `closed` (nothing is added any more, its
 *   file is being built), `sealed` (an immutable file of its own). The rows of the first two lie in the head,
 *   in tables that carry the part's number (`headTables`), and in the columns of its `slot`.
 * - `dead` names the rows of closed and sealed parts that are gone: deleted, or changed and therefore
 *   moved to the hot part. `type` and `shape` are the part's own numbers. `dead_tenant` counts them for each
 *   tenant; `is_gone` says that nothing of the tenant is left in the part, named one by one or not.
 * - `job.done_part`: in the parts up to this one the deletion has nothing left to do.
 */
export const migration0001: Migration = {
  format: 1,
  sql: `
create table counter (
  high_water integer not null,
  version integer not null,
  catalogue integer not null,
  parts integer not null
) strict;
insert into counter (high_water, version, catalogue, parts) values (0, 0, 0, 0);

create table tenant (id integer primary key, name text not null unique) strict;

create table part (
  number integer primary key,
  state text not null,
  slot integer not null,
  rows integer not null default 0,
  unique_rows integer not null default 0,
  bytes integer not null default 0,
  dead_rows integer not null default 0,
  min_id integer not null default 0,
  max_id integer not null default 0,
  max_changed integer not null default 0,
  min_creation_ms integer not null default 0,
  max_creation_ms integer not null default 0,
  min_time_ms integer not null default 0,
  max_time_ms integer not null default 0,
  outliers text
) strict;

create table dead (
  part integer not null,
  tenant integer not null,
  time_ms integer not null,
  id integer not null,
  source integer not null,
  type integer not null,
  shape integer not null,
  version integer not null,
  primary key (part, tenant, time_ms, id)
) strict, without rowid;

create table dead_tenant (
  part integer not null,
  tenant integer not null,
  rows integer not null,
  is_gone integer not null default 0,
  version integer not null,
  primary key (part, tenant)
) strict, without rowid;

create table job (
  id integer primary key,
  tenant integer not null,
  filter text not null,
  started_ms integer not null,
  removed_events integer not null default 0,
  done_part integer not null default 0
) strict;
create index job_by_tenant on job (tenant);

create table journal (
  id integer primary key,
  tenant integer not null,
  source integer not null,
  type text not null,
  names text not null,
  time_ms integer not null,
  offset_minutes integer not null,
  accepted_ms integer not null,
  text text not null,
  fragments text not null,
  digest text not null
) strict;

create table receipt (
  id integer primary key,
  tenant integer not null,
  accepted_ms integer not null,
  status text not null,
  event integer
) strict;
create index receipt_by_age on receipt (accepted_ms);

create table disk_probe (id integer primary key, filler blob not null) strict;
`,
}
