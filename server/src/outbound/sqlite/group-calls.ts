import { keyIn } from './registry-caches.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Groups } from '../../ports/groups.ts'
import type { RegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'

/** A changed group or inventory role changes the rights of nobody knows whom, so that all accounts are forgotten. */
export const createGroupCalls = (
  { write, read }: RegistryCalls,
  { users, accounts }: RegistryCaches,
  clock: Clock,
): Groups => ({
  readAccount: (tenant, name) =>
    accounts.read(keyIn(tenant, name), () => read('readAccount', tenant, name)),
  createGroup: (group) => write('createGroup', group, clock.nowMs()),
  readGroup: (tenant, id) => read('readGroup', tenant, id),
  listGroups: (tenant) => read('listGroups', tenant),
  changeGroup: async (tenant, id, change) => {
    const changed = await write('changeGroup', tenant, id, change)
    accounts.forgetAll()
    return changed
  },
  deleteGroup: async (tenant, id) => {
    const deleted = await write('deleteGroup', tenant, id)
    accounts.forgetAll()
    users.forgetAll()
    return deleted
  },
  createInventoryRole: (role) => write('createInventoryRole', role),
  listInventoryRoles: (tenant) => read('listInventoryRoles', tenant),
  changeInventoryRole: async (tenant, id, change) => {
    const changed = await write('changeInventoryRole', tenant, id, change)
    accounts.forgetAll()
    return changed
  },
  deleteInventoryRole: async (tenant, id) => {
    const deleted = await write('deleteInventoryRole', tenant, id)
    accounts.forgetAll()
    return deleted
  },
})
