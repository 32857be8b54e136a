import type { ManagedObjectId } from './identity.ts'

/** How one managed object belongs to another (docs/protocols/cumulocity.md, 6.1). */
export const childKinds = ['device', 'asset', 'addition'] as const

export type ChildKind = (typeof childKinds)[number]

/** Where children hang: a parent, and how they belong to it. */
export type ChildLink = {
  readonly parent: ManagedObjectId
  readonly kind: ChildKind
}

/** One child at one parent. The same two objects may be linked once in each kind, and a child may have many parents. */
export type ChildReference = ChildLink & { readonly child: ManagedObjectId }

/** That one hangs below the other, in whatever kind. */
export type Link = Omit<ChildReference, 'kind'>

/** One of the six lists that every managed object has. */
export type Relation = {
  readonly to: 'children' | 'parents'
  readonly kind: ChildKind
}

/** Who belongs to whom in one tenant. */
export type Family = {
  readonly childrenOf: (parent: ManagedObjectId, kinds: readonly ChildKind[]) => Ids
  readonly parentsOf: (child: ManagedObjectId, kinds: readonly ChildKind[]) => Ids
  /** The objects themselves and everything below them, each once, however it is reached. */
  readonly hierarchyOf: (roots: Ids, kinds: readonly ChildKind[]) => ReadonlySet<ManagedObjectId>
}

type Ids = readonly ManagedObjectId[]

/** The reference meaning of parents, children and hierarchies: every inventory must agree with it. */
export const createFamily = (references: readonly ChildReference[]): Family => {
  const byParent = groupBy(references, ({ parent }) => parent)
  const byChild = groupBy(references, ({ child }) => child)
  const childrenOf: Family['childrenOf'] = (parent, kinds) =>
    ascending(ofKinds(byParent.get(parent), kinds).map(({ child }) => child))
  return {
    childrenOf,
    parentsOf: (child, kinds) =>
      ascending(ofKinds(byChild.get(child), kinds).map(({ parent }) => parent)),
    hierarchyOf: (roots, kinds) => {
      const found = new Set(roots)
      // A set is walked in the order of arrival, also over what is added meanwhile.
      for (const id of found) for (const child of childrenOf(id, kinds)) found.add(child)
      return found
    },
  }
}

const groupBy = (
  references: readonly ChildReference[],
  keyOf: (reference: ChildReference) => ManagedObjectId,
): ReadonlyMap<ManagedObjectId, readonly ChildReference[]> => {
  const groups = new Map<ManagedObjectId, ChildReference[]>()
  for (const reference of references) {
    const group = groups.get(keyOf(reference))
    if (group === undefined) groups.set(keyOf(reference), [reference])
    else group.push(reference)
  }
  return groups
}

const ofKinds = (
  references: readonly ChildReference[] | undefined,
  kinds: readonly ChildKind[],
): readonly ChildReference[] => (references ?? []).filter(({ kind }) => kinds.includes(kind))

/** Each once. */
const ascending = (ids: Ids): Ids => [...new Set(ids)].sort((left, right) => left - right)

/** How an absent reference is written where a failure names it. */
export const childText = (child: ManagedObjectId, parent: ManagedObjectId): string =>
  `${child}/${parent}`
