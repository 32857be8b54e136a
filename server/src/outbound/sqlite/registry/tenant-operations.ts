import { changedTenant } from '../../../core/account.ts'
import { conflict, notFound, success } from '../../../core/failure.ts'
import { defaultRetentionRule } from '../../../core/retention.ts'
import { decodeTenantRow } from './decode-registry-row.ts'
import { createLeave } from './leaving-tenants.ts'
import { createRetentionRuleInsert } from './retention-operations.ts'
import { createUserInsert } from './user-operations.ts'
import type { Database } from 'better-sqlite3'
import type { NewUser, Tenant, TenantChange } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { TenantRow } from './decode-registry-row.ts'

const columns = 'tenant, name, domain, state, creation_ms, profile, custom_properties'

const selectTenant = `
  select ${columns} from tenant where tenant = ?`

const selectTenants = `
  select ${columns} from tenant order by tenant`

const selectTaken = `
  select 1 from tenant where tenant = @tenant or domain = @domain
  union all
  select 1 from purge where tenant = @tenant and object is null
  union all
  select 1 from leaving_tenant where tenant = @tenant`

const insertTenant = `
  insert into tenant (${columns})
  values (@tenant, @name, @domain, @state, @creation_ms, @profile, @custom_properties)`

const updateState = `
  update tenant set state = @state where tenant = @id
  returning ${columns}`

const updateTenant = `
  update tenant
  set name = @name, state = @state, profile = @profile, custom_properties = @custom_properties
  where tenant = @tenant`

/** What a tenant has few of, in this order: it goes last, because the others refer to it. */
const deletions = [
  'delete from api_key where tenant = ?',
  'delete from user_group where tenant = ?',
  'delete from inventory_role where tenant = ?',
  'delete from device_request where tenant = ?',
  'delete from retention_rule where tenant = ?',
  'delete from retention_run where tenant = ?',
  'delete from app where tenant = ?',
  'delete from tenant_option where tenant = ?',
  'delete from purge where tenant = ?',
  'delete from tenant where tenant = ?',
] as const

const insertPurge = 'insert into purge (tenant, object) values (?, null)'

export const createTenantReads = (db: Database) => {
  const one = db.prepare<[string], TenantRow>(selectTenant)
  const all = db.prepare<[], TenantRow>(selectTenants)
  return {
    readTenant: (id: TenantId): Result<Tenant> => {
      const row = one.get(id)
      return row === undefined ? notFound('tenant', id) : success(decodeTenantRow(row))
    },
    listTenants: (): Result<readonly Tenant[]> => success(all.all().map(decodeTenantRow)),
  }
}

export const createTenantWrites = (db: Database) => {
  const taken = db.prepare<[{ tenant: string; domain: string }]>(selectTaken)
  const insert = db.prepare<[TenantRow]>(insertTenant)
  const update = db.prepare<[{ id: string; state: string }], TenantRow>(updateState)
  const updateAll = db.prepare<[TenantRow]>(updateTenant)
  const insertUser = createUserInsert(db)
  const insertRule = createRetentionRuleInsert(db)
  const purge = db.prepare<[string]>(insertPurge)
  const leave = createLeave(db)
  const deletes = deletions.map((sql) => db.prepare<[string]>(sql))
  const { readTenant } = createTenantReads(db)
  return {
    createTenant: (tenant: Tenant, users: readonly NewUser[]): Result<Tenant> => {
      if (taken.get({ tenant: tenant.id, domain: tenant.domain }) !== undefined) {
        return conflict('tenant', tenant.id)
      }
      const twice = firstTwice(users)
      if (twice !== undefined) return conflict('user', twice)
      insert.run(encodeTenantRow(tenant))
      insertRule({ ...defaultRetentionRule, tenant: tenant.id })
      for (const user of users) insertUser({ ...user, tenant: tenant.id }, tenant.creationMs)
      return success(tenant)
    },
    changeTenantState: (id: TenantId, state: Tenant['state']): Result<Tenant> => {
      const row = update.get({ id, state })
      return row === undefined ? notFound('tenant', id) : success(decodeTenantRow(row))
    },
    changeTenant: (id: TenantId, change: TenantChange): Result<Tenant> => {
      const old = readTenant(id)
      if (!old.ok) return old
      const changed = changedTenant(old.value, change)
      updateAll.run(encodeTenantRow(changed))
      return success(changed)
    },
    deleteTenant: (id: TenantId): Result<void> => {
      const tenant = readTenant(id)
      if (!tenant.ok) return tenant
      for (const statement of deletes) statement.run(id)
      leave(id)
      purge.run(id)
      return success(undefined)
    },
  }
}

const firstTwice = (users: readonly NewUser[]): string | undefined => {
  const names = users.map(({ name }) => name)
  return names.find((name, at) => names.indexOf(name) !== at)
}

const encodeTenantRow = (tenant: Tenant): TenantRow => ({
  tenant: tenant.id,
  name: tenant.name,
  domain: tenant.domain,
  state: tenant.state,
  creation_ms: tenant.creationMs,
  profile: JSON.stringify(tenant.profile ?? {}),
  custom_properties: tenant.customProperties ?? '{}',
})
