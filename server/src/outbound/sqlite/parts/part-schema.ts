import type { Migration } from '../migrations.ts'

/**
 * The tables of one part: in a file of its own without a suffix, in the head with the part's number behind
 * each name (`event_7`), so that they can go together when the part has its file.
 */
export type PartTables = {
  readonly event: string
  readonly type: string
  readonly shape: string
  readonly shapeFragment: string
}

/** Of a sealed part, in its own file. */
export const fileTables: PartTables = {
  event: 'event',
  type: 'type',
  shape: 'shape',
  shapeFragment: 'shape_fragment',
}

/** Of a hot or closed part, in the head. */
export const headTables = (part: number): PartTables => ({
  event: `event_${part}`,
  type: `type_${part}`,
  shape: `shape_${part}`,
  shapeFragment: `shape_fragment_${part}`,
})

/**
 * Rows by their id only; the indexes come when the part is sealed. Types and shapes are numbered within
 * the part; tenants have the numbers of the head. `changed` and `last_updated_ms` are null until the first
 * update: before it the event's last change is its id and its creation. `fragments` are the values' texts;
 * their names are those of the shape. Shape 0 marks a row that carries its own names.
 */
export const createPartTables = ({ event, type, shape, shapeFragment }: PartTables): string => `
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
`

export const dropPartTables = ({ event, type, shape, shapeFragment }: PartTables): string =>
  [event, type, shape, shapeFragment].map((table) => `drop table ${table};`).join('\n')

/** The shape of rows that carry their own names. */
export const ownNamesShape = 0

/** Every column of `event`, in the order of the table. */
export const partColumns = `id, tenant, source, type, shape, time_ms, offset_minutes, creation_ms,
  last_updated_ms, changed, text, fragments, digest`

/** Built once, over all rows of a part that will never get another one. */
export const partIndexes = `
create index event_by_source on event (tenant, source, time_ms);
create index event_by_type on event (tenant, type, time_ms);
create index event_by_shape on event (tenant, shape, time_ms);
create index event_by_time on event (tenant, time_ms);
`

/** The format of a part's file, kept in `user_version`. It is written once and never migrated in place. */
export const partFileFormat = 1

/**
 * What a part's file has beside its events: the names of the tenants in it, so that it can be read on its
 * own, and how many rows there are, with their least and greatest times, for each tenant, source, and
 * type with shape. All count every row of the file, dead ones too.
 */
export const partFileTables = `
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
`

/** The whole format of part files as one piece of SQL, to compare a file with. */
export const partFileMigration: Migration = {
  format: partFileFormat,
  sql: createPartTables(fileTables) + partFileTables + partIndexes,
}
