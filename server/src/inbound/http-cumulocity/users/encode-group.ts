import type { Role } from '../../../core/access.ts'
import type { Group } from '../../../core/group.ts'
import { asSent } from '../ground/encode-json.ts'
import { encodeRole } from './encode-role.ts'

/** A group with its roles (docs/protocols/cumulocity.md, 6.3). Its `id` is a JSON number, unlike every other id. */
export const encodeGroup = (group: Group, base: string): Record<string, unknown> => {
  const self = groupUrl(group, base)
  return {
    id: group.id,
    self,
    name: group.name,
    description: group.description,
    devicePermissions: group.devicePermissions,
    customProperties: asSent(group.customProperties),
    applications: [],
    roles: {
      self: `${self}/roles`,
      references: group.roles.map((role) => encodeGroupRole(group, role, base)),
    },
    users: { self: `${self}/users`, references: [] },
  }
}

export const encodeGroupReference = (group: Group, base: string): Record<string, unknown> => ({
  self: groupUrl(group, base),
  group: encodeGroup(group, base),
})

export const encodeGroupRole = (
  group: Group,
  role: Role,
  base: string,
): Record<string, unknown> => ({
  self: groupRoleUrl(group, role, base),
  role: encodeRole(role, base),
})

type Named = Pick<Group, 'tenant' | 'id'>

export const groupUrl = ({ tenant, id }: Named, base: string): string =>
  `${base}/user/${encodeURIComponent(tenant)}/groups/${id}`

export const groupRoleUrl = (group: Named, role: Role, base: string): string =>
  `${groupUrl(group, base)}/roles/${role}`
