import Database from 'better-sqlite3'
import { createSqliteAccounts } from '../accounts.ts'
import { callInThisThread } from './decode-in-process-call.ts'
import { createSqliteInventory } from '../inventory.ts'
import { createRegistryCaches } from '../registry-caches.ts'
import { registryMigrations } from '../registry/registry-migrations.ts'
import { createRegistryReads, createRegistryWrites } from '../registry/registry-operations.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { OpenRegistry } from '../../../ports/registry-samples.contract.ts'
import type { RegistryCalls } from '../registry-calls.ts'

/** The operations on one connection in this thread, each write in a transaction, behind structured clone. */
export const openInProcess = (clock: Clock, path = ':memory:'): OpenRegistry => {
  const db = openRegistryFile(path)
  const calls = callInProcess(db)
  const caches = createRegistryCaches()
  return {
    inventory: createSqliteInventory(calls, caches, clock),
    accounts: createSqliteAccounts(calls, caches, clock),
    close: () => {
      db.close()
      return Promise.resolve()
    },
  }
}

export const openRegistryFile = (path: string): Database.Database => {
  const db = new Database(path)
  db.pragma('foreign_keys = on')
  const found = Number(db.pragma('user_version', { simple: true }))
  for (const { format, sql } of registryMigrations) {
    if (format > found) db.exec(sql)
    db.pragma(`user_version = ${format}`)
  }
  return db
}

export const callInProcess = (db: Database.Database): RegistryCalls => ({
  write: callInThisThread(createRegistryWrites(db), (job) => db.transaction(job)()),
  read: callInThisThread(createRegistryReads(db), (job) => job()),
})

const tenantTables = [
  'managed_object',
  'managed_object_fragment',
  'external_id',
  'user',
  'child_reference',
] as const

/** How many rows lie in the tables of which a tenant may have many, objects first. */
export const countTenantRows = (db: Database.Database): readonly number[] =>
  tenantTables.map((table) => Number(db.prepare(`select count(*) from ${table}`).pluck().get()))
