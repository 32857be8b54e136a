import type { Migration } from '../migrations.ts'

/**
 * Events with their dictionaries, the journal of accepted ones, and deletions.
 *
 * `event.changed` and `last_updated_ms` are null until the first update: before it the event's last
 * change is its id and its creation. Ids, receipts, updates and deletions share one counter (`counter`),
 * so that "not after this deletion" is one comparison. `fragments` are the values' texts; their names
 * are those of the shape. Shape 0 marks a row that carries its own names.
 */
export const migration0001: Migration = {
  format: 1,
  sql: `
create table counter (
  name text primary key,
  value integer not null
) strict, without rowid;
insert into counter (name, value) values ('high-water', 0);

create table tenant (id integer primary key, name text not null unique) strict;
create table type (id integer primary key, text text not null unique) strict;
create table shape (id integer primary key, names text not null unique) strict;
create table shape_fragment (
  name text not null,
  shape integer not null,
  primary key (name, shape)
) strict, without rowid;

create table event (
  id integer primary key,
  tenant integer not null,
  source integer not null,
  type integer not null,
  shape integer not null,
  time_ms integer not null,
  offset_minutes integer not null,
  creation_ms integer not null,
  last_updated_ms integer,
  changed integer,
  text text not null,
  fragments text not null,
  digest text
) strict;
create index event_by_source on event (tenant, source, time_ms);
create index event_by_type on event (tenant, type, time_ms);
create index event_by_time on event (tenant, time_ms);

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

create table deletion_job (
  id integer primary key,
  tenant integer not null,
  filter text not null,
  started_ms integer not null,
  removed_events integer not null default 0,
  next_source integer not null default 0,
  after_time_ms integer,
  after_id integer
) strict;
create index deletion_job_by_tenant on deletion_job (tenant);

create table disk_probe (id integer primary key, filler blob not null) strict;
`,
}
