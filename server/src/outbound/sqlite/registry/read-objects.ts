import { notFound, success } from '../../../core/failure.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { decodeObjectRow, decodeSourceRow } from './decode-registry-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId, TenantId, UserName } from '../../../core/identity.ts'
import type { ManagedObject } from '../../../core/managed-object.ts'
import type { Source } from '../../../ports/inventory.ts'
import type { ObjectRow, SourceRow } from './decode-registry-row.ts'

const selectObject = `
  select id, tenant, name, type, owner, creation_ms, last_updated_ms, fragments
  from managed_object where tenant = ? and id = ?`

const selectSources = `
  select id, name, type, owner from managed_object not indexed
  where tenant = ? and id in (select value from json_each(?))`

const selectOwned = `
  select id from managed_object indexed by managed_object_by_owner
  where tenant = ? and owner = ? order by id limit ?`

export const createObjectReads = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const one = db.prepare<[string, number], ObjectRow>(selectObject)
  const sources = db.prepare<[string, string], SourceRow>(selectSources)
  const owned = db.prepare<[string, string, number], { id: number }>(selectOwned)
  return {
    readObject: (tenant: TenantId, id: ManagedObjectId): Result<ManagedObject> => {
      const row = hasTenant(tenant) ? one.get(tenant, id) : undefined
      return row === undefined ? notFound('managed-object', id) : success(decodeObjectRow(row))
    },
    readSources: (tenant: TenantId, ids: readonly ManagedObjectId[]): Result<readonly Source[]> =>
      success(
        hasTenant(tenant) ? sources.all(tenant, JSON.stringify(ids)).map(decodeSourceRow) : [],
      ),
    listOwned: (
      tenant: TenantId,
      owner: UserName,
      max: number,
    ): Result<readonly ManagedObjectId[]> =>
      success(
        hasTenant(tenant)
          ? owned.all(tenant, owner, max).map(({ id }) => toManagedObjectId(id))
          : [],
      ),
  }
}
