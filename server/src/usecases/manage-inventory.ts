import {
  isOwner,
  mayChangeAllManagedObjects,
  mayChangeManagedObject,
  mayCreateManagedObjects,
  mayReadAllManagedObjects,
} from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { admitManagedObject } from '../core/admit-managed-object.ts'
import { failed, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId, UserName } from '../core/identity.ts'
import { globalFragment } from '../core/managed-object.ts'
import type {
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
  ManagedObjectFilter,
} from '../core/managed-object.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { FinishPurges } from './finish-purges.ts'

export type ManagedObjectList = {
  /** By ascending id. */
  readonly objects: readonly ManagedObject[]
  readonly more: boolean
  /** How many objects the caller could see in all pages together; only when asked for. */
  readonly total: number | undefined
}

/** Elements `skip` to `skip + size` of what matches. */
export type ManagedObjectPageRequest = {
  readonly filter: ManagedObjectFilter
  readonly skip: number
  readonly size: number
}

/** The objects of the caller's tenant. Ok means on disk. */
export type ManageInventory = {
  /**
   * Creates all or none. The caller owns them unless it names another `owner`, which needs more than the
   * right to create. Fails with `forbidden`, `invalid`, and `conflict` (external-id).
   */
  readonly create: (
    principal: Principal,
    drafts: readonly ManagedObjectDraft[],
    owner: UserName | undefined,
  ) => Promise<Result<readonly ManagedObject[]>>

  /** Fails with `not-found` (managed-object) and `forbidden`. */
  readonly read: (principal: Principal, id: ManagedObjectId) => Promise<Result<ManagedObject>>

  /** Without a role that reads everything: the caller's own objects and those with `c8y_Global`. */
  readonly list: (
    principal: Principal,
    request: ManagedObjectPageRequest,
    options: { readonly withTotal: boolean },
  ) => Promise<Result<ManagedObjectList>>

  /** A partial update. Fails with `invalid`, `not-found` (managed-object) and `forbidden`. */
  readonly change: (
    principal: Principal,
    id: ManagedObjectId,
    change: ManagedObjectChange,
  ) => Promise<Result<ManagedObject>>

  /** Like a change that changes nothing. Fails with `not-found` (managed-object) and `forbidden`. */
  readonly touch: (principal: Principal, id: ManagedObjectId) => Promise<Result<void>>

  /** Its external ids go with it, its events in the background. Fails like `touch`. */
  readonly delete: (principal: Principal, id: ManagedObjectId) => Promise<Result<void>>
}

export type ManageInventoryPorts = {
  readonly inventory: Inventory
  readonly finishPurges: FinishPurges
}

export const createManageInventory = ({
  inventory,
  finishPurges,
}: ManageInventoryPorts): ManageInventory => {
  return {
    create: async (principal, drafts, owner) => {
      if (principal.kind !== 'user' || !mayCreateManagedObjects(principal)) return denied
      const isForAnother = owner !== undefined && owner !== principal.user
      if (isForAnother && !mayChangeAllManagedObjects(principal)) return denied
      for (const draft of drafts) {
        const admitted = admitManagedObject(draft)
        if (!admitted.ok) return admitted
      }
      return inventory.createObjects(principal.tenant, owner ?? principal.user, drafts)
    },

    read: async (principal, id) => {
      const object = await inventory.readObject(principal.tenant, id)
      return object.ok && !maySee(principal, object.value) ? denied : object
    },

    list: async (principal, request, { withTotal }) => {
      const filter = restrictToVisible(principal, request.filter)
      if (!filter.ok) return filter
      const [page, total] = await Promise.all([
        inventory.listObjects(principal.tenant, filter.value, request.skip, request.size),
        withTotal ? inventory.countObjects(principal.tenant, filter.value) : success(undefined),
      ])
      if (!page.ok) return page
      return total.ok ? success({ ...page.value, total: total.value }) : total
    },

    change: async (principal, id, change) => {
      const admitted = admitManagedObject(change)
      if (!admitted.ok) return admitted
      const changeable = await findChangeable(inventory, principal, id)
      return changeable.ok ? inventory.changeObject(principal.tenant, id, change) : changeable
    },

    touch: (principal, id) => findChangeable(inventory, principal, id),

    delete: async (principal, id) => {
      const changeable = await findChangeable(inventory, principal, id)
      if (!changeable.ok) return changeable
      const deleted = await inventory.deleteObject(principal.tenant, id)
      if (!deleted.ok) return deleted
      // The object is gone whatever happens to its events now: what fails here is tried again later.
      await finishPurges(principal.tenant)
      return deleted
    },
  }
}

const denied = failed({ kind: 'forbidden', reason: 'role' })

const maySee = (principal: Principal, object: ManagedObject): boolean =>
  mayReadAllManagedObjects(principal) ||
  isOwner(principal, object) ||
  (principal.kind === 'user' && object.fragments.some(({ name }) => name === globalFragment))

const restrictToVisible = (
  principal: Principal,
  filter: ManagedObjectFilter,
): Result<ManagedObjectFilter> => {
  if (mayReadAllManagedObjects(principal)) return success(filter)
  return principal.kind === 'user' ? success({ ...filter, visibleTo: principal.user }) : denied
}

const findChangeable = async (
  inventory: Inventory,
  principal: Principal,
  id: ManagedObjectId,
): Promise<Result<void>> => {
  const object = await inventory.readObject(principal.tenant, id)
  if (!object.ok) return object
  return mayChangeManagedObject(principal, object.value) ? success(undefined) : denied
}
