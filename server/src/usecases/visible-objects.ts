import {
  mayChangeManagedObject,
  mayReadAllManagedObjects,
  mayReadManagedObject,
} from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { denied, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { ManagedObjectId } from '../core/identity.ts'
import { globalFragment } from '../core/managed-object.ts'
import type { ManagedObject, ManagedObjectFilter } from '../core/managed-object.ts'
import { viewerOf } from '../core/viewer.ts'
import type { Viewer } from '../core/viewer.ts'
import type { Inventory } from '../ports/inventory.ts'
import { hasGrantsBelow, reachObjects } from './reach-objects.ts'

/** Fails with `not-found` (managed-object) and `forbidden`. */
export const readVisible = (
  inventory: Inventory,
  principal: Principal,
  id: ManagedObjectId,
): Promise<Result<ManagedObject>> => readWhen(maySee, inventory, principal, id)

/** Fails like `readVisible`, unless the caller may change the object. */
export const readChangeable = (
  inventory: Inventory,
  principal: Principal,
  id: ManagedObjectId,
): Promise<Result<ManagedObject>> => readWhen(mayChangeManagedObject, inventory, principal, id)

/** A grant on an object above counts as one on the object itself. */
const readWhen = async (
  may: (principal: Principal, object: ManagedObject) => boolean,
  inventory: Inventory,
  principal: Principal,
  id: ManagedObjectId,
): Promise<Result<ManagedObject>> => {
  const reached = hasGrantsBelow(principal)
    ? await reachObjects(inventory, principal, [id])
    : success(principal)
  if (!reached.ok) return reached
  const object = await inventory.readObject(principal.tenant, id)
  return object.ok && !may(reached.value, object.value) ? denied : object
}

/** The same filter for a caller that may see only some objects. Fails with `forbidden` for one that sees none. */
export const restrictToVisible = (
  principal: Principal,
  filter: ManagedObjectFilter,
): Result<ManagedObjectFilter> => {
  const visible = visibleToWhom(principal)
  if (!visible.ok) return visible
  return success(visible.value === undefined ? filter : { ...filter, visibleTo: visible.value })
}

/** Undefined for a caller that sees everything. Fails with `forbidden` for one that sees nothing. */
export const visibleToWhom = (principal: Principal): Result<Viewer | undefined> => {
  if (mayReadAllManagedObjects(principal)) return success(undefined)
  return principal.kind === 'user' ? success(viewerOf(principal)) : denied
}

const maySee = (principal: Principal, object: ManagedObject): boolean =>
  mayReadManagedObject(principal, object) ||
  (principal.kind === 'user' && object.fragments.some(({ name }) => name === globalFragment))
