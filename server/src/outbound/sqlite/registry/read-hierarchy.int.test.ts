import type Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { coveredKinds } from '../../../core/grants.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { t1, t2 } from '../../../ports/registry-samples.contract.ts'
import { fillFamilies, removeObjectRow, upTo } from '../testing/family-rows.ts'
import { stopCountingChanges, unlinkRow } from '../testing/family-rows.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createHierarchies } from './read-hierarchy.ts'
import type { KeptBounds } from './read-hierarchy.ts'
import type { TenantId } from '../../../core/identity.ts'

let db: Database.Database

beforeEach(() => {
  db = openRegistryFile(':memory:')
  fillFamilies(db)
})

afterEach(() => {
  db.close()
})

const open = (bounds?: KeptBounds) => {
  const hierarchies = createHierarchies(db, bounds)
  return (tenant: TenantId, root: number, max = 100): readonly number[] =>
    hierarchies(tenant, [toManagedObjectId(root)], coveredKinds, max)
}

it('a hierarchy is kept until its tenant changes', () => {
  const read = open()
  expect(read(t1, 1)).toEqual(upTo(1, 10))
  expect(read(t1, 1, 3)).toEqual([1, 2, 3])
  expect(read(t2, 101)).toEqual(upTo(101, 110))
  unlinkRow(db, 10)
  expect(read(t1, 1)).toEqual(upTo(1, 9))
  stopCountingChanges(db)
  unlinkRow(db, 9)
  unlinkRow(db, 110)
  expect(read(t1, 1)).toEqual(upTo(1, 9))
  expect(read(t2, 101)).toEqual(upTo(101, 110))
  expect(read(t1, 1, 99)).toEqual(upTo(1, 8))
})

it('a root that is gone, or is of another tenant, leads nowhere', () => {
  const read = open()
  expect(read(t1, 5)).toEqual([5])
  removeObjectRow(db, 5)
  expect(read(t1, 5)).toEqual([])
  expect(read(t1, 101)).toEqual([])
})

it.each([
  { hierarchiesMax: 1, idsMax: 100 },
  { hierarchiesMax: 100, idsMax: 10 },
])('beyond %j the oldest are read anew', (bounds) => {
  const read = open(bounds)
  read(t1, 1)
  read(t1, 5)
  stopCountingChanges(db)
  unlinkRow(db, 10)
  expect(read(t1, 1)).toEqual(upTo(1, 9))
})
