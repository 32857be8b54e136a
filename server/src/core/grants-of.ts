import type { Account } from './account.ts'
import { parseManagedObjectId } from './event-id.ts'
import type { Grants } from './grants.ts'
import type { ManagedObjectId } from './identity.ts'
import { predefinedInventoryRoles } from './inventory-role.ts'
import { decodePermission } from './permission.ts'
import type { DevicePermissions, Permission } from './permission.ts'

/** What the user was given itself and by its groups; undefined for most users, who have nothing of the kind. */
export const grantsOf = ({ user, groups, inventoryRoles }: Account): Grants | undefined => {
  const on = new Map<ManagedObjectId, readonly Permission[]>()
  for (const { devicePermissions } of [user, ...groups]) addAll(on, devicePermissions)
  const roles = [...predefinedInventoryRoles, ...inventoryRoles]
  const below = new Map<ManagedObjectId, readonly Permission[]>()
  for (const assignment of user.assignments) {
    const given = roles.filter(({ id }) => assignment.roles.includes(id))
    add(
      below,
      assignment.object,
      given.flatMap(({ permissions }) => permissions),
    )
  }
  return on.size + below.size === 0 ? undefined : { on, below }
}

type Found = Map<ManagedObjectId, readonly Permission[]>

const addAll = (found: Found, devicePermissions: DevicePermissions): void => {
  for (const [text, permissions] of Object.entries(devicePermissions)) {
    const object = parseManagedObjectId(text)
    const known = permissions.flatMap((permission) => decodePermission(permission) ?? [])
    if (object !== undefined) add(found, object, known)
  }
}

const add = (found: Found, object: ManagedObjectId, more: readonly Permission[]): void => {
  found.set(object, [...(found.get(object) ?? []), ...more])
}
