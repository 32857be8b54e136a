import { mayChangeAllManagedObjects, mayCreateManagedObjects } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { admitManagedObject } from '../core/admit-managed-object.ts'
import { hasBinaryFragment, storedFileNames } from '../core/attachment.ts'
import { denied, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ChildLink } from '../core/family.ts'
import type { ManagedObjectId, UserName } from '../core/identity.ts'
import type {
  ManagedObject,
  ManagedObjectChange,
  ManagedObjectDraft,
  ManagedObjectFilter,
} from '../core/managed-object.ts'
import type { ObjectUpdate } from '../ports/inventory.ts'
import { deleteObjects } from './delete-objects.ts'
import type { DeletionPorts, ObjectDeletion } from './delete-objects.ts'
import { readChangeable, readVisible, restrictToVisible } from './visible-objects.ts'

export type ManagedObjectList = {
  /** In the order of the filter's query, without one by ascending id. */
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
   * right to create. Fails with `forbidden`, `invalid`, and `conflict` (external-id). With `under` they are linked
   * there in the same step: fails with `not-found` (managed-object) without the parent.
   */
  readonly create: (
    principal: Principal,
    drafts: readonly ManagedObjectDraft[],
    owner: UserName | undefined,
    under?: ChildLink,
  ) => Promise<Result<readonly ManagedObject[]>>

  /** Fails with `not-found` (managed-object) and `forbidden`. */
  readonly read: (principal: Principal, id: ManagedObjectId) => Promise<Result<ManagedObject>>

  /**
   * Without a role that reads everything: what `read` shows the caller, one by one (docs/protocols/cumulocity.md, 5.6). Fails
   * with `forbidden` for a caller that is no user.
   */
  readonly list: (
    principal: Principal,
    request: ManagedObjectPageRequest,
    options: { readonly withTotal: boolean },
  ) => Promise<Result<ManagedObjectList>>

  /** A partial update, of a stored file without what it says of its bytes. Fails with `invalid`, `not-found` (managed-object) and `forbidden`. */
  readonly change: (
    principal: Principal,
    id: ManagedObjectId,
    change: ManagedObjectChange,
  ) => Promise<Result<ManagedObject>>

  /** Partial updates, all or none. Fails like `change`, for the first that cannot be changed. */
  readonly changeAll: (
    principal: Principal,
    updates: readonly ObjectUpdate[],
  ) => Promise<Result<readonly ManagedObject[]>>

  /** How many objects match. Without a role that reads everything: of those that the caller may see. */
  readonly count: (principal: Principal, filter: ManagedObjectFilter) => Promise<Result<number>>

  /** Like a change that changes nothing. Fails with `not-found` (managed-object) and `forbidden`. */
  readonly touch: (principal: Principal, id: ManagedObjectId) => Promise<Result<void>>

  /** See `deleteObjects`. */
  readonly delete: (
    principal: Principal,
    id: ManagedObjectId,
    deletion: ObjectDeletion,
  ) => Promise<Result<void>>
}

export const createManageInventory = (ports: DeletionPorts): ManageInventory => {
  const { inventory } = ports
  return {
    create: async (principal, drafts, owner, under) => {
      if (principal.kind !== 'user' || !mayCreateManagedObjects(principal)) return denied
      const isForAnother = owner !== undefined && owner !== principal.user
      if (isForAnother && !mayChangeAllManagedObjects(principal)) return denied
      for (const draft of drafts) {
        const admitted = admitManagedObject(draft)
        if (!admitted.ok) return admitted
      }
      return inventory.createObjects(principal.tenant, owner ?? principal.user, drafts, under)
    },

    read: (principal, id) => readVisible(inventory, principal, id),

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

    count: async (principal, wanted) => {
      const filter = restrictToVisible(principal, wanted)
      return filter.ok ? inventory.countObjects(principal.tenant, filter.value) : filter
    },

    change: async (principal, id, change) => {
      const admitted = admitManagedObject(change)
      if (!admitted.ok) return admitted
      const changeable = await readChangeable(inventory, principal, id)
      if (!changeable.ok) return changeable
      return inventory.changeObject(principal.tenant, id, keepFile(changeable.value, change))
    },

    changeAll: async (principal, updates) => {
      for (const { change } of updates) {
        const admitted = admitManagedObject(change)
        if (!admitted.ok) return admitted
      }
      const kept: ObjectUpdate[] = []
      for (const { id, change } of updates) {
        const changeable = await readChangeable(inventory, principal, id)
        if (!changeable.ok) return changeable
        kept.push({ id, change: keepFile(changeable.value, change) })
      }
      return inventory.changeObjects(principal.tenant, kept)
    },

    touch: async (principal, id) => {
      const changeable = await readChangeable(inventory, principal, id)
      return changeable.ok ? success(undefined) : changeable
    },

    delete: (principal, id, deletion) => deleteObjects(ports, principal, id, deletion),
  }
}

/** What an object says of its file follows from the file alone (docs/protocols/cumulocity.md, 6.9). */
const keepFile = (
  { fragments }: ManagedObject,
  change: ManagedObjectChange,
): ManagedObjectChange =>
  hasBinaryFragment(fragments)
    ? {
        ...change,
        fragments: change.fragments.filter((each) => !storedFileNames.includes(each.name)),
      }
    : change
