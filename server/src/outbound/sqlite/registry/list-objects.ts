import { success } from '../../../core/failure.ts'
import { decodeObjectRow } from './decode-registry-row.ts'
import { createFilterPlans } from './filter-objects.ts'
import { createKeptStatements } from './kept-statements.ts'
import { registerQueryFunctions } from './query-functions.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { ManagedObjectPage } from '../../../ports/inventory.ts'
import type { Patience } from '../parts/tables/patience.ts'
import type { ObjectRow } from './decode-registry-row.ts'
import type { FilterValues } from './filter-objects.ts'

/** Skips over bare ids, so that only the rows of the page itself are read whole. */
const pageById = (candidates: string): string => `
  select id, tenant, name, type, owner, creation_ms, last_updated_ms, fragments
  from managed_object not indexed
  where tenant = @tenant and id in (${candidates} order by id limit @size offset @skip)
  order by id`

const pageByQuery = (candidates: string, order: string): string => `
  select k.id, k.tenant, k.name, k.type, k.owner, k.creation_ms, k.last_updated_ms, k.fragments
  from managed_object k not indexed
  where k.tenant = @tenant and k.id in (
    select k.id from (${candidates}) c cross join managed_object k on k.id = c.id
    order by ${order} limit @size offset @skip)
  order by ${order}`

const countOf = (candidates: string): string => `select count(*) as total from (${candidates})`

export const createObjectLists = (db: Database, patience: Patience) => {
  registerQueryFunctions(db, patience)
  const hasTenant = createTenantCheck(db)
  const planOf = createFilterPlans(db)
  const preparePage = createKeptStatements<FilterValues, ObjectRow>(db)
  const prepareCount = createKeptStatements<FilterValues, { readonly total: number }>(db)
  return {
    listObjects: (
      tenant: TenantId,
      filter: ManagedObjectFilter,
      skip: number,
      size: number,
    ): Result<ManagedObjectPage> => {
      if (!hasTenant(tenant)) return success({ objects: [], more: false })
      const { candidates, order, values } = planOf(tenant, filter)
      const page = order === undefined ? pageById(candidates) : pageByQuery(candidates, order)
      // One more than asked for tells whether the list goes on.
      const rows = preparePage(page).all({ ...values, skip, size: size + 1 })
      const objects = rows.slice(0, size).map(decodeObjectRow)
      return success({ objects, more: rows.length > size })
    },
    countObjects: (tenant: TenantId, filter: ManagedObjectFilter): Result<number> => {
      if (!hasTenant(tenant)) return success(0)
      const { candidates, values } = planOf(tenant, filter)
      return success(prepareCount(countOf(candidates)).get(values)?.total ?? 0)
    },
  }
}
