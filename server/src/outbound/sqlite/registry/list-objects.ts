import { success } from '../../../core/failure.ts'
import { hasWords } from '../../../core/managed-object.ts'
import { decodeObjectRow } from './decode-registry-row.ts'
import { createFilterPlans } from './filter-objects.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database, Statement } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { ManagedObjectFilter } from '../../../core/managed-object.ts'
import type { ManagedObjectPage } from '../../../ports/inventory.ts'
import type { ObjectRow } from './decode-registry-row.ts'
import type { FilterValues } from './filter-objects.ts'

/** Skips over bare ids, so that only the rows of the page itself are read whole. */
const pageOf = (candidates: string): string => `
  select id, tenant, name, type, owner, creation_ms, last_updated_ms, fragments
  from managed_object not indexed
  where tenant = @tenant and id in (${candidates} order by id limit @size offset @skip)
  order by id`

const countOf = (candidates: string): string => `select count(*) as total from (${candidates})`

type PageValues = FilterValues & { readonly skip: number; readonly size: number }

export const createObjectLists = (db: Database) => {
  db.function('has_words', { deterministic: true }, matchesWords)
  const hasTenant = createTenantCheck(db)
  const planOf = createFilterPlans(db)
  const pages = new Map<string, Statement<[PageValues], ObjectRow>>()
  const counts = new Map<string, Statement<[FilterValues], { total: number }>>()
  return {
    listObjects: (
      tenant: TenantId,
      filter: ManagedObjectFilter,
      skip: number,
      size: number,
    ): Result<ManagedObjectPage> => {
      if (!hasTenant(tenant)) return success({ objects: [], more: false })
      const { candidates, values } = planOf(tenant, filter)
      const page = kept(pages, candidates, () => db.prepare(pageOf(candidates)))
      // One more than asked for tells whether the list goes on.
      const rows = page.all({ ...values, skip, size: size + 1 })
      const objects = rows.slice(0, size).map(decodeObjectRow)
      return success({ objects, more: rows.length > size })
    },
    countObjects: (tenant: TenantId, filter: ManagedObjectFilter): Result<number> => {
      if (!hasTenant(tenant)) return success(0)
      const { candidates, values } = planOf(tenant, filter)
      const count = kept(counts, candidates, () => db.prepare(countOf(candidates)))
      return success(count.get(values)?.total ?? 0)
    },
  }
}

/** There are only as many texts as combinations of conditions, so the map stays small. */
const kept = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

/** The `has_words` of the statements; the words are looked for as the core does it. */
const matchesWords = (text: string, searched: string): number => Number(hasWords(text, searched))
