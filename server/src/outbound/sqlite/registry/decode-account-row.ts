import { roles } from '../../../core/access.ts'
import {
  toGroupId,
  toInventoryRoleId,
  toManagedObjectId,
  toTenantId,
  toUserName,
} from '../../../core/identity.ts'
import { decodePermission } from '../../../core/permission.ts'
import type { Role } from '../../../core/access.ts'
import type { AppKind, App, User } from '../../../core/account.ts'
import type { DeviceRequest, DeviceRequestState } from '../../../core/device-request.ts'
import type { Group } from '../../../core/group.ts'
import type { InventoryAssignment, OwnInventoryRole } from '../../../core/inventory-role.ts'
import type { DevicePermissions } from '../../../core/permission.ts'
import type { Session } from '../../../core/session.ts'

export type UserRow = {
  readonly tenant: string
  readonly name: string
  readonly password_hash: string
  readonly enabled: number
  readonly roles: string
  readonly profile: string
  readonly creation_ms: number
  readonly last_password_change_ms: number
  readonly group_ids: string
  readonly device_permissions: string
  readonly assignments: string
  readonly custom_properties: string
  readonly should_reset_password: number
}

export const decodeUserRow = (row: UserRow): User => ({
  tenant: toTenantId(row.tenant),
  name: toUserName(row.name),
  passwordHash: row.password_hash,
  enabled: row.enabled === 1,
  roles: decodeRoles(row.roles),
  profile: JSON.parse(row.profile) as Readonly<Record<string, string>>,
  groups: (JSON.parse(row.group_ids) as readonly number[]).map(toGroupId),
  devicePermissions: decodeDevicePermissions(row.device_permissions),
  assignments: decodeAssignments(row.assignments),
  customProperties: row.custom_properties,
  shouldResetPassword: row.should_reset_password === 1,
  creationMs: row.creation_ms,
  lastPasswordChangeMs: row.last_password_change_ms,
})

/** A role that this server no longer knows gives no right, so it is left out. */
const decodeRoles = (text: string): readonly Role[] => {
  const kept = new Set(JSON.parse(text) as readonly string[])
  const known = roles.filter((role) => kept.has(role))
  const order = [...kept]
  return known.sort((left, right) => order.indexOf(left) - order.indexOf(right))
}

const decodeDevicePermissions = (text: string): DevicePermissions =>
  JSON.parse(text) as DevicePermissions

const decodeAssignments = (text: string): readonly InventoryAssignment[] => {
  const kept = JSON.parse(text) as readonly {
    readonly id: number
    readonly object: number
    readonly roles: readonly number[]
  }[]
  return kept.map((assignment) => ({
    id: assignment.id,
    object: toManagedObjectId(assignment.object),
    roles: assignment.roles.map(toInventoryRoleId),
  }))
}

export type AppRow = {
  readonly tenant: string
  readonly id: string
  readonly name: string
  readonly key: string
  readonly creation_ms: number
  readonly kind: string
  readonly context_path: string | null
}

export const decodeAppRow = (row: AppRow): App => ({
  tenant: toTenantId(row.tenant),
  id: row.id,
  name: row.name,
  key: row.key,
  kind: row.kind as AppKind,
  contextPath: row.context_path ?? undefined,
  creationMs: row.creation_ms,
})

export type SessionRow = {
  readonly hash: string
  readonly tenant: string
  readonly user: string
  readonly creation_ms: number
  readonly expires_ms: number
}

export const decodeSessionRow = (row: SessionRow): Session => ({
  tenant: toTenantId(row.tenant),
  user: toUserName(row.user),
  hash: row.hash,
  creationMs: row.creation_ms,
  expiresMs: row.expires_ms,
})

export type GroupRow = {
  readonly id: number
  readonly tenant: string
  readonly name: string
  readonly description: string
  readonly roles: string
  readonly device_permissions: string
  readonly custom_properties: string
  readonly creation_ms: number
}

export const decodeGroupRow = (row: GroupRow): Group => ({
  tenant: toTenantId(row.tenant),
  id: toGroupId(row.id),
  name: row.name,
  description: row.description,
  roles: decodeRoles(row.roles),
  devicePermissions: decodeDevicePermissions(row.device_permissions),
  customProperties: row.custom_properties,
  creationMs: row.creation_ms,
})

export type InventoryRoleRow = {
  readonly id: number
  readonly tenant: string
  readonly name: string
  readonly description: string
  readonly permissions: string
}

/** A permission that this server no longer knows gives no right, so it is left out. */
export const decodeInventoryRoleRow = (row: InventoryRoleRow): OwnInventoryRole => ({
  tenant: toTenantId(row.tenant),
  id: toInventoryRoleId(row.id),
  name: row.name,
  description: row.description,
  permissions: (JSON.parse(row.permissions) as readonly string[]).flatMap(
    (text) => decodePermission(text) ?? [],
  ),
})

export type DeviceRequestRow = {
  readonly tenant: string
  readonly id: string
  readonly type: string | null
  readonly group_id: string | null
  readonly state: string
  readonly token_hash: string | null
  readonly creation_ms: number
}

export const decodeDeviceRequestRow = (row: DeviceRequestRow): DeviceRequest => ({
  tenant: toTenantId(row.tenant),
  id: row.id,
  type: row.type ?? undefined,
  groupId: row.group_id ?? undefined,
  state: row.state as DeviceRequestState,
  tokenHash: row.token_hash ?? undefined,
  creationMs: row.creation_ms,
})
