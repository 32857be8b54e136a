import { createAccountReads } from './account-operations.ts'
import { createAppReads, createAppWrites } from './app-operations.ts'
import { createAuditReads, createAuditWrites } from './audit-operations.ts'
import { createDeviceRequestReads, createDeviceRequestWrites } from './device-request-operations.ts'
import { createExternalIdReads, createExternalIdWrites } from './external-id-operations.ts'
import { createFamilyReads, createFamilyWrites } from './family-operations.ts'
import { createGroupReads, createGroupWrites } from './group-operations.ts'
import { createInventoryRoleReads, createInventoryRoleWrites } from './inventory-role-operations.ts'
import { createKeyReads, createKeyWrites } from './key-operations.ts'
import { createLeavingTenantWrites } from './leaving-tenants.ts'
import { createObjectLists } from './list-objects.ts'
import { createNotedWrites } from './noted-operation.ts'
import { createPurgeReads, createPurgeWrites } from './purge-operations.ts'
import { createObjectReads } from './read-objects.ts'
import { createRetentionReads, createRetentionWrites } from './retention-operations.ts'
import { createSessionReads, createSessionWrites } from './session-operations.ts'
import { createTenantOptionReads, createTenantOptionWrites } from './tenant-option-operations.ts'
import { createTenantReads, createTenantWrites } from './tenant-operations.ts'
import { createUserReads, createUserWrites } from './user-operations.ts'
import { createObjectWrites } from './write-objects.ts'
import { endlessPatience } from '../parts/tables/patience.ts'
import type { Database } from 'better-sqlite3'
import type { Patience } from '../parts/tables/patience.ts'

/**
 * What changes `registry.db`. Each call must run in a transaction of its own; when it answers a failure, it has
 * changed nothing. The file must have the newest of `registryMigrations`.
 */
export const createRegistryWrites = (db: Database) => {
  const writes = createPlainWrites(db)
  return { ...writes, ...createNotedWrites(db, writes, createSimpleReads(db)) }
}

const createPlainWrites = (db: Database) => ({
  ...createTenantWrites(db),
  ...createTenantOptionWrites(db),
  ...createUserWrites(db),
  ...createAppWrites(db),
  ...createKeyWrites(db),
  ...createSessionWrites(db),
  ...createGroupWrites(db),
  ...createInventoryRoleWrites(db),
  ...createDeviceRequestWrites(db),
  ...createRetentionWrites(db),
  ...createAuditWrites(db),
  ...createObjectWrites(db),
  ...createExternalIdWrites(db),
  ...createFamilyWrites(db),
  ...createPurgeWrites(db),
  ...createLeavingTenantWrites(db),
})

export type RegistryWrites = ReturnType<typeof createRegistryWrites>

/** What only reads `registry.db`, for any number of connections. Queries of the inventory throw `OutOfPatience`. */
export const createRegistryReads = (db: Database, patience: Patience = endlessPatience) => ({
  ...createSimpleReads(db),
  ...createKeyReads(db),
  ...createAccountReads(db),
  ...createSessionReads(db),
  ...createAuditReads(db),
  ...createObjectLists(db, patience),
  ...createExternalIdReads(db),
  ...createFamilyReads(db),
  ...createPurgeReads(db),
})

/** Of one thing by its name, or of the few of a tenant: what shows what a change has changed (`changeShownBy`). */
const createSimpleReads = (db: Database) => ({
  ...createTenantReads(db),
  ...createTenantOptionReads(db),
  ...createUserReads(db),
  ...createAppReads(db),
  ...createGroupReads(db),
  ...createInventoryRoleReads(db),
  ...createDeviceRequestReads(db),
  ...createRetentionReads(db),
  ...createObjectReads(db),
})

export type RegistryReads = ReturnType<typeof createRegistryReads>
