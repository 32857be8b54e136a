import { conflict, notFound, success } from '../../core/failure.ts'
import { toGroupId, toInventoryRoleId } from '../../core/identity.ts'
import type { Account, User } from '../../core/account.ts'
import type { Result } from '../../core/failure.ts'
import type { Group, GroupChange, NewGroup } from '../../core/group.ts'
import type { GroupId, InventoryRoleId, TenantId, UserName } from '../../core/identity.ts'
import type {
  InventoryRoleChange,
  NewInventoryRole,
  OwnInventoryRole,
} from '../../core/inventory-role.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Groups } from '../../ports/groups.ts'
import type { RegistryState, TenantState } from './registry-state.ts'

export const createMemoryGroups = (
  state: RegistryState,
  changing: () => RegistryState,
  clock: Clock,
): Groups => {
  const home = (tenant: TenantId) => state.tenants.get(tenant)
  const changingHome = (tenant: TenantId) => changing().tenants.get(tenant)
  return {
    readAccount: (tenant, name) => Promise.resolve(readAccount(home(tenant), name)),
    createGroup: (group) => Promise.resolve(createGroup(state, group, clock.nowMs())),
    readGroup: (tenant, id) => Promise.resolve(readGroup(home(tenant), id)),
    listGroups: (tenant) => Promise.resolve(success([...(home(tenant)?.groups.values() ?? [])])),
    changeGroup: (tenant, id, change) =>
      Promise.resolve(changeGroup(changingHome(tenant), id, change)),
    deleteGroup: (tenant, id) => Promise.resolve(deleteGroup(changingHome(tenant), id)),
    createInventoryRole: (role) => Promise.resolve(createInventoryRole(state, role)),
    listInventoryRoles: (tenant) =>
      Promise.resolve(success([...(home(tenant)?.inventoryRoles.values() ?? [])])),
    changeInventoryRole: (tenant, id, change) =>
      Promise.resolve(changeInventoryRole(changingHome(tenant), id, change)),
    deleteInventoryRole: (tenant, id) =>
      Promise.resolve(
        changingHome(tenant)?.inventoryRoles.delete(id) === true
          ? success(undefined)
          : notFound('inventory-role', id),
      ),
  }
}

const readAccount = (home: TenantState | undefined, name: UserName): Result<Account> => {
  const user = home?.users.get(name)
  if (home === undefined || user === undefined) return notFound('user', name)
  return success({
    user,
    groups: [...home.groups.values()].filter(({ id }) => user.groups.includes(id)),
    inventoryRoles: [...home.inventoryRoles.values()].filter(({ id }) => isAssigned(user, id)),
  })
}

const isAssigned = ({ assignments }: User, id: InventoryRoleId): boolean =>
  assignments.some(({ roles }) => roles.includes(id))

const isTaken = <T extends { readonly id: number; readonly name: string }>(
  all: ReadonlyMap<number, T>,
  name: string | undefined,
  except?: number,
): boolean => [...all.values()].some((other) => other.name === name && other.id !== except)

const createGroup = (state: RegistryState, group: NewGroup, nowMs: number): Result<Group> => {
  const home = state.tenants.get(group.tenant)
  if (home === undefined) return notFound('tenant', group.tenant)
  if (isTaken(home.groups, group.name)) return conflict('group', group.name)
  state.lastGroupId += 1
  const created = { ...group, id: toGroupId(state.lastGroupId), creationMs: nowMs }
  home.groups.set(created.id, created)
  return success(created)
}

const readGroup = (home: TenantState | undefined, id: GroupId): Result<Group> => {
  const group = home?.groups.get(id)
  return group === undefined ? notFound('group', id) : success(group)
}

const changeGroup = (
  home: TenantState | undefined,
  id: GroupId,
  change: GroupChange,
): Result<Group> => {
  const old = readGroup(home, id)
  if (!old.ok || home === undefined) return notFound('group', id)
  const changed = { ...old.value, ...change }
  if (isTaken(home.groups, change.name, id)) return conflict('group', changed.name)
  home.groups.set(id, changed)
  return success(changed)
}

const deleteGroup = (home: TenantState | undefined, id: GroupId): Result<void> => {
  if (home?.groups.delete(id) !== true) return notFound('group', id)
  for (const [name, user] of home.users) {
    if (!user.groups.includes(id)) continue
    home.users.set(name, { ...user, groups: user.groups.filter((kept) => kept !== id) })
  }
  return success(undefined)
}

const createInventoryRole = (
  state: RegistryState,
  role: NewInventoryRole,
): Result<OwnInventoryRole> => {
  const home = state.tenants.get(role.tenant)
  if (home === undefined) return notFound('tenant', role.tenant)
  if (isTaken(home.inventoryRoles, role.name)) return conflict('inventory-role', role.name)
  state.lastInventoryRoleId += 1
  const created = { ...role, id: toInventoryRoleId(state.lastInventoryRoleId) }
  home.inventoryRoles.set(created.id, created)
  return success(created)
}

const changeInventoryRole = (
  home: TenantState | undefined,
  id: InventoryRoleId,
  change: InventoryRoleChange,
): Result<OwnInventoryRole> => {
  const old = home?.inventoryRoles.get(id)
  if (home === undefined || old === undefined) return notFound('inventory-role', id)
  const changed = { ...old, ...change }
  if (isTaken(home.inventoryRoles, change.name, id)) return conflict('inventory-role', changed.name)
  home.inventoryRoles.set(id, changed)
  return success(changed)
}
