import { parseId, parseManagedObjectId } from '../../../core/event-id.ts'
import { failed, invalid, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toInventoryRoleId } from '../../../core/identity.ts'
import type { ManagedObjectId } from '../../../core/identity.ts'
import { permissionsMax } from '../../../core/limits.ts'
import { decodePermission } from '../../../core/permission.ts'
import type { Permission } from '../../../core/permission.ts'
import type {
  AssignmentDraft,
  AssignmentUpdate,
  InventoryRoleDraft,
  RoleName,
} from '../../../usecases/manage-inventory-roles.ts'
import {
  decodeList,
  decodeMandatoryText,
  decodeMembers,
  decodeText,
} from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/** Reads the body of `POST /user/inventoryroles`. Fails with `invalid`. */
export const decodeInventoryRole = (text: string): Result<InventoryRoleDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeMandatoryText(members.value, 'name', issues)
  const description = decodeText(members.value, 'description', issues) ?? ''
  if (name === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  const permissions = decodeRolePermissions(members.value)
  return permissions.ok
    ? success({ name, description, permissions: permissions.value })
    : permissions
}

/** Reads the body of `PUT` on an inventory role. Fails with `invalid`. */
export const decodeInventoryRoleUpdate = (text: string): Result<Partial<InventoryRoleDraft>> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeText(members.value, 'name', issues)
  const description = decodeText(members.value, 'description', issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  const permissions = members.value.has('permissions')
    ? decodeRolePermissions(members.value)
    : undefined
  if (permissions?.ok === false) return permissions
  return success({
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(permissions === undefined ? {} : { permissions: permissions.value }),
  })
}

const decodeRolePermissions = (members: Members): Result<readonly Permission[]> =>
  decodeList(members, 'permissions', permissionsMax, (element) => {
    const parts = decodeMembers(element)
    if (!parts.ok) return parts
    const [scope, type, permission] = ['scope', 'type', 'permission'].map((name) =>
      decodeText(parts.value, name, []),
    )
    const decoded = decodePermission(`${scope ?? '*'}:${type ?? '*'}:${permission ?? ''}`)
    return decoded === undefined
      ? invalid('', 'must have scope, type and permission')
      : success(decoded)
  })

/** Reads `{"managedObject": "<id>", "roles": [{"id"} or {"name"}]}`. Fails with `invalid`. */
export const decodeAssignment = (text: string): Result<AssignmentDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const object = decodeObject(members.value)
  if (object === undefined) return noObject
  const roles = decodeRoleNames(members.value)
  return roles.ok ? success({ object, roles: roles.value }) : roles
}

/** Reads `{"roles": [{"id"} or {"name"}], "managedObject"?: "<id>"}`. Fails with `invalid`. */
export const decodeAssignmentUpdate = (text: string): Result<AssignmentUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const object = decodeObject(members.value)
  if (object === undefined && members.value.has('managedObject')) return noObject
  const roles = decodeRoleNames(members.value)
  return roles.ok ? success({ object, roles: roles.value }) : roles
}

const noObject = invalid('managedObject', 'must be the id of an object')

const decodeObject = (members: Members): ManagedObjectId | undefined => {
  const named = members.get('managedObject')
  return named?.kind === 'number' || named?.kind === 'string'
    ? parseManagedObjectId(named.value.replaceAll('"', ''))
    : undefined
}

const decodeRoleNames = (members: Members): Result<readonly RoleName[]> =>
  decodeList(members, 'roles', permissionsMax, decodeRoleName)

const decodeRoleName = (text: string): Result<RoleName> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const id = members.value.get('id')
  const number = id === undefined ? undefined : parseId(id.value.replaceAll('"', ''))
  if (number !== undefined) return success({ id: toInventoryRoleId(number) })
  const name = decodeText(members.value, 'name', [])
  return name === undefined ? invalid('', 'must have an id or a name') : success({ name })
}
