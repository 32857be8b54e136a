import { mayChangeExternalIdsOf, mayReadExternalIdsOf } from '../core/access.ts'
import type { Owned, Principal } from '../core/access.ts'
import { admitExternalId } from '../core/admit-managed-object.ts'
import { denied, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import { externalIdText } from '../core/managed-object.ts'
import type { ExternalId } from '../core/managed-object.ts'
import type { Inventory } from '../ports/inventory.ts'

export type BoundExternalId = ExternalId & { readonly object: ManagedObjectId }

/** The names that the outside world has for the objects of the caller's tenant. Ok means on disk. */
export type ManageIdentity = {
  /** Fails with `not-found` (global-id) and `forbidden`. */
  readonly list: (
    principal: Principal,
    object: ManagedObjectId,
  ) => Promise<Result<readonly ExternalId[]>>

  /** Fails with `invalid`, `not-found` (global-id), `forbidden` and `conflict` (external-id). */
  readonly bind: (
    principal: Principal,
    object: ManagedObjectId,
    externalId: ExternalId,
  ) => Promise<Result<void>>

  /** Fails with `not-found` (external-id) and `forbidden`. */
  readonly resolve: (
    principal: Principal,
    externalId: ExternalId,
  ) => Promise<Result<ManagedObjectId>>

  /** Those of the pairs that are bound and that the caller may see, in their order. */
  readonly search: (
    principal: Principal,
    externalIds: readonly ExternalId[],
  ) => Promise<Result<readonly BoundExternalId[]>>

  /** Fails with `not-found` (external-id) and `forbidden`. */
  readonly unbind: (principal: Principal, externalId: ExternalId) => Promise<Result<void>>
}

export const createManageIdentity = (inventory: Inventory): ManageIdentity => ({
  list: async (principal, object) => {
    const owned = await findOwned(inventory, principal, object)
    if (!owned.ok) return owned
    if (!mayReadExternalIdsOf(principal, owned.value)) return denied
    return asGlobalId(await inventory.listExternalIds(principal.tenant, object))
  },

  bind: async (principal, object, externalId) => {
    const admitted = admitExternalId(externalId)
    if (!admitted.ok) return admitted
    const owned = await findOwned(inventory, principal, object)
    if (!owned.ok) return owned
    if (!mayChangeExternalIdsOf(principal, owned.value)) return denied
    return asGlobalId(await inventory.bindExternalId(principal.tenant, object, externalId))
  },

  resolve: (principal, externalId) =>
    resolveIf(inventory, principal, externalId, mayReadExternalIdsOf),

  search: async (principal, externalIds) => {
    if (principal.kind !== 'user') return denied
    const found: BoundExternalId[] = []
    for (const externalId of externalIds) {
      const object = await resolveIf(inventory, principal, externalId, mayReadExternalIdsOf)
      if (object.ok) found.push({ ...externalId, object: object.value })
      else if (object.failure.kind === 'unavailable') return object
    }
    return success(found)
  },

  unbind: async (principal, externalId) => {
    const object = await resolveIf(inventory, principal, externalId, mayChangeExternalIdsOf)
    return object.ok ? inventory.unbindExternalId(principal.tenant, externalId) : object
  },
})

const findOwned = async (
  inventory: Inventory,
  { tenant }: Principal,
  id: ManagedObjectId,
): Promise<Result<Owned>> => {
  const sources = await inventory.readSources(tenant, [id])
  if (!sources.ok) return sources
  const [source] = sources.value
  return source === undefined ? notFound('global-id', id) : success(source)
}

/** Seen from the identity of things, an object is a global id. */
const asGlobalId = <T>(result: Result<T>): Result<T> =>
  !result.ok && result.failure.kind === 'not-found' && result.failure.what === 'managed-object'
    ? notFound('global-id', result.failure.id)
    : result

const resolveIf = async (
  inventory: Inventory,
  principal: Principal,
  externalId: ExternalId,
  isAllowed: (principal: Principal, object: Owned) => boolean,
): Promise<Result<ManagedObjectId>> => {
  const object = await inventory.resolveExternalId(principal.tenant, externalId)
  if (!object.ok) return object
  const owned = await findOwned(inventory, principal, object.value)
  if (!owned.ok) {
    // The object has gone since the line above, and its external ids with it.
    const isGone = owned.failure.kind === 'not-found'
    return isGone ? notFound('external-id', externalIdText(externalId)) : owned
  }
  return isAllowed(principal, owned.value) ? object : denied
}
