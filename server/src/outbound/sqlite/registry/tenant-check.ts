import type { Database } from 'better-sqlite3'
import type { TenantId } from '../../../core/identity.ts'

const selectTenant = 'select 1 from tenant where tenant = ?'

/**
 * Whether the tenant exists, in the transaction that gives it something or looks for what it has: rows of a tenant that
 * is gone may still be there (`leaving-tenants.ts`).
 */
export const createTenantCheck = (db: Database): ((tenant: TenantId) => boolean) => {
  const select = db.prepare<[string]>(selectTenant)
  return (tenant) => select.get(tenant) !== undefined
}
