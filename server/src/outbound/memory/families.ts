import { invalid, notFound, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { childText, createFamily } from '../../core/family.ts'
import type { ChildKind, ChildLink, ChildReference, Link, Relation } from '../../core/family.ts'
import type { ManagedObjectId, TenantId } from '../../core/identity.ts'
import { isVisibleTo } from '../../core/managed-object.ts'
import type { Inventory, Relatives, RelativesRequest } from '../../ports/inventory.ts'
import { referenceKey } from './registry-state.ts'
import type { RegistryState, TenantState } from './registry-state.ts'

/** Parents and children in memory. */
export const createMemoryFamilies = (
  state: RegistryState,
): Pick<
  Inventory,
  'linkChildren' | 'unlinkChildren' | 'readRelatives' | 'readHierarchy' | 'readLinksAbove'
> => ({
  linkChildren: (tenant, to, children) =>
    Promise.resolve(linkChildren(state.tenants.get(tenant), to, children)),
  unlinkChildren: (tenant, from, children) =>
    Promise.resolve(unlinkChildren(state.tenants.get(tenant), from, children)),
  readRelatives: (tenant, ids, wanted) =>
    Promise.resolve(success(readRelatives(state.tenants.get(tenant), ids, wanted))),
  readHierarchy: (tenant, roots, kinds, max) =>
    Promise.resolve(success(readHierarchy(state, { tenant, roots, kinds, max }))),
  readLinksAbove: (tenant, ids, kinds, max) =>
    Promise.resolve(success(readLinksAbove(state.tenants.get(tenant), ids, kinds).slice(0, max))),
})

export const link = (home: TenantState, reference: ChildReference): void => {
  home.references.set(referenceKey(reference), reference)
}

const linkChildren = (
  home: TenantState | undefined,
  to: ChildLink,
  children: readonly ManagedObjectId[],
): Result<void> => {
  const missing = [to.parent, ...children].find((id) => home?.objects.has(id) !== true)
  if (home === undefined || missing !== undefined) {
    return notFound('managed-object', missing ?? to.parent)
  }
  if (children.includes(to.parent)) return invalid('managedObject', 'must not be its own child')
  for (const child of children) link(home, { ...to, child })
  return success(undefined)
}

const unlinkChildren = (
  home: TenantState | undefined,
  from: ChildLink,
  children: readonly ManagedObjectId[],
): Result<void> => {
  const missing = [from.parent, ...children].find((id) => home?.objects.has(id) !== true)
  if (home === undefined || missing !== undefined) {
    return notFound('managed-object', missing ?? from.parent)
  }
  const keyOf = (child: ManagedObjectId): string => referenceKey({ ...from, child })
  const stranger = children.find((child) => !home.references.has(keyOf(child)))
  if (stranger !== undefined) return notFound('child', childText(stranger, from.parent))
  for (const child of children) home.references.delete(keyOf(child))
  return success(undefined)
}

const readRelatives = (
  home: TenantState | undefined,
  ids: readonly ManagedObjectId[],
  { relations, eachMax, withCount, visibleTo }: RelativesRequest,
): readonly Relatives[] => {
  const family = createFamily([...(home?.references.values() ?? [])])
  const relativesOf = (of: ManagedObjectId, { to, kind }: Relation) =>
    to === 'children' ? family.childrenOf(of, [kind]) : family.parentsOf(of, [kind])
  return ids.flatMap((of) =>
    relations.map((relation) => {
      const seen = relativesOf(of, relation)
        .flatMap((id) => home?.objects.get(id) ?? [])
        .filter((object) => visibleTo === undefined || isVisibleTo(visibleTo, object, family))
      const relatives = seen.slice(0, eachMax).map(({ id, name }) => ({ id, name }))
      return { of, relation, relatives, count: withCount ? seen.length : undefined }
    }),
  )
}

type HierarchyRequest = {
  readonly tenant: TenantId
  readonly roots: readonly ManagedObjectId[]
  readonly kinds: readonly ChildKind[]
  readonly max: number
}

const readHierarchy = (
  state: RegistryState,
  { tenant, roots, kinds, max }: HierarchyRequest,
): readonly ManagedObjectId[] => {
  const home = state.tenants.get(tenant)
  if (home === undefined) return []
  const family = createFamily([...home.references.values()])
  const found = new Set<ManagedObjectId>()
  let level = new Set(roots.filter((id) => home.objects.has(id)))
  while (level.size > 0) {
    const ordered = [...level].sort((left, right) => left - right)
    for (const id of ordered) found.add(id)
    const below = ordered.flatMap((id) => family.childrenOf(id, kinds))
    level = new Set(below.filter((id) => !found.has(id)))
  }
  return [...found].slice(0, max)
}

const readLinksAbove = (
  home: TenantState | undefined,
  ids: readonly ManagedObjectId[],
  kinds: readonly ChildKind[],
): readonly Link[] => {
  const family = createFamily([...(home?.references.values() ?? [])])
  const links: Link[] = []
  const known = new Set<ManagedObjectId>(ids)
  let level = [...known]
  while (level.length > 0) {
    const found = level
      .sort((left, right) => left - right)
      .flatMap((child) => family.parentsOf(child, kinds).map((parent) => ({ child, parent })))
    level = [...new Set(found.map(({ parent }) => parent))].filter((id) => !known.has(id))
    for (const id of level) known.add(id)
    links.push(...found)
  }
  return links
}
