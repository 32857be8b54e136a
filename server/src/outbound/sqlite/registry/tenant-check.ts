import type { Database } from 'better-sqlite3'
import type { TenantId } from '../../../core/identity.ts'

const selectTenant = 'select 1 from tenant where tenant = ?'

/** Whether the tenant exists, inside the transaction that is going to give it something. */
export const createTenantCheck = (db: Database): ((tenant: TenantId) => boolean) => {
  const select = db.prepare<[string]>(selectTenant)
  return (tenant) => select.get(tenant) !== undefined
}
