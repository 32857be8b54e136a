import { decodeUserName } from '../../../core/decode-identity.ts'
import { failed, notFound, success } from '../../../core/failure.ts'
import type { Issue, Result } from '../../../core/failure.ts'
import { parseId } from '../../../core/event-id.ts'
import { toGroupId } from '../../../core/identity.ts'
import type { UserName } from '../../../core/identity.ts'
import type { GroupDraft, GroupName, GroupUpdate } from '../../../usecases/manage-groups.ts'
import {
  decodeCustomProperties,
  decodeDevicePermissions,
  decodeReference,
} from './decode-account-members.ts'
import {
  decodeMandatoryText,
  decodeMembers,
  decodeText,
  missing,
} from '../ground/decode-members.ts'
import { decodePathTenant } from './decode-user-path.ts'
import type { Exchange } from '../ground/exchange.ts'

/** Tenant and group in the path. Fails with `forbidden`, and `not-found` (group) for what is no number. */
export const decodeGroupPath = (exchange: Exchange): Result<GroupName> => {
  const tenant = decodePathTenant(exchange)
  if (!tenant.ok) return tenant
  const id = parseId(exchange.parameter('group'))
  if (id === undefined) return notFound('group', exchange.parameter('group'))
  return success({ tenant: tenant.value, id: toGroupId(id) })
}

/** Reads the body of `POST /user/{tenant}/groups`. Fails with `invalid`, every problem at once. */
export const decodeGroup = (text: string): Result<GroupDraft> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeMandatoryText(members.value, 'name', issues)
  const description = decodeText(members.value, 'description', issues) ?? ''
  const devicePermissions = decodeDevicePermissions(members.value, issues) ?? {}
  const customProperties = decodeCustomProperties(members.value, issues) ?? '{}'
  if (name === undefined || issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({ name, description, devicePermissions, customProperties })
}

/** Reads the body of `PUT` on a group. Its roles and users have resources of their own and are ignored. */
export const decodeGroupUpdate = (text: string): Result<GroupUpdate> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const issues: Issue[] = []
  const name = decodeText(members.value, 'name', issues)
  const description = decodeText(members.value, 'description', issues)
  const devicePermissions = decodeDevicePermissions(members.value, issues)
  const customProperties = decodeCustomProperties(members.value, issues)
  if (issues.length > 0) return failed({ kind: 'invalid', issues })
  return success({
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(devicePermissions === undefined ? {} : { devicePermissions }),
    ...(customProperties === undefined ? {} : { customProperties }),
  })
}

/** Reads `{"user": {"id": …}}` or `{"user": {"self": …}}`. Fails with `invalid` and `not-found` (user). */
export const decodeUserReference = (text: string): Result<UserName> => {
  const members = decodeMembers(text)
  if (!members.ok) return members
  const named = decodeReference(members.value, 'user')
  if (named === undefined) return failed(missing('user'))
  const name = decodeUserName(named)
  return name === undefined ? notFound('user', named) : success(name)
}
