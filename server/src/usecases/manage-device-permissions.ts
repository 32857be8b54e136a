import { mayAdministerUsers, mayReadAllUsers } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import type { User } from '../core/account.ts'
import type { AuditNote } from '../core/audit.ts'
import { denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { Group } from '../core/group.ts'
import type { GroupId, ManagedObjectId, TenantId, UserName } from '../core/identity.ts'
import { isDevicePermissionsBound } from '../core/permission.ts'
import type { DevicePermissions } from '../core/permission.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import type { InTurn } from './in-turn.ts'
import { noteOf } from './note-of.ts'

/** Who has permissions on one object, as texts like `EVENT:*:READ`. */
export type PermissionHolders = {
  readonly users: readonly User[]
  readonly groups: readonly Group[]
}

export type PermissionUpdate = {
  readonly users: readonly { readonly name: UserName; readonly permissions: readonly string[] }[]
  readonly groups: readonly { readonly id: GroupId; readonly permissions: readonly string[] }[]
}

/**
 * Device permissions seen from the object that they are on (docs/protocols/cumulocity.md, 5.6). Every call fails with
 * `forbidden`, and with `not-found` (managed-object).
 */
export type ManageDevicePermissions = {
  /** Users by ascending name, groups by ascending id. */
  readonly read: (
    principal: Principal,
    object: ManagedObjectId,
  ) => Promise<Result<PermissionHolders>>

  /**
   * Gives those that are named these permissions on the object and no others, none for an empty list; who is not named keeps
   * what it has. All are looked for before the first is changed; a store that fails in between leaves the rest as it was.
   * Fails with `invalid` and `not-found` (user, group).
   */
  readonly change: (
    principal: Principal,
    object: ManagedObjectId,
    update: PermissionUpdate,
  ) => Promise<Result<void>>
}

export type DevicePermissionPorts = {
  readonly accounts: Accounts
  readonly inventory: Inventory
  /** By the tenant's id, and shared by all that changes its users and groups: what one takes away no other brings back. */
  readonly inTurn: InTurn
}

export const createManageDevicePermissions = (
  ports: DevicePermissionPorts,
): ManageDevicePermissions => ({
  read: async (principal, object) => {
    if (!mayReadAllUsers(principal)) return denied
    const known = await findObject(ports.inventory, principal.tenant, object)
    return known.ok ? findHolders(ports.accounts, principal.tenant, object) : known
  },
  change: async (principal, object, update) => {
    if (!mayAdministerUsers(principal)) return denied
    const known = await findObject(ports.inventory, principal.tenant, object)
    if (!known.ok) return known
    return ports.inTurn(principal.tenant, async () => {
      const changes = await planChanges(ports.accounts, principal, object, update)
      return changes.ok ? carryOut(changes.value) : changes
    })
  },
})

const tooMany = invalid('devicePermissions', 'names too many objects or permissions')

const findObject = async (
  inventory: Inventory,
  tenant: TenantId,
  object: ManagedObjectId,
): Promise<Result<void>> => {
  const sources = await inventory.readSources(tenant, [object])
  if (!sources.ok) return sources
  return sources.value.length === 0 ? notFound('managed-object', object) : success(undefined)
}

const findHolders = async (
  accounts: Accounts,
  tenant: TenantId,
  object: ManagedObjectId,
): Promise<Result<PermissionHolders>> => {
  const users = await accounts.listUsers(tenant)
  if (!users.ok) return users
  const groups = await accounts.listGroups(tenant)
  if (!groups.ok) return groups
  const holds = ({ devicePermissions }: { readonly devicePermissions: DevicePermissions }) =>
    (devicePermissions[String(object)] ?? []).length > 0
  return success({ users: users.value.filter(holds), groups: groups.value.filter(holds) })
}

type Change = () => Promise<Result<unknown>>

const planChanges = async (
  accounts: Accounts,
  principal: Principal,
  object: ManagedObjectId,
  { users, groups }: PermissionUpdate,
): Promise<Result<readonly Change[]>> => {
  const { tenant } = principal
  const changes: Change[] = []
  for (const { name, permissions } of users) {
    const user = await accounts.readUser(tenant, name)
    if (!user.ok) return user
    const devicePermissions = withPermissions(user.value.devicePermissions, object, permissions)
    if (!isDevicePermissionsBound(devicePermissions)) return tooMany
    const noted = accounts.noting(permissionNote(principal, 'User', name, object))
    changes.push(() => noted.changeUser(tenant, name, { ...noChange, devicePermissions }))
  }
  for (const { id, permissions } of groups) {
    const group = await accounts.readGroup(tenant, id)
    if (!group.ok) return group
    const devicePermissions = withPermissions(group.value.devicePermissions, object, permissions)
    if (!isDevicePermissionsBound(devicePermissions)) return tooMany
    const noted = accounts.noting(permissionNote(principal, 'Group', String(id), object))
    changes.push(() => noted.changeGroup(tenant, id, { devicePermissions }))
  }
  return success(changes)
}

const permissionNote = (
  principal: Principal,
  type: 'User' | 'Group',
  source: string,
  object: ManagedObjectId,
): AuditNote => {
  const about = `${source} on ${object}`
  return noteOf(principal, { type, activity: 'Device permissions changed', source, about })
}

const withPermissions = (
  old: DevicePermissions,
  object: ManagedObjectId,
  permissions: readonly string[],
): DevicePermissions => {
  const others = Object.entries(old).filter(([id]) => id !== String(object))
  const own = permissions.length === 0 ? [] : [[String(object), permissions] as const]
  return Object.fromEntries([...others, ...own])
}

const carryOut = async (changes: readonly Change[]): Promise<Result<void>> => {
  for (const change of changes) {
    const changed = await change()
    if (!changed.ok) return changed
  }
  return success(undefined)
}

const noChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}
