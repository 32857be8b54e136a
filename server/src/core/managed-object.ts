import type { Fragments } from './fragments.ts'
import type { ManagedObjectId, TenantId, UserName } from './identity.ts'

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
  /** Only what a user may see who has no inventory role: its own objects and those with `c8y_Global`. */
  readonly visibleTo?: UserName
}
