import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeAppRow } from './decode-account-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { App, AppChange } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { AppRow } from './decode-account-row.ts'

const columns = 'tenant, id, name, key, creation_ms, kind, context_path'

const selectById = `select ${columns} from app where tenant = ? and id = ?`

const selectByKey = `select ${columns} from app where tenant = ? and key = ?`

const selectApps = `select ${columns} from app where tenant = ? order by id`

const insertApp = `
  insert into app (${columns})
  values (@tenant, @id, @name, @key, @creation_ms, @kind, @context_path)`

const updateApp = `
  update app set name = @name, key = @key, context_path = @context_path
  where tenant = @tenant and id = @id`

const deleteApp = 'delete from app where tenant = ? and id = ?'

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
  const insert = db.prepare<[AppRow]>(insertApp)
  const update = db.prepare<[AppRow]>(updateApp)
  const remove = db.prepare<[string, string]>(deleteApp)
  const { findApp } = createAppReads(db)
  return {
    createApp: (app: App): Result<App> => {
      const { tenant, id, key } = app
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      if (findApp(tenant, { id }).ok || findApp(tenant, { key }).ok) return conflict('app', id)
      insert.run(encodeAppRow(app))
      return success(app)
    },
    changeApp: (tenant: TenantId, id: string, change: AppChange): Result<App> => {
      const old = findApp(tenant, { id })
      if (!old.ok) return old
      const changed = { ...old.value, ...change }
      const keyed = findApp(tenant, { key: changed.key })
      if (keyed.ok && keyed.value.id !== id) return conflict('app', id)
      update.run(encodeAppRow(changed))
      return success(changed)
    },
    deleteApp: (tenant: TenantId, id: string): Result<void> =>
      remove.run(tenant, id).changes === 0 ? notFound('app', id) : success(undefined),
  }
}

const encodeAppRow = (app: App): AppRow => ({
  tenant: app.tenant,
  id: app.id,
  name: app.name,
  key: app.key,
  creation_ms: app.creationMs,
  kind: app.kind,
  context_path: app.contextPath ?? null,
})
