import {
  hasRole,
  mayAdministerUsers,
  mayChangeSelf,
  mayCreateUsers,
  mayReadAllUsers,
  mayReadUser,
} from '../core/access.ts'
import type { Principal, Role, UserPrincipal } from '../core/access.ts'
import type { User, UserChange } from '../core/account.ts'
import type { Caller } from '../core/credentials.ts'
import { admitUser } from '../core/admit-user.ts'
import { denied, invalid, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { Group } from '../core/group.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import type { DevicePermissions } from '../core/permission.ts'
import type { AuditChange } from '../core/audit.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Passwords } from '../ports/passwords.ts'
import type { Secrets } from '../ports/secrets.ts'
import type { InTurn } from './in-turn.ts'
import { changeFrom, noteOf } from './note-of.ts'
import type { ProvePassword } from './prove-password.ts'

export type UserDraft = {
  readonly name: UserName
  /** Undefined for a user who gets one later: until then nobody can log in as it. */
  readonly password: string | undefined
  readonly enabled: boolean
  readonly roles: readonly Role[]
  readonly profile: Readonly<Record<string, string>>
  readonly more: UserExtras
}

/** What is left out stays as it is, or has its default. */
export type UserExtras = {
  readonly devicePermissions?: DevicePermissions
  readonly customProperties?: string
  readonly shouldResetPassword?: boolean
}

/** `undefined` leaves a field; so does a field of the profile that is not named. */
export type UserUpdate = Omit<UserChange, 'passwordHash'> & {
  readonly password: string | undefined
}

/**
 * The users of a tenant. Every call that names a tenant fails with `forbidden` for any but the caller's own,
 * whether or not it exists. Ok means on disk.
 */
export type ManageUsers = {
  /** The caller itself. Fails with `forbidden` for a key. */
  readonly readSelf: (principal: Principal) => Promise<Result<User>>

  /** Names and password, never roles. Fails with `forbidden` and `invalid`. */
  readonly changeSelf: (
    principal: Principal,
    update: Pick<UserUpdate, 'password' | 'profile'>,
  ) => Promise<Result<User>>

  /**
   * A new password for whoever knows the old one, without a role. Fails with `forbidden` for a key, with `invalid`, also for a
   * wrong old password, and with `too-many` for too many of those.
   */
  readonly changePassword: (
    principal: Principal,
    caller: Caller,
    passwords: { readonly old: string; readonly new: string },
  ) => Promise<Result<User>>

  /** By ascending name. Fails with `forbidden`. */
  readonly list: (principal: Principal, tenant: TenantId) => Promise<Result<readonly User[]>>

  /**
   * Without the right to administer users, only roles that the caller has itself can be given.
   * Fails with `forbidden`, `invalid` and `conflict` (user).
   */
  readonly create: (
    principal: Principal,
    tenant: TenantId,
    draft: UserDraft,
  ) => Promise<Result<User>>

  /** Fails with `forbidden` and `not-found` (user). */
  readonly read: (principal: Principal, tenant: TenantId, name: UserName) => Promise<Result<User>>

  /** Fails with `forbidden`, `invalid` and `not-found` (user). */
  readonly change: (
    principal: Principal,
    tenant: TenantId,
    name: UserName,
    update: UserUpdate,
  ) => Promise<Result<User>>

  /** The user with one role more. Fails with `forbidden` and `not-found` (user). */
  readonly grant: (
    principal: Principal,
    tenant: TenantId,
    name: UserName,
    role: Role,
  ) => Promise<Result<User>>

  /** Fails with `forbidden`, `not-found` (user) and `not-found` (role) when the user does not have it. */
  readonly revoke: (
    principal: Principal,
    tenant: TenantId,
    name: UserName,
    role: Role,
  ) => Promise<Result<User>>

  /** Users that the caller has been given, with those of their groups that exist, in the order given. */
  readonly withGroups: (users: readonly User[]) => Promise<Result<readonly UserWithGroups[]>>

  /** Fails with `forbidden` and `not-found` (user). */
  readonly delete: (principal: Principal, tenant: TenantId, name: UserName) => Promise<Result<void>>
}

export type UserWithGroups = { readonly user: User; readonly groups: readonly Group[] }

export type UserPorts = {
  readonly accounts: Accounts
  readonly passwords: Passwords
  readonly secrets: Secrets
  readonly provePassword: ProvePassword
  /** By the tenant's id, and shared by all that changes its users and groups: none may undo another. */
  readonly inTurn: InTurn
}

export const createManageUsers = (ports: UserPorts): ManageUsers => {
  const { accounts } = ports
  return {
    readSelf: async (principal) =>
      principal.kind === 'user' ? accounts.readUser(principal.tenant, principal.user) : denied,

    changeSelf: async (principal, { password, profile }) => {
      if (principal.kind !== 'user' || !mayChangeSelf(principal)) return denied
      const update = { password, profile, enabled: undefined, roles: undefined }
      return changeUser(ports, { principal, name: principal.user, shelf: 'own' }, update)
    },

    changePassword: (principal, caller, changed) =>
      changePassword(ports, principal, caller, changed),

    list: async (principal, tenant) =>
      isAt(principal, tenant) && mayReadAllUsers(principal) ? accounts.listUsers(tenant) : denied,

    create: async (principal, tenant, draft) => {
      if (!isAt(principal, tenant) || !mayCreateUsers(principal)) return denied
      if (!mayAdministerUsers(principal) && givesMore(principal, draft)) return denied
      const admitted = admitUser({ ...draft, ...draft.more })
      if (!admitted.ok) return admitted
      const { password, more, ...user } = draft
      const passwordHash = await ports.passwords.hash(password ?? ports.secrets.randomText(32))
      const shouldResetPassword = more.shouldResetPassword ?? password === undefined
      const changes = [{ attribute: 'roles', newValue: draft.roles.join(', ') }]
      const note = noteOf(principal, {
        type: 'User',
        activity: 'User created',
        source: draft.name,
        changes,
      })
      const made = { ...user, ...more, shouldResetPassword, tenant, passwordHash }
      return accounts.noting(note).createUser(made)
    },

    read: async (principal, tenant, name) =>
      isAt(principal, tenant) && mayReadUser(principal, name)
        ? accounts.readUser(tenant, name)
        : denied,

    change: async (principal, tenant, name, update) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeUser(ports, { principal, name, shelf: 'User' }, update)
        : denied,

    grant: async (principal, tenant, name, role) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeRoles(ports, principal, name, (roles) => success([...new Set([...roles, role])]))
        : denied,

    revoke: async (principal, tenant, name, role) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeRoles(ports, principal, name, (roles) => without(roles, role))
        : denied,

    withGroups: (users) => withGroups(accounts, users),

    delete: async (principal, tenant, name) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? accounts
            .noting(noteOf(principal, { type: 'User', activity: 'User deleted', source: name }))
            .deleteUser(tenant, name)
        : denied,
  }
}

/** Roles that the creator does not have, or any permission on an object. */
const givesMore = (principal: Principal, { roles, more }: UserDraft): boolean =>
  more.devicePermissions !== undefined || !roles.every((role) => hasRole(principal, role))

const withGroups = async (
  accounts: Accounts,
  users: readonly User[],
): Promise<Result<readonly UserWithGroups[]>> => {
  const member = users.find(({ groups }) => groups.length > 0)
  const groups = member === undefined ? success([]) : await accounts.listGroups(member.tenant)
  if (!groups.ok) return groups
  return success(
    users.map((user) => ({
      user,
      groups: groups.value.filter(({ id }) => user.groups.includes(id)),
    })),
  )
}

const isAt = (principal: Principal, tenant: TenantId): principal is UserPrincipal =>
  principal.kind === 'user' && principal.tenant === tenant

/** Whom a change is about, and where its audit record is kept. */
type Changed = {
  readonly principal: UserPrincipal
  readonly name: UserName
  readonly shelf: 'User' | 'own'
  /** Of the password by which the user has proved that it may; undefined for who needs not. */
  readonly provedHash?: string
}

/** The password is hashed first, so that nobody waits in a turn for what is slow on purpose. */
const changeUser = async (
  ports: UserPorts,
  changed: Changed,
  { password, ...update }: UserUpdate,
): Promise<Result<User>> => {
  const admitted = admitUser({ ...update, password })
  if (!admitted.ok) return admitted
  const { tenant } = changed.principal
  const known = await ports.accounts.readUser(tenant, changed.name)
  if (!known.ok) return known
  const passwordHash = password === undefined ? undefined : await ports.passwords.hash(password)
  return ports.inTurn(tenant, () => writeChange(ports, changed, { ...update, passwordHash }))
}

/** To be called in the tenant's turn. */
const writeChange = async (
  { accounts }: UserPorts,
  { principal, name, shelf, provedHash }: Changed,
  change: UserChange,
): Promise<Result<User>> => {
  const { tenant } = principal
  const old = await accounts.readUser(tenant, name)
  if (!old.ok) return old
  // Somebody else may have set a new one since, and it is that one that counts.
  if (provedHash !== undefined && provedHash !== old.value.passwordHash) return wrongPassword
  const profile = change.profile && { ...old.value.profile, ...change.profile }
  const note = noteOf(principal, {
    type: 'User',
    shelf,
    activity: change.passwordHash === undefined ? 'User changed' : 'User password changed',
    source: name,
    changes: rightChanges(old.value, change),
  })
  return accounts.noting(note).changeUser(tenant, name, { ...change, profile })
}

/** What gives or takes rights; what a person is called or how to reach it is nobody else's business. */
const rightChanges = (old: User, { enabled, roles }: UserChange): readonly AuditChange[] => [
  ...changeFrom('enabled', String(old.enabled), enabled?.toString()),
  ...changeFrom('roles', old.roles.join(', '), roles?.join(', ')),
]

type RolesAfter = (roles: readonly Role[]) => Result<readonly Role[]>

const without = (roles: readonly Role[], role: Role): Result<readonly Role[]> =>
  roles.includes(role) ? success(roles.filter((kept) => kept !== role)) : notFound('role', role)

const changeRoles = (
  ports: UserPorts,
  principal: UserPrincipal,
  name: UserName,
  after: RolesAfter,
): Promise<Result<User>> =>
  ports.inTurn(principal.tenant, async () => {
    const user = await ports.accounts.readUser(principal.tenant, name)
    if (!user.ok) return user
    const roles = after(user.value.roles)
    if (!roles.ok) return roles
    const change = { passwordHash: undefined, enabled: undefined, profile: undefined }
    const changed = { principal, name, shelf: 'User' } as const
    return writeChange(ports, changed, { ...change, roles: roles.value })
  })

const changePassword = async (
  ports: UserPorts,
  principal: Principal,
  caller: Caller,
  changed: { readonly old: string; readonly new: string },
): Promise<Result<User>> => {
  if (principal.kind !== 'user') return denied
  const { tenant, user } = principal
  const credentials = { kind: 'basic', tenant, user, password: changed.old, host: '' } as const
  const known = await ports.provePassword.prove(credentials, caller)
  if (!known.ok) return known.failure.kind === 'unauthenticated' ? wrongPassword : known
  const update = { password: changed.new, enabled: undefined, roles: undefined, profile: undefined }
  const provedHash = known.value.user.passwordHash
  return changeUser(ports, { principal, name: user, shelf: 'own', provedHash }, update)
}

const wrongPassword = invalid('currentUserPassword', 'is not the current password')
