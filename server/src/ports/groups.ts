import type { Account } from '../core/account.ts'
import type { Result } from '../core/failure.ts'
import type { Group, GroupChange, NewGroup } from '../core/group.ts'
import type { GroupId, InventoryRoleId, TenantId, UserName } from '../core/identity.ts'
import type {
  InventoryRoleChange,
  NewInventoryRole,
  OwnInventoryRole,
} from '../core/inventory-role.ts'

/** The part of `Accounts` that keeps what users have in common: groups and inventory roles. */
export type Groups = {
  /** A user with all that gives it rights. Fails with `not-found` (user). Cheap: kept in memory. */
  readonly readAccount: (tenant: TenantId, name: UserName) => Promise<Result<Account>>

  /** Fails with `not-found` (tenant), and with `conflict` (group) when the name is taken. */
  readonly createGroup: (group: NewGroup) => Promise<Result<Group>>

  /** Fails with `not-found` (group). */
  readonly readGroup: (tenant: TenantId, id: GroupId) => Promise<Result<Group>>

  /** By ascending id. */
  readonly listGroups: (tenant: TenantId) => Promise<Result<readonly Group[]>>

  /** Fails with `not-found` (group), and with `conflict` (group) when the new name is taken. */
  readonly changeGroup: (
    tenant: TenantId,
    id: GroupId,
    change: GroupChange,
  ) => Promise<Result<Group>>

  /** Its members are in it no longer, in the same transaction. Fails with `not-found` (group). */
  readonly deleteGroup: (tenant: TenantId, id: GroupId) => Promise<Result<void>>

  /** Fails with `not-found` (tenant), and with `conflict` (inventory-role) when the name is taken. */
  readonly createInventoryRole: (role: NewInventoryRole) => Promise<Result<OwnInventoryRole>>

  /** Those that the tenant has made, by ascending id. */
  readonly listInventoryRoles: (tenant: TenantId) => Promise<Result<readonly OwnInventoryRole[]>>

  /** Fails with `not-found` (inventory-role), and with `conflict` (inventory-role) when the new name is taken. */
  readonly changeInventoryRole: (
    tenant: TenantId,
    id: InventoryRoleId,
    change: InventoryRoleChange,
  ) => Promise<Result<OwnInventoryRole>>

  /** Who has it by an assignment loses what it gives. Fails with `not-found` (inventory-role). */
  readonly deleteInventoryRole: (tenant: TenantId, id: InventoryRoleId) => Promise<Result<void>>
}
