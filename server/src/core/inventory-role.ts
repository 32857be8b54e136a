import { toInventoryRoleId } from './identity.ts'
import type { InventoryRoleId, ManagedObjectId, TenantId } from './identity.ts'
import type { Permission, PermissionLevel, PermissionScope } from './permission.ts'

/** Permissions under one name, given to a user for an object and all below it (docs/protocols/cumulocity.md, 5.6). */
export type InventoryRole = {
  /** Unique in the whole server, and never given twice; the predefined ones are the same in every tenant. */
  readonly id: InventoryRoleId
  /** Unique in the tenant. */
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
}

/** One that a tenant has made. */
export type OwnInventoryRole = InventoryRole & { readonly tenant: TenantId }

export type NewInventoryRole = Omit<OwnInventoryRole, 'id'>

/** What is left out stays as it is. */
export type InventoryRoleChange = Partial<Omit<OwnInventoryRole, 'tenant' | 'id'>>

/** Inventory roles that one user has for one object. */
export type InventoryAssignment = {
  /** Unique among those of the user. */
  readonly id: number
  readonly object: ManagedObjectId
  readonly roles: readonly InventoryRoleId[]
}

const predefined = (
  id: number,
  name: string,
  description: string,
  [scope, fragment, level]: readonly [PermissionScope, string, PermissionLevel],
): InventoryRole => ({
  id: toInventoryRoleId(id),
  name,
  description,
  permissions: [{ scope, fragment, level }],
})

/** In every tenant, unchangeable. */
export const predefinedInventoryRoles: readonly InventoryRole[] = [
  predefined(1, 'Manager', 'Reads and changes everything.', ['*', '*', '*']),
  predefined(2, 'Reader', 'Reads everything.', ['*', '*', 'READ']),
  predefined(3, 'Operations: All', 'Sends every operation.', ['OPERATION', '*', 'ADMIN']),
  predefined(4, 'Operations: Restart Device', 'Restarts devices.', [
    'OPERATION',
    'c8y_Restart',
    'ADMIN',
  ]),
]
