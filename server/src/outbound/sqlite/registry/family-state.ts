import type { Database } from 'better-sqlite3'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'

/**
 * Of what a hierarchy follows: what is the same again has the same objects below it. Ids are not given twice, so that the
 * roots tell a tenant from a later one of its name, whose changes are counted anew.
 */
export type FamilyState = {
  /** How often something was linked or unlinked in the tenant (migration-0007.ts). */
  readonly changes: number
  /** Those of the roots that exist, ascending, as JSON. */
  readonly roots: string
}

const selectState = `
  select
    coalesce((select changes from family_change where tenant = @tenant), 0) as changes,
    (select json_group_array(x.id)
      from json_each(@roots) p cross join managed_object x on x.id = p.value
      where x.tenant = @tenant) as roots`

/** As the transaction sees it in which it is asked. */
export const createFamilyStates = (
  db: Database,
): ((tenant: TenantId, roots: readonly ManagedObjectId[]) => FamilyState) => {
  const select = db.prepare<[{ readonly tenant: string; readonly roots: string }], FamilyState>(
    selectState,
  )
  return (tenant, roots) => {
    const ascending = [...new Set(roots)].sort((left, right) => left - right)
    const state = select.get({ tenant, roots: JSON.stringify(ascending) })
    if (state === undefined) throw new Error('a select without a table answers a row')
    return state
  }
}
