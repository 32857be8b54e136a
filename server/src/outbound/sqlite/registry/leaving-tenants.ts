import { success } from '../../../core/failure.ts'
import { deletionSliceObjectsMax } from '../../../core/limits.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'

/**
 * What a deleted tenant may have any number of. It goes in slices, so that no other tenant's events wait for long; until
 * then `leaving_tenant` has the tenant. Nothing of it is seen meanwhile, because every operation asks first whether the
 * tenant exists (`createTenantCheck`), and none of its name can be created.
 */
const slices = [
  `delete from external_id where binding in
    (select binding from external_id where tenant = @tenant limit @max)`,
  `delete from managed_object_fragment where (tenant, name, object) in
    (select tenant, name, object from managed_object_fragment where tenant = @tenant limit @max)`,
  `delete from child_reference where (tenant, parent, kind, child) in
    (select tenant, parent, kind, child from child_reference where tenant = @tenant limit @max)`,
  `delete from managed_object where id in
    (select id from managed_object where tenant = @tenant limit @max)`,
  `delete from user where tenant = @tenant and name in
    (select name from user where tenant = @tenant limit @max)`,
  `delete from session where hash in
    (select hash from session where tenant = @tenant limit @max)`,
  `delete from audit_record where id in
    (select id from audit_record where tenant = @tenant limit @max)`,
  // Behind the references, whose going is counted there.
  `delete from family_change where tenant = @tenant`,
] as const

const selectLeaving = 'select tenant from leaving_tenant limit 1'

const insertLeaving = 'insert into leaving_tenant (tenant) values (?)'

const deleteLeaving = 'delete from leaving_tenant where tenant = ?'

export const createLeavingTenantWrites = (db: Database) => {
  const select = db.prepare<[], { tenant: string }>(selectLeaving)
  const remove = db.prepare<[string]>(deleteLeaving)
  const removeSlice = createSlice(db)
  return {
    /** Removes one slice of one deleted tenant; answers whether there was anything to do. */
    removeLeaving: (): Result<boolean> => {
      const leaving = select.get()
      if (leaving === undefined) return success(false)
      if (removeSlice(leaving.tenant)) remove.run(leaving.tenant)
      return success(true)
    },
  }
}

/** The first slice goes at once, which is all of a small tenant. */
export const createLeave = (db: Database): ((tenant: TenantId) => void) => {
  const insert = db.prepare<[string]>(insertLeaving)
  const removeSlice = createSlice(db)
  return (tenant) => {
    if (!removeSlice(tenant)) insert.run(tenant)
  }
}

/** Answers whether nothing is left. */
const createSlice = (db: Database): ((tenant: string) => boolean) => {
  const statements = slices.map((sql) => db.prepare<[{ tenant: string; max: number }]>(sql))
  return (tenant) => {
    const max = deletionSliceObjectsMax
    const removed = statements.map((statement) => statement.run({ tenant, max }).changes)
    return removed.every((rows) => rows < max)
  }
}
