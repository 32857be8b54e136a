import type { Database } from 'better-sqlite3'
import type { PartTables } from './part-schema.ts'

/** Where the names came from that a part's rows have: tables in the head, in an older file, or made of several of these. */
export type Origin = {
  /** It is attached under this name. */
  readonly schema: 'head' | 'old' | 'temp'
  readonly tables: Pick<PartTables, 'type' | 'shape' | 'shapeFragment'>
  readonly tenant: string
}

/** What a row takes in a file beside its text, fragments and type: numbers, and entries in three indexes. */
export const rowOverheadBytes = 120

/** Counts the rows of `event` for each tenant, source, and type with shape. The indexes must be there. */
export const fillRollups = (db: Database, { schema, tables }: Origin): void => {
  db.exec(typeGroupsSql)
  db.exec(typeRollupSql)
  db.exec(tenantRollupSql(`${schema}.${tables.type}`))
  db.exec(sourceRollupSql)
  db.exec('drop table temp.type_group')
}

/** Names of what the rows name: entries that no row has any more are left behind. After the rollups. */
export const fillDictionaries = (db: Database, { schema, tables, tenant }: Origin): void => {
  const { type, shape, shapeFragment } = tables
  db.exec(`
insert into tenant (id, name) select id, name from ${schema}.${tenant}
  where id in (select tenant from tenant_rollup) order by id;
insert into type (id, text) select id, text from ${schema}.${type}
  where id in (select type from type_rollup) order by id;
insert into shape (id, names) select id, names from ${schema}.${shape}
  where id in (select shape from type_rollup) order by id;
insert into shape_fragment (name, shape) select name, shape from ${schema}.${shapeFragment}
  where shape in (select id from shape) order by name, shape;
`)
}

/** The limit keeps the engine from drawing the texts into its sort, where only their lengths are wanted. */
const typeGroupsSql = `
create temp table type_group as
select tenant, type, shape, count(*) as rows, min(time_ms) as min_time_ms,
  max(time_ms) as max_time_ms, sum(octets) as octets
from (
  select tenant, type, shape, time_ms, octet_length(text) + octet_length(fragments) as octets
  from event limit -1
) group by tenant, type, shape`

const typeRollupSql = `
insert into type_rollup (tenant, type, shape, rows, min_time_ms, max_time_ms)
select tenant, type, shape, rows, min_time_ms, max_time_ms from temp.type_group
order by tenant, type, shape`

const tenantRollupSql = (types: string): string => `
insert into tenant_rollup (tenant, rows, bytes, min_time_ms, max_time_ms)
select g.tenant, sum(g.rows),
  sum(g.octets + g.rows * (coalesce(octet_length(t.text), 0) + ${rowOverheadBytes})),
  min(g.min_time_ms), max(g.max_time_ms)
from temp.type_group g left join ${types} t on t.id = g.type
group by g.tenant order by g.tenant`

const sourceRollupSql = `
insert into source_rollup (tenant, source, rows, min_time_ms, max_time_ms)
select tenant, source, count(*), min(time_ms), max(time_ms)
from event indexed by event_by_source group by tenant, source order by tenant, source`

const rowBytes = `octet_length(e.text) + octet_length(e.fragments)
  + coalesce(octet_length(t.text), 0) + ${rowOverheadBytes}`

const withTypes = ({ event, type }: PartTables): string =>
  `from ${event} e left join ${type} t on t.id = e.type`

/** What `tenant_rollup.bytes` must be, from the rows of a part. */
export const tenantBytesSql = (tables: PartTables): string =>
  `select e.tenant, sum(${rowBytes}) as bytes ${withTypes(tables)} group by e.tenant`

/** What one row adds to that. */
export const rowBytesSql = (tables: PartTables): string =>
  `select ${rowBytes} ${withTypes(tables)} where e.id = ?`
