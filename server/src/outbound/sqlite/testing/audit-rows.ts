import type { Database } from 'better-sqlite3'

export const insertTwoTenants = `
  insert into tenant (tenant, name, domain, state, creation_ms)
  values ('t1', 't1', 't1', 'active', 0), ('t2', 't2', 't2', 'active', 0)`

/** In format 5 there is no shelf. */
const fillSql = (hasShelf: boolean): string => `
  insert into audit_record (tenant, type, activity, text, source, time_ms, offset_minutes,
    fragments, creation_ms ${hasShelf ? ', shelf' : ''})
  with recursive n (n) as (select 1 union all select n + 1 from n where n < @records)
  select @tenant, @type, 'a', 't', 's', 0, 0, '[]', 0 ${hasShelf ? ', @type' : ''} from n`

export type AuditRows = {
  readonly tenant: string
  readonly type: string
  readonly records: number
  /** False for a registry of format 5; otherwise the shelf is that of the type. */
  readonly hasShelf?: boolean
}

export const fillAudit = (db: Database, { hasShelf = true, ...rows }: AuditRows): void => {
  db.prepare(fillSql(hasShelf)).run(rows)
}

/** Tenant, shelf, and the number of records that is kept of it, and that there are. */
export const readShelves = (db: Database) => ({
  kept: db.prepare('select tenant, shelf, records from audit_shelf').raw().all(),
  counted: db
    .prepare('select tenant, shelf, count(*) from audit_record group by tenant, shelf')
    .raw()
    .all(),
})

export const readFirstId = (db: Database, shelf: string): number =>
  Number(db.prepare('select min(id) from audit_record where shelf = ?').pluck().get(shelf))
