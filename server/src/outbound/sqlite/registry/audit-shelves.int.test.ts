import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shelfRecordsMax } from '../../../core/audit.ts'
import { auditRecordsTrimmed } from '../../../core/limits.ts'
import { t1, t2 } from '../../../ports/registry-samples.contract.ts'
import { fillAudit, insertTwoTenants, readFirstId, readShelves } from '../testing/audit-rows.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createAuditInsert, createAuditWrites } from './audit-operations.ts'
import { registryMigrations } from './registry-migrations.ts'
import type { AuditShelf } from '../../../core/audit.ts'

let db: Database.Database

beforeEach(() => {
  db = new Database(':memory:')
})

afterEach(() => {
  db.close()
})

/** What is kept count of, which must be what there is. */
const shelves = (): readonly unknown[] => {
  const { kept, counted } = readShelves(db)
  expect(kept).toEqual(counted)
  return kept
}

const recordOn = (shelf: AuditShelf) => ({
  ...{ tenant: t1, shelf, type: 'User', activity: 'a', text: 't', source: 's' },
  ...{ time: { ms: 0, offsetMinutes: 0 }, user: undefined, application: undefined },
  ...{ severity: undefined, fragments: [] },
})

it('records of before are put on the shelf of their type, and counted', () => {
  for (const { format, sql } of registryMigrations) {
    if (format === 6) {
      db.exec(insertTwoTenants)
      fillAudit(db, { tenant: 't1', type: 'User', records: 3, hasShelf: false })
      fillAudit(db, { tenant: 't1', type: 'Inventory', records: 2, hasShelf: false })
      fillAudit(db, { tenant: 't2', type: 'Door', records: 1, hasShelf: false })
      fillAudit(db, { tenant: 't2', type: 'User', records: 1, hasShelf: false })
    }
    db.exec(sql)
  }
  expect(shelves()).toEqual([
    ['t1', 'Inventory', 2],
    ['t1', 'User', 3],
    ['t2', 'User', 1],
    ['t2', 'client', 1],
  ])
})

it('a full shelf lets go of its first, and the others of nothing', () => {
  db.close()
  db = openRegistryFile(':memory:')
  db.exec(insertTwoTenants)
  const max = shelfRecordsMax('User')
  fillAudit(db, { tenant: 't1', type: 'User', records: max })
  fillAudit(db, { tenant: 't1', type: 'Group', records: 1 })
  fillAudit(db, { tenant: 't2', type: 'User', records: 1 })
  const insert = createAuditInsert(db)
  expect(insert(recordOn('User'), 0)?.ok).toBe(true)
  expect(insert(recordOn('Group'), 0)?.ok).toBe(true)
  const kept = max + 1 - auditRecordsTrimmed
  expect(shelves()).toEqual([
    ['t1', 'Group', 2],
    ['t1', 'User', kept],
    ['t2', 'User', 1],
  ])
  expect(readFirstId(db, 'User')).toBe(auditRecordsTrimmed + 1)
  createAuditWrites(db).deleteAuditRecords(t2, {})
  expect(shelves()).toHaveLength(2)
})
