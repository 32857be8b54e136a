import type Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { toManagedObjectId } from '../../../core/identity.ts'
import { t1, t2 } from '../../../ports/registry-samples.contract.ts'
import { countChangedRows, fillFamilies, readCovered } from '../testing/family-rows.ts'
import { readCoveredSets, removeObjectRow, unlinkRow, upTo } from '../testing/family-rows.ts'
import { openRegistryFile } from '../testing/in-process-registry.ts'
import { createCoveredSets } from './covered-sets.ts'
import type { CoveredBounds, FindCovered } from './covered-sets.ts'
import type { TenantId } from '../../../core/identity.ts'

let db: Database.Database

beforeEach(() => {
  db = openRegistryFile(':memory:')
  fillFamilies(db)
})

afterEach(() => {
  db.close()
})

const open = (bounds?: CoveredBounds) => {
  const findCovered = createCoveredSets(db, bounds)
  return (tenant: TenantId, ...roots: readonly number[]): ReturnType<FindCovered> =>
    findCovered(tenant, roots.map(toManagedObjectId))
}

const objectsOf = (number: number | undefined) => readCovered(db, number)

const changed = (): number => countChangedRows(db)

it('a set is found once, whoever asks for it and in whatever order', () => {
  const find = open()
  const number = find(t1, 1, 5, 999)
  expect(objectsOf(number)).toEqual(upTo(1, 10))
  const before = changed()
  expect(find(t1, 1, 5, 999)).toBe(number)
  expect(find(t1, 5, 1)).toBe(number)
  expect(changed()).toBe(before)
  expect(objectsOf(find(t1, 5))).toEqual([5])
  expect(objectsOf(number)).toEqual(upTo(1, 10))
})

it('a change makes the sets of its tenant anew, and no others', () => {
  const find = open()
  const other = find(t2, 101)
  expect(objectsOf(find(t1, 1))).toHaveLength(10)
  unlinkRow(db, 10)
  expect(objectsOf(find(t1, 1))).toEqual(upTo(1, 9))
  const before = changed()
  expect(find(t2, 101)).toBe(other)
  expect(changed()).toBe(before)
})

it('a root that is gone, or is of another tenant, leads nowhere', () => {
  const find = open()
  expect(objectsOf(find(t1, 5))).toEqual([5])
  removeObjectRow(db, 5)
  expect(objectsOf(find(t1, 5))).toEqual([])
  expect(objectsOf(find(t1, 101))).toEqual([])
})

it('what is found in a read that is given up is found anew', () => {
  const find = open()
  const giveUp = db.transaction(() => {
    expect(objectsOf(find(t1, 1))).toHaveLength(10)
    throw new Error('given up')
  })
  expect(giveUp).toThrow('given up')
  expect(objectsOf(find(t1, 1))).toEqual(upTo(1, 10))
})

it('the oldest sets make room, and one that is too large is not kept', () => {
  const find = open({ setsMax: 100, objectsMax: 9 })
  expect(find(t1, 1)).toBeUndefined()
  const before = changed()
  expect(find(t1, 1)).toBeUndefined()
  expect(changed()).toBe(before)
  unlinkRow(db, 10)
  expect(objectsOf(find(t1, 1))).toEqual(upTo(1, 9))
  expect(objectsOf(find(t1, 5))).toEqual([5])
  expect(readCoveredSets(db)).toEqual([['[5]', 1]])
})

it('there are no more sets than there may be', () => {
  const find = open({ setsMax: 2, objectsMax: 100 })
  for (const root of [2, 3, 4]) find(t1, root)
  expect(readCoveredSets(db)).toEqual([
    ['[3]', 1],
    ['[4]', 1],
  ])
})
