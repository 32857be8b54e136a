import { success } from '../../../core/failure.ts'
import { createGroupReads } from './group-operations.ts'
import { createInventoryRoleReads } from './inventory-role-operations.ts'
import { createUserReads } from './user-operations.ts'
import type { Database } from 'better-sqlite3'
import type { Account, User } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { Group } from '../../../core/group.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { OwnInventoryRole } from '../../../core/inventory-role.ts'

/** A user with everything from which its rights come, as one read sees it. */
export const createAccountReads = (db: Database) => {
  const { readUser } = createUserReads(db)
  const { readGroup } = createGroupReads(db)
  const { listInventoryRoles } = createInventoryRoleReads(db)
  const groupsOf = ({ tenant, groups }: User): readonly Group[] =>
    [...groups]
      .sort((left, right) => left - right)
      .flatMap((id) => {
        const group = readGroup(tenant, id)
        return group.ok ? [group.value] : []
      })
  const inventoryRolesOf = ({ tenant, assignments }: User): readonly OwnInventoryRole[] => {
    if (assignments.length === 0) return []
    const assigned = new Set(assignments.flatMap(({ roles }) => roles))
    const own = listInventoryRoles(tenant)
    return own.ok ? own.value.filter(({ id }) => assigned.has(id)) : []
  }
  return {
    readAccount: (tenant: TenantId, name: UserName): Result<Account> => {
      const user = readUser(tenant, name)
      if (!user.ok) return user
      const groups = groupsOf(user.value)
      return success({ user: user.value, groups, inventoryRoles: inventoryRolesOf(user.value) })
    },
  }
}
