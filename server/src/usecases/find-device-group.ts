import type { Principal } from '../core/access.ts'
import { notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { GroupId, TenantId } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import { noteOf } from './note-of.ts'

/** The group of users that all registered devices of the tenant are in; made when it is missed. */
export const findDeviceGroup = async (
  accounts: Accounts,
  principal: Principal,
  tenant: TenantId,
): Promise<Result<GroupId>> => {
  const known = await readDeviceGroup(accounts, tenant)
  if (!known.ok || known.value !== undefined) return known.ok ? idOf(known.value) : known
  const about = deviceGroup.name
  const note = noteOf(principal, { type: 'Group', activity: 'Group created', about, tenant })
  const created = await accounts.noting(note).createGroup({ ...deviceGroup, tenant })
  if (created.ok) return success(created.value.id)
  // Another device was first.
  const other = await readDeviceGroup(accounts, tenant)
  return other.ok ? idOf(other.value) : other
}

/** What a device needs besides owning its objects; a tenant may give the group more, or less. */
const deviceGroup = {
  name: 'devices',
  description: 'Devices that registered themselves.',
  roles: ['ROLE_DEVICE', 'ROLE_INVENTORY_CREATE', 'ROLE_USER_MANAGEMENT_OWN_READ'],
  devicePermissions: {},
  customProperties: '{}',
} as const

const readDeviceGroup = async (
  accounts: Accounts,
  tenant: TenantId,
): Promise<Result<GroupId | undefined>> => {
  const groups = await accounts.listGroups(tenant)
  if (!groups.ok) return groups
  return success(groups.value.find(({ name }) => name === deviceGroup.name)?.id)
}

const idOf = (id: GroupId | undefined): Result<GroupId> =>
  id === undefined ? notFound('group', deviceGroup.name) : success(id)
