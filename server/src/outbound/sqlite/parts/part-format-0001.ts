/**
 * Format 1 of parts: the SQL as it was released, which says how the tables of a part look in the head and in a file.
 * Files that have it are never migrated, so that a server must always know what it says here to the letter; another
 * format is another file beside this one.
 *
 * `tables`: rows by their id only; the indexes come when the part is sealed. Types and shapes are numbered within the
 * part; tenants have the numbers of the head. `changed` and `last_updated_ms` are null until the first update: before
 * it the event's last change is its id and its creation. `fragments` are the values' texts; their names are those of the
 * shape. Shape 0 marks a row that carries its own names.
 *
 * `fileTables`, in files only: the names of the tenants in it, so that it can be read on its own, and how many rows there
 * are, with their least and greatest times, for each tenant, source, and type with shape. All count every row of the
 * file, dead ones too.
 */
export const partFormat0001 = {
  format: 1,
  tables: ({ event, type, shape, shapeFragment }: TableNames): string => `
create table ${type} (id integer primary key, text text not null unique) strict;
create table ${shape} (id integer primary key, names text not null unique) strict;
create table ${shapeFragment} (
  name text not null,
  shape integer not null,
  primary key (name, shape)
) strict, without rowid;
create table ${event} (
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
`,
  fileTables: `
create table tenant (id integer primary key, name text not null unique) strict;
create table tenant_rollup (
  tenant integer primary key,
  rows integer not null,
  bytes integer not null,
  min_time_ms integer not null,
  max_time_ms integer not null
) strict;
create table source_rollup (
  tenant integer not null,
  source integer not null,
  rows integer not null,
  min_time_ms integer not null,
  max_time_ms integer not null,
  primary key (tenant, source)
) strict, without rowid;
create table type_rollup (
  tenant integer not null,
  type integer not null,
  shape integer not null,
  rows integer not null,
  min_time_ms integer not null,
  max_time_ms integer not null,
  primary key (tenant, type, shape)
) strict, without rowid;
`,
  indexes: `
create index event_by_source on event (tenant, source, time_ms);
create index event_by_type on event (tenant, type, time_ms);
create index event_by_shape on event (tenant, shape, time_ms);
create index event_by_time on event (tenant, time_ms);
`,
}

type TableNames = {
  readonly event: string
  readonly type: string
  readonly shape: string
  readonly shapeFragment: string
}
