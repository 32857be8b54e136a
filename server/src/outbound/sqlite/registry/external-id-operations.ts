import { conflict, notFound, success } from '../../../core/failure.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { externalIdText } from '../../../core/managed-object.ts'
import { createObjectReads } from './read-objects.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'
import type { ExternalId } from '../../../core/managed-object.ts'

const selectObject = `
  select object from external_id where tenant = ? and type = ? and external_id = ?`

const selectOfObject = `
  select type, external_id from external_id indexed by external_id_by_object
  where tenant = ? and object = ? order by binding`

const insertExternalId = `
  insert into external_id (tenant, type, external_id, object) values (?, ?, ?, ?)`

const deleteExternalId = `
  delete from external_id where tenant = ? and type = ? and external_id = ?`

const deleteOfObject = 'delete from external_id where tenant = ? and object = ?'

type ExternalIdRow = { readonly type: string; readonly external_id: string }

export const createExternalIdReads = (db: Database) => {
  const table = createExternalIdTable(db)
  const { readObject } = createObjectReads(db)
  return {
    resolveExternalId: (tenant: TenantId, externalId: ExternalId): Result<ManagedObjectId> => {
      const object = table.resolve(tenant, externalId)
      return object === undefined ? unknown(externalId) : success(object)
    },
    listExternalIds: (tenant: TenantId, object: ManagedObjectId): Result<readonly ExternalId[]> => {
      const found = readObject(tenant, object)
      return found.ok ? success(table.list(tenant, object)) : found
    },
  }
}

export const createExternalIdWrites = (db: Database) => {
  const table = createExternalIdTable(db)
  const remove = db.prepare<[string, string, string]>(deleteExternalId)
  const { readObject } = createObjectReads(db)
  return {
    bindExternalId: (
      tenant: TenantId,
      object: ManagedObjectId,
      externalId: ExternalId,
    ): Result<void> => {
      const found = readObject(tenant, object)
      if (!found.ok) return found
      if (table.resolve(tenant, externalId) !== undefined) {
        return conflict('external-id', externalIdText(externalId))
      }
      table.bind(tenant, object, [externalId])
      return success(undefined)
    },
    unbindExternalId: (tenant: TenantId, externalId: ExternalId): Result<void> => {
      if (table.resolve(tenant, externalId) === undefined) return unknown(externalId)
      remove.run(tenant, externalId.type, externalId.externalId)
      return success(undefined)
    },
  }
}

const unknown = (externalId: ExternalId): Result<never> =>
  notFound('external-id', externalIdText(externalId))

/** What the operations on external ids and on whole objects share. */
export const createExternalIdTable = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const select = db.prepare<[string, string, string], { object: number }>(selectObject)
  const all = db.prepare<[string, number], ExternalIdRow>(selectOfObject)
  const insert = db.prepare<[string, string, string, number]>(insertExternalId)
  const removeAll = db.prepare<[string, number]>(deleteOfObject)
  const resolve = (tenant: TenantId, { type, externalId }: ExternalId) => {
    const row = hasTenant(tenant) ? select.get(tenant, type, externalId) : undefined
    return row === undefined ? undefined : toManagedObjectId(row.object)
  }
  const list = (tenant: TenantId, object: ManagedObjectId): readonly ExternalId[] =>
    all.all(tenant, object).map((row) => ({ type: row.type, externalId: row.external_id }))
  return {
    resolve,
    list,
    bind: (tenant: TenantId, object: ManagedObjectId, wanted: readonly ExternalId[]): void => {
      for (const { type, externalId } of wanted) insert.run(tenant, type, externalId, object)
    },
    unbindAll: (tenant: TenantId, object: ManagedObjectId): readonly ExternalId[] => {
      const bound = list(tenant, object)
      removeAll.run(tenant, object)
      return bound
    },
    /** The first pair that is bound already or stands twice in the list. */
    firstTaken: (tenant: TenantId, wanted: readonly ExternalId[]): ExternalId | undefined => {
      const seen = new Set<string>()
      return wanted.find((externalId) => {
        const key = JSON.stringify([externalId.type, externalId.externalId])
        const isTaken = seen.has(key) || resolve(tenant, externalId) !== undefined
        seen.add(key)
        return isTaken
      })
    },
  }
}
