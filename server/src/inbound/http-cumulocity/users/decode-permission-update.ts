import { decodeUserName } from '../../../core/decode-identity.ts'
import { parseId } from '../../../core/event-id.ts'
import { failed, invalid, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { toGroupId } from '../../../core/identity.ts'
import { permittedObjectsMax } from '../../../core/limits.ts'
import type { PermissionUpdate } from '../../../usecases/manage-device-permissions.ts'
import { decodeDevicePermissions } from './decode-account-members.ts'
import { decodeList, decodeMembers, decodeText, missing } from '../ground/decode-members.ts'
import type { Members } from '../ground/decode-members.ts'

/**
 * Reads `{"users": [{"userName", "devicePermissions"}], "groups": [{"id", "devicePermissions"}]}`: of each map what it
 * has under the object. Fails with `invalid`, and with `not-found` (user, group) for what can be no name.
 */
export const decodePermissionUpdate = (text: string, object: string): Result<PermissionUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const users = decodeHolders(members.value, 'users', (holder) => {
    const sent = decodeText(holder, 'userName', [])
    if (sent === undefined) return failed(missing('userName'))
    const name = decodeUserName(sent)
    if (name === undefined) return notFound('user', sent)
    const permissions = decodePermissionsOn(holder, object)
    return permissions.ok ? success({ name, permissions: permissions.value }) : permissions
  })
  if (!users.ok) return users
  const groups = decodeHolders(members.value, 'groups', (holder) => {
    const id = holder.get('id')
    if (id === undefined) return failed(missing('id'))
    const number = parseId(id.kind === 'number' ? id.value : (decodeText(holder, 'id', []) ?? ''))
    if (number === undefined) return invalid('id', 'must be the number of a group')
    const permissions = decodePermissionsOn(holder, object)
    if (!permissions.ok) return permissions
    return success({ id: toGroupId(number), permissions: permissions.value })
  })
  return groups.ok ? success({ users: users.value, groups: groups.value }) : groups
}

const decodeHolders = <T>(
  members: Members,
  path: string,
  decode: (holder: Members) => Result<T>,
): Result<readonly T[]> => {
  if (!members.has(path)) return success([])
  return decodeList(members, path, permittedObjectsMax, (element) => {
    const holder = decodeMembers(element)
    return holder.ok ? decode(holder.value) : holder
  })
}

const decodePermissionsOn = (holder: Members, object: string): Result<readonly string[]> => {
  const issues: Issue[] = []
  const permissions = decodeDevicePermissions(holder, issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success(permissions?.[object] ?? [])
}
