import type { Database } from 'better-sqlite3'
import { createInTransaction } from '../../transaction.ts'
import { readHeadVersion } from './attached-head.ts'
import { fromCovered } from './covered-rows.ts'
import { addFilterFunctions } from '../tables/part-conditions.ts'
import { endlessPatience } from '../tables/patience.ts'
import type { CoveredRows } from '../between-threads/janitor-messages.ts'
import type { PartTables } from '../tables/part-schema.ts'

/**
 * Copies the names of a part's dead rows and gone tenants to `temp.leaving_row` and `temp.leaving_tenant`, in one
 * snapshot of the attached head, and answers its version. A copy, so that the walk over the part that follows holds
 * no snapshot of the head. When a tenant is given, rows of others are left out.
 */
export const keepLeaving = (db: Database, part: number, tenant?: number): number => {
  db.exec(`create temp table leaving_row (id integer primary key);
    create temp table leaving_tenant (tenant integer primary key);`)
  const rowsOf = tenant === undefined ? [part] : [part, tenant]
  return createInTransaction(
    db,
    'read',
  )(() => {
    const version = readHeadVersion(db)
    db.prepare(leavingRowSql(tenant === undefined ? 'true' : 'tenant = ?')).run(...rowsOf)
    db.prepare<[number]>(leavingTenantSql).run(part)
    return version
  })
}

/**
 * Adds the rows of the attached part `old` that a deletion covers and that are to go with the part's file; answers how many
 * were not dead already.
 */
export const leaveOut = (db: Database, covered: CoveredRows): number => {
  addFilterFunctions(db, endlessPatience)
  const { sql, values } = fromCovered(oldTables, covered)
  const rows = `insert or ignore into temp.leaving_row (id) select e.id ${sql}
    and e.tenant not in (select tenant from temp.leaving_tenant)`
  return db.prepare(rows).run(...values).changes
}

const oldTables: PartTables = {
  event: 'old.event',
  type: 'old.type',
  shape: 'old.shape',
  shapeFragment: 'old.shape_fragment',
}

/** The same of several parts, all of one version, as `temp.leaving_of_part` and `temp.tenant_leaving_part`. */
export const keepLeavingOfParts = (db: Database, parts: readonly number[]): number => {
  db.exec(`create temp table leaving_of_part (part integer, id integer, primary key (part, id))
      without rowid;
    create temp table tenant_leaving_part (part integer, tenant integer, primary key (part, tenant))
      without rowid;`)
  return createInTransaction(
    db,
    'read',
  )(() => {
    const version = readHeadVersion(db)
    for (const part of parts) {
      db.prepare<[number]>(leavingOfPartSql).run(part)
      db.prepare<[number]>(tenantLeavingPartSql).run(part)
    }
    return version
  })
}

const leavingOfPartSql = `insert into temp.leaving_of_part (part, id)
  select part, id from head.dead where part = ? order by id`

const tenantLeavingPartSql = `insert into temp.tenant_leaving_part (part, tenant)
  select part, tenant from head.dead_tenant where part = ? and is_gone = 1`

const leavingRowSql = (which: string): string => `insert into temp.leaving_row (id)
  select id from head.dead where part = ? and ${which} order by id`

const leavingTenantSql = `insert into temp.leaving_tenant (tenant)
  select tenant from head.dead_tenant where part = ? and is_gone = 1`
