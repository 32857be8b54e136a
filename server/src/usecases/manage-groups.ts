import { mayAdministerUsers, mayReadAllUsers, mayReadUser } from '../core/access.ts'
import type { Principal, Role } from '../core/access.ts'
import type { User } from '../core/account.ts'
import type { AuditChange, AuditNote } from '../core/audit.ts'
import { isDevicePermissionsBound } from '../core/permission.ts'
import { conflict, denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { Group, GroupChange } from '../core/group.ts'
import type { GroupId, TenantId, UserName } from '../core/identity.ts'
import { groupsMax } from '../core/limits.ts'
import type { DevicePermissions } from '../core/permission.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { InTurn } from './in-turn.ts'
import { changeFrom, noteOf } from './note-of.ts'
import { isDisplayName } from './manage-tenants.ts'

export type GroupDraft = {
  readonly name: string
  readonly description: string
  readonly devicePermissions: DevicePermissions
  readonly customProperties: string
}

export type GroupUpdate = Partial<GroupDraft>

/**
 * Groups of users (docs/protocols/cumulocity.md, 6.3). Every call fails with `forbidden` for any tenant but the caller's own,
 * whether or not it exists; reading needs the right to read all users, changing to administer them. Ok means on disk.
 */
export type ManageGroups = {
  /** By ascending id. */
  readonly list: (principal: Principal, tenant: TenantId) => Promise<Result<readonly Group[]>>

  /** Fails with `not-found` (group). */
  readonly read: (principal: Principal, tenant: TenantId, id: GroupId) => Promise<Result<Group>>

  /** Fails with `not-found` (group). */
  readonly readByName: (
    principal: Principal,
    tenant: TenantId,
    name: string,
  ) => Promise<Result<Group>>

  /** Fails with `invalid`, also beyond `groupsMax`, and `conflict` (group). */
  readonly create: (
    principal: Principal,
    tenant: TenantId,
    draft: GroupDraft,
  ) => Promise<Result<Group>>

  /** Fails with `invalid`, `not-found` (group) and `conflict` (group). */
  readonly change: (
    principal: Principal,
    tenant: TenantId,
    id: GroupId,
    update: GroupUpdate,
  ) => Promise<Result<Group>>

  /** Its members lose what it gave them with the next request. Fails with `not-found` (group). */
  readonly delete: (principal: Principal, tenant: TenantId, id: GroupId) => Promise<Result<void>>

  readonly roles: GroupRoles
  readonly members: GroupMembers
}

export type GroupRoles = {
  /** Fails with `not-found` (group), and with `conflict` (role) when the group has it. */
  readonly grant: (principal: Principal, group: GroupName, role: Role) => Promise<Result<Group>>

  /** Fails with `not-found` (group), and with `not-found` (role) when the group does not have it. */
  readonly revoke: (principal: Principal, group: GroupName, role: Role) => Promise<Result<Group>>
}

export type GroupMembers = {
  /** By ascending name. Fails with `not-found` (group). */
  readonly list: (principal: Principal, group: GroupName) => Promise<Result<readonly User[]>>

  /** A member stays one. Fails with `not-found` (group, user). */
  readonly add: (principal: Principal, group: GroupName, user: UserName) => Promise<Result<User>>

  /** Fails with `not-found` (group), and with `not-found` (user) also for who is no member. */
  readonly remove: (principal: Principal, group: GroupName, user: UserName) => Promise<Result<User>>

  /** The groups of a user, who may ask for its own. Fails with `not-found` (user). */
  readonly groupsOf: (
    principal: Principal,
    tenant: TenantId,
    user: UserName,
  ) => Promise<Result<readonly Group[]>>
}

export type GroupName = { readonly tenant: TenantId; readonly id: GroupId }

export type GroupPorts = {
  readonly accounts: Accounts
  /**
   * By the tenant's id, and shared by all that changes its users and groups: none may undo another, or take the same last
   * place.
   */
  readonly inTurn: InTurn
}

export const createManageGroups = (ports: GroupPorts): ManageGroups => {
  const { accounts, inTurn } = ports
  return {
    list: async (principal, tenant) =>
      isReader(principal, tenant) ? accounts.listGroups(tenant) : denied,

    read: async (principal, tenant, id) =>
      isReader(principal, tenant) ? accounts.readGroup(tenant, id) : denied,

    readByName: async (principal, tenant, name) => {
      if (!isReader(principal, tenant)) return denied
      const groups = await accounts.listGroups(tenant)
      if (!groups.ok) return groups
      const named = groups.value.find((group) => group.name === name)
      return named === undefined ? notFound('group', name) : success(named)
    },

    create: async (principal, tenant, draft) => {
      if (!isAdministrator(principal, tenant)) return denied
      const admitted = admitGroup(draft)
      if (!admitted.ok) return admitted
      const about = draft.name
      const note = noteOf(principal, { type: 'Group', activity: 'Group created', about })
      return inTurn(tenant, async () => {
        const groups = await accounts.listGroups(tenant)
        if (!groups.ok) return groups
        if (groups.value.length >= groupsMax) return tooManyGroups
        return accounts.noting(note).createGroup({ ...draft, tenant, roles: [] })
      })
    },

    change: async (principal, tenant, id, update) => {
      if (!isAdministrator(principal, tenant)) return denied
      const admitted = admitGroup(update)
      if (!admitted.ok) return admitted
      const note = groupNote(principal, id, 'Group changed')
      return inTurn(tenant, () => accounts.noting(note).changeGroup(tenant, id, update))
    },

    delete: async (principal, tenant, id) => {
      if (!isAdministrator(principal, tenant)) return denied
      const note = groupNote(principal, id, 'Group deleted')
      return inTurn(tenant, () => accounts.noting(note).deleteGroup(tenant, id))
    },

    roles: createGroupRoles(ports),
    members: createGroupMembers(ports),
  }
}

const tooManyGroups = invalid('', `a tenant has at most ${groupsMax} groups`)

const isReader = (principal: Principal, tenant: TenantId): boolean =>
  principal.tenant === tenant && mayReadAllUsers(principal)

const isAdministrator = (principal: Principal, tenant: TenantId): boolean =>
  principal.tenant === tenant && mayAdministerUsers(principal)

const admitGroup = ({ name, devicePermissions }: GroupUpdate): Result<void> => {
  if (name !== undefined && !isDisplayName(name)) return invalid('name', 'must be a name')
  return devicePermissions === undefined || isDevicePermissionsBound(devicePermissions)
    ? success(undefined)
    : invalid('devicePermissions', 'names too many objects')
}

const groupNote = (
  principal: Principal,
  id: GroupId,
  activity: string,
  changes: readonly AuditChange[] = [],
): AuditNote => noteOf(principal, { type: 'Group', activity, source: String(id), changes })

const createGroupRoles = ({ accounts, inTurn }: GroupPorts): GroupRoles => {
  const change = async (
    principal: Principal,
    { tenant, id }: GroupName,
    changeOf: (group: Group) => Result<GroupChange>,
  ): Promise<Result<Group>> => {
    if (!isAdministrator(principal, tenant)) return denied
    return inTurn(tenant, async () => {
      const group = await accounts.readGroup(tenant, id)
      if (!group.ok) return group
      const update = changeOf(group.value)
      if (!update.ok) return update
      const changes = changeFrom(
        'roles',
        group.value.roles.join(', '),
        update.value.roles?.join(', '),
      )
      const note = groupNote(principal, id, 'Group roles changed', changes)
      return accounts.noting(note).changeGroup(tenant, id, update.value)
    })
  }
  return {
    grant: (principal, group, role) =>
      change(principal, group, ({ roles }) =>
        roles.includes(role) ? conflict('role', role) : success({ roles: [...roles, role] }),
      ),
    revoke: (principal, group, role) =>
      change(principal, group, ({ roles }) =>
        roles.includes(role)
          ? success({ roles: roles.filter((kept) => kept !== role) })
          : notFound('role', role),
      ),
  }
}

const createGroupMembers = ({ accounts, inTurn }: GroupPorts): GroupMembers => {
  const change = async (
    principal: Principal,
    { tenant, id }: GroupName,
    name: UserName,
    groupsAfter: (user: User) => Result<readonly GroupId[]>,
  ): Promise<Result<User>> => {
    if (!isAdministrator(principal, tenant)) return denied
    return inTurn(tenant, async () => {
      const group = await accounts.readGroup(tenant, id)
      if (!group.ok) return group
      const user = await accounts.readUser(tenant, name)
      if (!user.ok) return user
      const groups = groupsAfter(user.value)
      if (!groups.ok) return groups
      const activity = 'User groups changed'
      const changes = changeFrom('groups', user.value.groups.join(', '), groups.value.join(', '))
      const note = noteOf(principal, { type: 'User', activity, source: name, changes })
      return accounts.noting(note).changeUser(tenant, name, { ...noChange, groups: groups.value })
    })
  }
  return {
    list: async (principal, { tenant, id }) => {
      if (!isReader(principal, tenant)) return denied
      const group = await accounts.readGroup(tenant, id)
      if (!group.ok) return group
      const users = await accounts.listUsers(tenant)
      return users.ok ? success(users.value.filter(({ groups }) => groups.includes(id))) : users
    },
    add: (principal, group, name) =>
      change(principal, group, name, ({ groups }) => success([...new Set([...groups, group.id])])),
    remove: (principal, group, name) =>
      change(principal, group, name, ({ groups }) =>
        groups.includes(group.id)
          ? success(groups.filter((kept) => kept !== group.id))
          : notFound('user', name),
      ),
    groupsOf: async (principal, tenant, name) => {
      if (principal.tenant !== tenant || !mayReadUser(principal, name)) return denied
      const account = await accounts.readAccount(tenant, name)
      return account.ok ? success(account.value.groups) : account
    },
  }
}

const noChange = {
  passwordHash: undefined,
  enabled: undefined,
  roles: undefined,
  profile: undefined,
}
