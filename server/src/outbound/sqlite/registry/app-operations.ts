import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeAppRow } from './decode-registry-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { App } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { AppRow } from './decode-registry-row.ts'

const selectById = `
  select tenant, id, name, key, creation_ms from app where tenant = ? and id = ?`

const selectByKey = `
  select tenant, id, name, key, creation_ms from app where tenant = ? and key = ?`

const selectApps = `
  select tenant, id, name, key, creation_ms from app where tenant = ? order by id`

const insertApp = `
  insert into app (tenant, id, name, key, creation_ms)
  values (@tenant, @id, @name, @key, @creationMs)`

const deleteApp = `
  delete from app where tenant = ? and id = ? returning tenant, id, name, key, creation_ms`

export const createAppReads = (db: Database) => {
  const byId = db.prepare<[string, string], AppRow>(selectById)
  const byKey = db.prepare<[string, string], AppRow>(selectByKey)
  const all = db.prepare<[string], AppRow>(selectApps)
  return {
    findApp: (
      tenant: TenantId,
      by: { readonly id: string } | { readonly key: string },
    ): Result<App> => {
      const row = 'id' in by ? byId.get(tenant, by.id) : byKey.get(tenant, by.key)
      if (row === undefined) return notFound('app', 'id' in by ? by.id : by.key)
      return success(decodeAppRow(row))
    },
    listApps: (tenant: TenantId): Result<readonly App[]> =>
      success(all.all(tenant).map(decodeAppRow)),
  }
}

export const createAppWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const insert = db.prepare<[App]>(insertApp)
  const remove = db.prepare<[string, string], AppRow>(deleteApp)
  const { findApp } = createAppReads(db)
  return {
    createApp: (app: App): Result<App> => {
      const { tenant, id, key } = app
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      if (findApp(tenant, { id }).ok || findApp(tenant, { key }).ok) return conflict('app', id)
      insert.run(app)
      return success(app)
    },
    /** Answers the app that went, so that it can be forgotten by its key too. */
    deleteApp: (tenant: TenantId, id: string): Result<App> => {
      const row = remove.get(tenant, id)
      return row === undefined ? notFound('app', id) : success(decodeAppRow(row))
    },
  }
}
