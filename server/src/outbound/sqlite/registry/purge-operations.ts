import { success } from '../../../core/failure.ts'
import { decodePurgeRow } from './decode-registry-row.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { Purge } from '../../../ports/inventory.ts'
import type { PurgeRow } from './decode-registry-row.ts'

/** Of all tenants on purpose: asked by the server for itself, never for a caller. */
const selectPurges = 'select tenant, object from purge order by noted'

const deletePurge = 'delete from purge where tenant = ? and object is ?'

export const createPurgeReads = (db: Database) => {
  const all = db.prepare<[], PurgeRow>(selectPurges)
  return {
    listPurges: (): Result<readonly Purge[]> => success(all.all().map(decodePurgeRow)),
  }
}

export const createPurgeWrites = (db: Database) => {
  const remove = db.prepare<[string, number | null]>(deletePurge)
  return {
    finishPurges: (purges: readonly Purge[]): Result<void> => {
      for (const { tenant, object } of purges) remove.run(tenant, object ?? null)
      return success(undefined)
    },
  }
}
