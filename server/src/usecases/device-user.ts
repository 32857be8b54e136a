import { isSelf, mayAdministerUsers } from '../core/access.ts'
import type { Principal } from '../core/access.ts'
import { denied, notFound } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { User } from '../core/account.ts'
import type { ManagedObjectId, UserName } from '../core/identity.ts'
import { deviceFragment } from '../core/managed-object.ts'
import type { ManagedObject } from '../core/managed-object.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Inventory } from '../ports/inventory.ts'
import { changeFrom, noteOf } from './note-of.ts'
import { readChangeable, readVisible } from './visible-objects.ts'

/** The user with which a device logs in (docs/protocols/cumulocity.md, 6.1). */
export type DeviceUser = {
  /** Fails with `forbidden` and with `not-found` (managed-object), also when it has no user of its own. */
  readonly read: (principal: Principal, id: ManagedObjectId) => Promise<Result<User>>

  /** Fails like `read`; needs the right to administer users. */
  readonly enable: (
    principal: Principal,
    id: ManagedObjectId,
    enabled: boolean,
  ) => Promise<Result<User>>
}

export type DeviceUserPorts = { readonly inventory: Inventory; readonly accounts: Accounts }

export const createDeviceUser = ({ inventory, accounts }: DeviceUserPorts): DeviceUser => {
  const find = async (principal: Principal, object: ManagedObject): Promise<Result<User>> => {
    const name = deviceUserOf(object)
    if (name === undefined) return notFound('managed-object', object.id)
    const user = await accounts.readUser(principal.tenant, name)
    const isGone = !user.ok && user.failure.kind === 'not-found'
    return isGone ? notFound('managed-object', object.id) : user
  }
  return {
    read: async (principal, id) => {
      const object = await readVisible(inventory, principal, id)
      return object.ok ? find(principal, object.value) : object
    },
    enable: async (principal, id, enabled) => {
      const object = await readChangeable(inventory, principal, id)
      if (!object.ok) return object
      const user = await find(principal, object.value)
      if (!user.ok) return user
      if (!mayAdministerUsers(principal) || isSelf(principal, user.value.name)) return denied
      const change = { enabled, passwordHash: undefined, roles: undefined, profile: undefined }
      const { name: source } = user.value
      const changes = changeFrom('enabled', String(user.value.enabled), String(enabled))
      const note = noteOf(principal, { type: 'User', activity: 'User changed', source, changes })
      return accounts.noting(note).changeUser(principal.tenant, source, change)
    },
  }
}

/** How the users of devices are called; a person who owns a device is none. */
const deviceUserPrefix = 'device_'

/** The device's owner, if that is a user made for a device. */
export const deviceUserOf = ({ fragments, owner }: ManagedObject): UserName | undefined =>
  fragments.some(({ name }) => name === deviceFragment) && owner?.startsWith(deviceUserPrefix)
    ? owner
    : undefined
