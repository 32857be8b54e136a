import type { Principal } from '../core/access.ts'
import { notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { GroupId, TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import { noteOf } from './note-of.ts'

/**
 * The group of users that all registered devices of the tenant are in; made when it is missed, also where the tenant has
 * `groupsMax` others.
 */
export const findDeviceUsers = async (
  accounts: Accounts,
  principal: Principal,
  tenant: TenantId,
): Promise<Result<GroupId>> => {
  const known = await readDeviceUsers(accounts, tenant)
  if (!known.ok || known.value !== undefined) return known.ok ? idOf(known.value) : known
  const about = deviceUsers.name
  const note = noteOf(principal, { type: 'Group', activity: 'Group created', about, tenant })
  const created = await accounts.noting(note).createGroup({ ...deviceUsers, tenant })
  if (created.ok) return success(created.value.id)
  // Another device was first.
  const other = await readDeviceUsers(accounts, tenant)
  return other.ok ? idOf(other.value) : other
}

/** What a device needs besides owning its objects; a tenant may give the group more, or less. */
const deviceUsers = {
  name: 'devices',
  description: 'Devices that registered themselves.',
  roles: ['ROLE_DEVICE', 'ROLE_INVENTORY_CREATE', 'ROLE_USER_MANAGEMENT_OWN_READ'],
  devicePermissions: {},
  customProperties: '{}',
} as const

const readDeviceUsers = async (
  accounts: Accounts,
  tenant: TenantId,
): Promise<Result<GroupId | undefined>> => {
  const groups = await accounts.listGroups(tenant)
  if (!groups.ok) return groups
  return success(groups.value.find(({ name }) => name === deviceUsers.name)?.id)
}

const idOf = (id: GroupId | undefined): Result<GroupId> =>
  id === undefined ? notFound('group', deviceUsers.name) : success(id)
