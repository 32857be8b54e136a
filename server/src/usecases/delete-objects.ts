import {
  isSelf,
  mayAdministerUsers,
  mayChangeAllManagedObjects,
  mayChangeManagedObject,
} from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { conflict, denied, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import { childKinds } from '../core/family.ts'
import type { ManagedObjectId, UserName } from '../core/identity.ts'
import { deletionSliceObjectsMax, hierarchyObjectsMax } from '../core/limits.ts'
import { deviceFragment, groupFragment } from '../core/managed-object.ts'
import type { ManagedObject } from '../core/managed-object.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import { deviceUserOf } from './device-user.ts'
import type { FinishPurges } from './finish-purges.ts'
import { noteOf } from './note-of.ts'
import { reachObjects } from './reach-objects.ts'
import { readChangeable } from './visible-objects.ts'

/** How a managed object is deleted (docs/protocols/cumulocity.md, 6.1). */
export type ObjectDeletion = {
  /** What hangs below goes too: never, for a device or group, or for every object. */
  readonly cascade: 'never' | 'devices-and-groups' | 'always'
  /** The user of a device goes too. */
  readonly withDeviceUser: boolean
}

export type DeletionPorts = {
  readonly inventory: Inventory
  readonly accounts: Accounts
  readonly finishPurges: FinishPurges
}

/**
 * Deletes an object, and with it its external ids, all references to and from it and, in the background, its events.
 * Fails with `not-found` (managed-object), `forbidden` when the caller may not change all that would go, and
 * `conflict` (managed-object) when that is more than `hierarchyObjectsMax`; then nothing has gone.
 *
 * A hierarchy goes in slices from its bottom up, so that no other tenant waits for long; after a failure in between the
 * object itself is still there, with all that is left below it, and the same call goes on.
 */
export const deleteObjects = async (
  ports: DeletionPorts,
  principal: Principal,
  id: ManagedObjectId,
  deletion: ObjectDeletion,
): Promise<Result<void>> => {
  const { tenant } = principal
  const object = await readChangeable(ports.inventory, principal, id)
  if (!object.ok) return object
  const user = deletion.withDeviceUser ? deviceUserOf(object.value) : undefined
  if (user !== undefined && !mayAdministerUsers(principal) && !isSelf(principal, user))
    return denied
  const ids = await listDoomed(ports.inventory, principal, object.value, deletion)
  if (!ids.ok) return ids
  const gone = await deleteUser(ports.accounts, principal, user)
  if (!gone.ok) return gone
  const deleted = await deleteSlices(ports.inventory, principal, ids.value)
  if (!deleted.ok) return deleted
  // The objects are gone whatever happens to their events now: what fails here is tried again later.
  await ports.finishPurges(tenant)
  return deleted
}

/** The object first, then what is below it. */
const listDoomed = async (
  inventory: Inventory,
  principal: Principal,
  object: ManagedObject,
  { cascade }: ObjectDeletion,
): Promise<Result<readonly ManagedObjectId[]>> => {
  const cascades = cascade === 'always' || (cascade === 'devices-and-groups' && isRoot(object))
  if (!cascades) return success([object.id])
  const { tenant } = principal
  const max = hierarchyObjectsMax + 1
  const ids = await inventory.readHierarchy(tenant, [object.id], childKinds, max)
  if (!ids.ok) return ids
  if (ids.value.length === max) return conflict('managed-object', object.id)
  if (mayChangeAllManagedObjects(principal)) return ids
  const sources = await inventory.readSources(tenant, ids.value)
  if (!sources.ok) return sources
  const reached = await reachObjects(inventory, principal, ids.value)
  if (!reached.ok) return reached
  const mayAll = sources.value.every((source) => mayChangeManagedObject(reached.value, source))
  return mayAll ? ids : denied
}

const isRoot = ({ fragments }: ManagedObject): boolean =>
  fragments.some(({ name }) => name === deviceFragment || name === groupFragment)

/** Before its device, so that whoever tries again after a failure still finds the device. */
const deleteUser = async (
  accounts: Accounts,
  principal: Principal,
  user: UserName | undefined,
): Promise<Result<void>> => {
  if (user === undefined) return success(undefined)
  const note = noteOf(principal, { type: 'User', activity: 'User deleted', source: user })
  const deleted = await accounts.noting(note).deleteUser(principal.tenant, user)
  return deleted.ok || deleted.failure.kind !== 'not-found' ? deleted : success(undefined)
}

/** Each slice has an audit record of its own: what has gone before a failure is not untold. */
const deleteSlices = async (
  inventory: Inventory,
  principal: Principal,
  ids: readonly ManagedObjectId[],
): Promise<Result<void>> => {
  const { tenant } = principal
  const [root] = ids
  if (root === undefined) return success(undefined)
  const activity = 'Managed object deleted'
  const source = String(root)
  if (ids.length === 1) {
    const note = noteOf(principal, { type: 'Inventory', activity, source })
    return inventory.noting(note).deleteObject(tenant, root)
  }
  const upwards = [...ids].reverse()
  for (let at = 0; at < upwards.length; at += deletionSliceObjectsMax) {
    const slice = upwards.slice(at, at + deletionSliceObjectsMax)
    const about = slice.join(', ')
    const note = noteOf(principal, { type: 'Inventory', activity, source, about })
    const deleted = await inventory.noting(note).deleteObjects(tenant, slice)
    if (!deleted.ok) return deleted
  }
  return success(undefined)
}
