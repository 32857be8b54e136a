import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeKeyRow } from './decode-registry-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { ApiKey } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { KeyRow } from './decode-registry-row.ts'

const columns = 'tenant, prefix, hash, name, all_tenants, devices, expires_ms, creation_ms'

/** The one question without a tenant: only who holds the key knows its hash, and it names the tenant. */
const selectByHash = `select ${columns} from api_key where hash = ?`

const selectKeys = `select ${columns} from api_key where tenant = ? order by prefix`

const selectTaken = `
  select 1 from api_key where tenant = @tenant and prefix = @prefix
  union all
  select 1 from api_key where hash = @hash`

const insertKey = `
  insert into api_key (${columns})
  values (@tenant, @prefix, @hash, @name, @all_tenants, @devices, @expires_ms, @creation_ms)`

const deleteKey = 'delete from api_key where tenant = ? and prefix = ?'

export const createKeyReads = (db: Database) => {
  const byHash = db.prepare<[string], KeyRow>(selectByHash)
  const all = db.prepare<[string], KeyRow>(selectKeys)
  return {
    findKey: (hash: string): Result<ApiKey> => {
      const row = byHash.get(hash)
      // The digest of a secret is no name to repeat to a caller.
      return row === undefined ? notFound('key', '') : success(decodeKeyRow(row))
    },
    listKeys: (tenant: TenantId): Result<readonly ApiKey[]> =>
      success(all.all(tenant).map(decodeKeyRow)),
  }
}

export const createKeyWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const taken = db.prepare<[{ tenant: string; prefix: string; hash: string }]>(selectTaken)
  const insert = db.prepare<[KeyRow]>(insertKey)
  const remove = db.prepare<[string, string]>(deleteKey)
  return {
    createKey: (key: ApiKey): Result<ApiKey> => {
      const { tenant, prefix, hash } = key
      if (!hasTenant(tenant)) return notFound('tenant', tenant)
      if (taken.get({ tenant, prefix, hash }) !== undefined) return conflict('key', prefix)
      insert.run(encodeKeyRow(key))
      return success(key)
    },
    revokeKey: (tenant: TenantId, prefix: string): Result<void> =>
      remove.run(tenant, prefix).changes === 0 ? notFound('key', prefix) : success(undefined),
  }
}

const encodeKeyRow = (key: ApiKey): KeyRow => ({
  tenant: key.tenant,
  prefix: key.prefix,
  hash: key.hash,
  name: key.name,
  all_tenants: Number(key.allTenants),
  devices: key.devices === undefined ? null : JSON.stringify(key.devices),
  expires_ms: key.expiresMs ?? null,
  creation_ms: key.creationMs,
})
