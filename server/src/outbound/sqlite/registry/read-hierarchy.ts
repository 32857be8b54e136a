import { keptHierarchiesMax, keptHierarchyObjectsMax } from '../../../core/limits.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { createFamilyStates } from './family-state.ts'
import type { Database } from 'better-sqlite3'
import type { ChildKind } from '../../../core/family.ts'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'

const selectBelow = `
  select distinct r.child as id
  from json_each(@ids) p cross join child_reference r
  where r.tenant = @tenant and r.parent = p.value
    and r.kind in (select value from json_each(@kinds))
  order by id`

type Ids = readonly ManagedObjectId[]

type Kept = { readonly changes: number; readonly ids: Ids }

export type KeptBounds = { readonly hierarchiesMax: number; readonly idsMax: number }

/**
 * The hierarchies that were read last are kept in memory, because a list of events asks for the same one page after page;
 * each counts as one of the state of the family that it was read in (family-state.ts).
 */
export const createHierarchies = (
  db: Database,
  { hierarchiesMax, idsMax }: KeptBounds = bounds,
) => {
  const stateOf = createFamilyStates(db)
  const walk = createWalk(db)
  const kept = new Map<string, Kept>()
  let keptIds = 0
  const drop = (key: string): void => {
    keptIds -= kept.get(key)?.ids.length ?? 0
    kept.delete(key)
  }
  const keep = (key: string, hierarchy: Kept): void => {
    kept.set(key, hierarchy)
    keptIds += hierarchy.ids.length
    // A map is walked in the order of arrival.
    for (const oldest of kept.keys()) {
      if (kept.size <= hierarchiesMax && keptIds <= idsMax) return
      drop(oldest)
    }
  }
  return (tenant: TenantId, roots: Ids, kinds: readonly ChildKind[], max: number): Ids => {
    const state = stateOf(tenant, roots)
    const key = JSON.stringify([tenant, state.roots, kinds, max])
    const known = kept.get(key)
    if (known?.changes === state.changes) return known.ids
    drop(key)
    const ids = walk({ tenant, roots: state.roots, kinds: JSON.stringify(kinds), max })
    keep(key, { changes: state.changes, ids })
    return ids
  }
}

const bounds: KeptBounds = { hierarchiesMax: keptHierarchiesMax, idsMax: keptHierarchyObjectsMax }

type Walk = {
  readonly tenant: TenantId
  readonly roots: string
  readonly kinds: string
  readonly max: number
}

/** Level by level and not by one recursive statement, whose order SQLite does not promise. */
const createWalk = (db: Database) => {
  const existing = db.prepare<[{ readonly roots: string }], { readonly id: number }>(
    'select value as id from json_each(@roots)',
  )
  const below = db.prepare<
    [{ readonly tenant: string; readonly ids: string; readonly kinds: string }],
    { readonly id: number }
  >(selectBelow)
  return ({ tenant, roots, kinds, max }: Walk): Ids => {
    const found = new Set<number>()
    let level = existing.all({ roots })
    while (level.length > 0 && found.size < max) {
      for (const { id } of level) found.add(id)
      const ids = JSON.stringify(level.map(({ id }) => id))
      level = below.all({ tenant, ids, kinds }).filter(({ id }) => !found.has(id))
    }
    return [...found].slice(0, max).map(toManagedObjectId)
  }
}
