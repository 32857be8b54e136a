import { invalid, success } from './failure.ts'
import { childKinds } from './family.ts'
import type { ChildKind, ChildLink, Family } from './family.ts'
import type { Result } from './failure.ts'
import { fitsOneBody, mergeFragments, outgrown } from './fragments.ts'
import type { Fragments } from './fragments.ts'
import { hasWords } from './has-words.ts'
import type { ManagedObjectId, TenantId, UserName } from './identity.ts'
import { meetsCondition } from './object-query.ts'
import type { ObjectQuery } from './object-query.ts'
import { isCoveredFor } from './viewer.ts'
import type { Viewer } from './viewer.ts'

/** Anything that events can come from: a device, a group, an asset. */
export type ManagedObject = {
  readonly tenant: TenantId
  readonly id: ManagedObjectId
  readonly name: string | undefined
  readonly type: string | undefined
  /** The user that may do everything with the object and its events; normally its creator. */
  readonly owner: UserName | undefined
  readonly creationMs: number
  readonly lastUpdatedMs: number
  readonly fragments: Fragments
}

export type ManagedObjectDraft = {
  readonly name: string | undefined
  readonly type: string | undefined
  readonly fragments: Fragments
  /** Bound in the same transaction; the whole creation fails when one is taken. */
  readonly externalIds: readonly ExternalId[]
}

/** `undefined` leaves a field, `null` removes it. A fragment whose value is `null` is removed. */
export type ManagedObjectChange = {
  readonly name: string | null | undefined
  readonly type: string | null | undefined
  readonly owner: UserName | null | undefined
  readonly fragments: Fragments
}

/** A name that the outside world has for an object. One pair of type and id belongs to one object. */
export type ExternalId = {
  readonly type: string
  readonly externalId: string
}

/** All conditions must hold (docs/protocols/cumulocity.md, 6.1). */
export type ManagedObjectFilter = {
  readonly ids?: readonly ManagedObjectId[]
  readonly type?: string
  readonly fragmentType?: string
  readonly owner?: UserName
  /** Words, each of which must occur, whatever the case, in id, type, name, owner or an external id. */
  readonly text?: string
  /** Only what somebody may see who may not read everything: `isVisibleTo`. */
  readonly visibleTo?: Viewer
  /** Directly below this parent, in this kind. */
  readonly childOf?: ChildLink
  /** Has this object as a child, in this kind. */
  readonly parentOf?: { readonly child: ManagedObjectId; readonly kind: ChildKind }
  /** Nobody's child; with `visibleTo`, nobody's whom that user may see. */
  readonly onlyRoots?: true
  /** What the query language says; its order is that of the list, and a count ignores it. */
  readonly query?: ObjectQuery
}

/** What a filter looks at around an object. */
export type Surroundings = {
  readonly externalIds: readonly ExternalId[]
  readonly family: Family
  readonly find: (id: ManagedObjectId) => ManagedObject | undefined
}

/** The reference meaning of a filter: every inventory must agree with it. */
export const matchesManagedObject = (
  filter: ManagedObjectFilter,
  object: ManagedObject,
  around: Surroundings,
): boolean =>
  isNamed(filter, object, around.externalIds) &&
  isPlaced(filter, object, around) &&
  (filter.query?.condition === undefined ||
    meetsCondition(filter.query.condition, object, around.family))

const isNamed = (
  filter: ManagedObjectFilter,
  object: ManagedObject,
  externalIds: readonly ExternalId[],
): boolean =>
  (filter.ids === undefined || filter.ids.includes(object.id)) &&
  (filter.type === undefined || filter.type === object.type) &&
  (filter.fragmentType === undefined || hasFragment(object, filter.fragmentType)) &&
  (filter.owner === undefined || filter.owner === object.owner) &&
  (filter.text === undefined || hasWords(filter.text, searchedText(object, externalIds)))

const isPlaced = (
  filter: ManagedObjectFilter,
  object: ManagedObject,
  { family, find }: Surroundings,
): boolean =>
  isSeen(filter.visibleTo, object, family) &&
  (filter.childOf === undefined ||
    family.parentsOf(object.id, [filter.childOf.kind]).includes(filter.childOf.parent)) &&
  (filter.parentOf === undefined ||
    family.childrenOf(object.id, [filter.parentOf.kind]).includes(filter.parentOf.child)) &&
  (filter.onlyRoots === undefined ||
    !family
      .parentsOf(object.id, childKinds)
      .some((parent) => isSeen(filter.visibleTo, find(parent), family)))

const isSeen = (
  viewer: Viewer | undefined,
  object: ManagedObject | undefined,
  family: Family,
): boolean => object !== undefined && (viewer === undefined || isVisibleTo(viewer, object, family))

/** What makes a managed object a device, and what a group of them (docs/protocols/cumulocity.md, 6.1). */
export const deviceFragment = 'c8y_IsDevice'
export const groupFragment = 'c8y_IsDeviceGroup'

/** An object with this fragment may be seen by every user (docs/protocols/cumulocity.md, 5.5). */
export const globalFragment = 'c8y_Global'

/** What a user may see who has no role that reads everything: what is its own, is global, or was given to it. */
export const isVisibleTo = (viewer: Viewer, object: ManagedObject, family: Family): boolean =>
  object.owner === viewer.user ||
  hasFragment(object, globalFragment) ||
  isCoveredFor(viewer, object.id, family)

const hasFragment = (object: ManagedObject, name: string): boolean =>
  object.fragments.some((fragment) => fragment.name === name)

/** What a `text` filter looks through; line feeds keep a word from matching across two fields. */
const searchedText = (
  object: Pick<ManagedObject, 'id' | 'type' | 'name' | 'owner'>,
  externalIds: readonly Pick<ExternalId, 'externalId'>[],
): string =>
  [
    String(object.id),
    object.type ?? '',
    object.name ?? '',
    object.owner ?? '',
    ...externalIds.map(({ externalId }) => externalId),
  ].join('\n')

/**
 * Puts a partial update at top level into force. An object must not outgrow by many small updates what one creation may
 * hold: fails with `invalid` beyond `fragmentsMax`, or beyond the size of the largest body.
 */
export const changeManagedObject = (
  old: ManagedObject,
  change: ManagedObjectChange,
  nowMs: number,
): Result<ManagedObject> => {
  const name = change.name === undefined ? old.name : (change.name ?? undefined)
  const type = change.type === undefined ? old.type : (change.type ?? undefined)
  const owner = change.owner === undefined ? old.owner : (change.owner ?? undefined)
  const fragments = mergeFragments(old.fragments, change.fragments)
  return fitsOneBody(fragments, name?.length ?? 0)
    ? success({ ...old, name, type, owner, fragments, lastUpdatedMs: nowMs })
    : invalid('', outgrown('a managed object'))
}

/** How an external id is written where a failure names it. */
export const externalIdText = ({ type, externalId }: ExternalId): string => `${type}/${externalId}`
