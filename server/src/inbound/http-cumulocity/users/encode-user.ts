import type { Role } from '../../../core/access.ts'
import type { User } from '../../../core/account.ts'
import type { Group } from '../../../core/group.ts'
import { formatInstant } from '../../../core/event-time.ts'
import { encodeGroupReference } from './encode-group.ts'
import { asSent } from '../ground/encode-json.ts'
import { encodeRole } from './encode-role.ts'

/** A user with groups and roles (docs/protocols/cumulocity.md, 6.3). Never the password, nor its hash. */
export const encodeUser = (
  user: User,
  groups: readonly Group[],
  base: string,
): Record<string, unknown> => {
  const self = userUrl(user, base)
  return {
    self,
    ...shared(user),
    enabled: user.enabled,
    customProperties: asSent(user.customProperties),
    applications: [],
    groups: {
      self: `${self}/groups`,
      references: groups.map((group) => encodeGroupReference(group, base)),
    },
    roles: {
      self: `${self}/roles`,
      references: user.roles.map((role) => encodeRoleReference(user, role, base)),
    },
  }
}

/** The caller itself, as `currentUser`: its roles, wherever they come from, as `effectiveRoles`. */
export const encodeCurrentUser = (
  user: User,
  groups: readonly Group[],
  base: string,
): Record<string, unknown> => ({
  self: `${base}/user/currentUser`,
  ...shared(user),
  effectiveRoles: [...new Set([...user.roles, ...groups.flatMap(({ roles }) => roles)])].map(
    (role) => encodeRole(role, base),
  ),
})

export const encodeRoleReference = (
  user: User,
  role: Role,
  base: string,
): Record<string, unknown> => ({
  self: roleReferenceUrl(user, role, base),
  role: encodeRole(role, base),
})

export const userUrl = ({ tenant, name }: Pick<User, 'tenant' | 'name'>, base: string): string =>
  `${base}/user/${encodeURIComponent(tenant)}/users/${encodeURIComponent(name)}`

export const roleReferenceUrl = (user: User, role: Role, base: string): string =>
  `${userUrl(user, base)}/roles/${role}`

const shared = ({
  name,
  profile,
  lastPasswordChangeMs,
  devicePermissions,
  shouldResetPassword,
}: User): Record<string, unknown> => ({
  ...profile,
  id: name,
  userName: name,
  devicePermissions,
  shouldResetPassword,
  twoFactorAuthenticationEnabled: false,
  lastPasswordChange: formatInstant(lastPasswordChangeMs),
})
