import { coveredObjectsMax, keptHierarchiesMax } from '../../../core/limits.ts'
import { idsBelow } from './covered-objects.ts'
import { createFamilyStates } from './family-state.ts'
import type { Database } from 'better-sqlite3'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'
import type { FamilyState } from './family-state.ts'

/**
 * What inventory roles cover, found once and kept until something is linked or unlinked in the tenant: walking over a
 * hierarchy for each page of a list would cost as much as all that hangs there.
 *
 * The sets are in temporary tables of the connection, in memory. What is known of a set is written in the same transaction
 * as its objects, so that neither is there without the other when a read is given up. It is one of a state of the family
 * as the reading transaction sees it: a set of before a change is never used behind it. Whoever has roles on the same
 * objects shares it.
 */
export type FindCovered = (
  tenant: TenantId,
  roots: readonly ManagedObjectId[],
) => number | undefined

export type CoveredBounds = { readonly setsMax: number; readonly objectsMax: number }

const createTables = `
create temp table if not exists covered_set (
  number integer not null primary key,
  tenant text not null,
  roots text not null,
  changes integer not null,
  objects integer not null,
  is_whole integer not null,
  unique (tenant, roots)
) strict;

create temp table if not exists covered_object (
  number integer not null,
  object integer not null,
  primary key (number, object)
) strict, without rowid`

const selectSet = `
  select number, changes, is_whole from temp.covered_set where tenant = @tenant and roots = @roots`

const insertSet = `
  insert into temp.covered_set (tenant, roots, changes, objects, is_whole)
  values (@tenant, @roots, @changes, 0, 0)`

const insertObjects = `
  insert into temp.covered_object (number, object)
  select @number, id from (${idsBelow('@roots')} limit @max)`

const updateSet = `
  update temp.covered_set set objects = @objects, is_whole = @isWhole where number = @number`

const selectSums = `
  select count(*) as sets, total(objects) as objects, min(number) as oldest from temp.covered_set`

const deleteObjects = 'delete from temp.covered_object where number = ?'

const deleteSet = 'delete from temp.covered_set where number = ?'

type Found = { readonly number: number; readonly changes: number; readonly is_whole: number }
type Named = { readonly tenant: TenantId; readonly roots: string }
type Sums = { readonly sets: number; readonly objects: number; readonly oldest: number | null }

/**
 * Answers the number of a set in `temp.covered_object` that has these roots and all below them; it holds until the next
 * call. Undefined for one that is larger than `objectsMax`.
 */
export const createCoveredSets = (
  db: Database,
  { setsMax, objectsMax }: CoveredBounds = bounds,
): FindCovered => {
  db.exec(createTables)
  const stateOf = createFamilyStates(db)
  const find = db.prepare<[Named], Found>(selectSet)
  const sum = db.prepare<[], Sums>(selectSums)
  const make = createMake(db, objectsMax)
  const remove = createRemove(db)
  const keepBounds = (): void => {
    for (;;) {
      const { sets, objects, oldest } = sum.get() ?? nothing
      if (oldest === null || (sets <= setsMax && objects <= objectsMax)) return
      remove(oldest)
    }
  }
  return (tenant, roots) => {
    const state = stateOf(tenant, roots)
    const known = find.get({ tenant, roots: state.roots })
    if (known?.changes === state.changes) return known.is_whole === 1 ? known.number : undefined
    if (known !== undefined) remove(known.number)
    const number = make({ tenant, ...state })
    keepBounds()
    return number
  }
}

const bounds: CoveredBounds = { setsMax: keptHierarchiesMax, objectsMax: coveredObjectsMax }

const nothing: Sums = { sets: 0, objects: 0, oldest: null }

type NewSet = Named & FamilyState

/** That a set is too large is kept too, so that it is not walked over in vain until something changes. */
const createMake = (db: Database, objectsMax: number) => {
  const insert = db.prepare<[NewSet]>(insertSet)
  const insertInto =
    db.prepare<[Named & { readonly number: number; readonly max: number }]>(insertObjects)
  const update =
    db.prepare<[{ readonly number: number; readonly objects: number; readonly isWhole: number }]>(
      updateSet,
    )
  const removeObjects = db.prepare<[number]>(deleteObjects)
  return (set: NewSet): number | undefined => {
    const number = Number(insert.run(set).lastInsertRowid)
    const objects = insertInto.run({ ...set, number, max: objectsMax + 1 }).changes
    const isWhole = objects <= objectsMax
    if (isWhole) update.run({ number, objects, isWhole: 1 })
    else removeObjects.run(number)
    return isWhole ? number : undefined
  }
}

const createRemove = (db: Database): ((number: number) => void) => {
  const removeObjects = db.prepare<[number]>(deleteObjects)
  const removeSet = db.prepare<[number]>(deleteSet)
  return (number) => {
    removeObjects.run(number)
    removeSet.run(number)
  }
}
