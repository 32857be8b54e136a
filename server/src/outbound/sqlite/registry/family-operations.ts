import { invalid, notFound, success } from '../../../core/failure.ts'
import { childText } from '../../../core/family.ts'
import { toManagedObjectId } from '../../../core/identity.ts'
import { createHierarchies } from './read-hierarchy.ts'
import { createRelativeReads } from './read-relatives.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { ChildKind, ChildLink, Link } from '../../../core/family.ts'
import type { ManagedObjectId, TenantId } from '../../../core/identity.ts'
import type { Relatives, RelativesRequest } from '../../../ports/inventory.ts'

const insertReference = `
  insert or ignore into child_reference (tenant, parent, kind, child)
  values (@tenant, @parent, @kind, @child)`

const deleteReference = `
  delete from child_reference
  where tenant = @tenant and parent = @parent and kind = @kind and child = @child`

const selectReference = `
  select 1 from child_reference
  where tenant = @tenant and parent = @parent and kind = @kind and child = @child`

const deleteFromParents = `
  delete from child_reference where (tenant, parent, kind, child) in
    (select tenant, parent, kind, child from child_reference indexed by child_reference_by_child
      where tenant = ? and child = ?)`

const deleteOfParent = 'delete from child_reference where tenant = ? and parent = ?'

const selectAbove = `
  select distinct r.child, r.parent
  from json_each(@ids) c cross join child_reference r indexed by child_reference_by_child
  where r.tenant = @tenant and r.child = c.value
    and r.kind in (select value from json_each(@kinds))
  order by r.child, r.parent limit @max`

type ReferenceRow = ChildLink & { readonly tenant: string; readonly child: number }

export const createFamilyReads = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const readRelatives = createRelativeReads(db)
  const readLevels = createHierarchies(db)
  const readAbove = createLinksAbove(db)
  return {
    readRelatives: (
      tenant: TenantId,
      ids: readonly ManagedObjectId[],
      wanted: RelativesRequest,
    ): Result<readonly Relatives[]> =>
      success(readRelatives(hasTenant(tenant) ? tenant : undefined, ids, wanted)),
    readHierarchy: (
      tenant: TenantId,
      roots: readonly ManagedObjectId[],
      kinds: readonly ChildKind[],
      max: number,
    ): Result<readonly ManagedObjectId[]> =>
      success(hasTenant(tenant) ? readLevels(tenant, roots, kinds, max) : []),
    readLinksAbove: (
      tenant: TenantId,
      ids: readonly ManagedObjectId[],
      kinds: readonly ChildKind[],
      max: number,
    ): Result<readonly Link[]> =>
      success(hasTenant(tenant) ? readAbove(tenant, ids, kinds, max) : []),
  }
}

type Level = { readonly tenant: string; readonly ids: string; readonly kinds: string }

const createLinksAbove = (db: Database) => {
  const above = db.prepare<
    [Level & { readonly max: number }],
    { readonly child: number; readonly parent: number }
  >(selectAbove)
  return (
    tenant: TenantId,
    ids: readonly ManagedObjectId[],
    kinds: readonly ChildKind[],
    max: number,
  ): readonly Link[] => {
    const links: Link[] = []
    const known = new Set<number>(ids)
    let level: readonly number[] = [...known]
    while (level.length > 0 && links.length < max) {
      const asked = { tenant, ids: JSON.stringify(level), kinds: JSON.stringify(kinds) }
      const found = above.all({ ...asked, max: max - links.length })
      level = [...new Set(found.map(({ parent }) => parent).filter((id) => !known.has(id)))]
      for (const id of level) known.add(id)
      for (const { child, parent } of found) {
        links.push({ child: toManagedObjectId(child), parent: toManagedObjectId(parent) })
      }
    }
    return links
  }
}

export const createFamilyWrites = (db: Database) => {
  const table = createReferenceTable(db)
  const hasTenant = createTenantCheck(db)
  const existing = db.prepare<[string, number]>(
    'select 1 from managed_object where tenant = ? and id = ?',
  )
  const firstMissing = (tenant: TenantId, ids: readonly ManagedObjectId[]) =>
    ids.find((id) => !hasTenant(tenant) || existing.get(tenant, id) === undefined)
  return {
    linkChildren: (
      tenant: TenantId,
      to: ChildLink,
      children: readonly ManagedObjectId[],
    ): Result<void> => {
      const missing = firstMissing(tenant, [to.parent, ...children])
      if (missing !== undefined) return notFound('managed-object', missing)
      if (children.includes(to.parent)) return invalid('managedObject', 'must not be its own child')
      table.link(tenant, to, children)
      return success(undefined)
    },
    unlinkChildren: (
      tenant: TenantId,
      from: ChildLink,
      children: readonly ManagedObjectId[],
    ): Result<void> => {
      const missing = firstMissing(tenant, [from.parent, ...children])
      if (missing !== undefined) return notFound('managed-object', missing)
      const stranger = children.find((child) => !table.isLinked(tenant, from, child))
      if (stranger !== undefined) return notFound('child', childText(stranger, from.parent))
      table.unlink(tenant, from, children)
      return success(undefined)
    },
  }
}

/** What the operations on references and on whole objects share. */
export const createReferenceTable = (db: Database) => {
  const insert = db.prepare<[ReferenceRow]>(insertReference)
  const remove = db.prepare<[ReferenceRow]>(deleteReference)
  const select = db.prepare<[ReferenceRow]>(selectReference)
  const removeFromParents = db.prepare<[string, number]>(deleteFromParents)
  const removeOfParent = db.prepare<[string, number]>(deleteOfParent)
  type Children = readonly ManagedObjectId[]
  return {
    isLinked: (tenant: TenantId, to: ChildLink, child: ManagedObjectId): boolean =>
      select.get({ ...to, tenant, child }) !== undefined,
    link: (tenant: TenantId, to: ChildLink, children: Children): void => {
      for (const child of children) insert.run({ ...to, tenant, child })
    },
    unlink: (tenant: TenantId, from: ChildLink, children: Children): void => {
      for (const child of children) remove.run({ ...from, tenant, child })
    },
    /** All references to and from an object. */
    removeAll: (tenant: TenantId, object: ManagedObjectId): void => {
      removeFromParents.run(tenant, object)
      removeOfParent.run(tenant, object)
    },
  }
}
