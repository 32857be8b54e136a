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
import { admitUser } from '../core/admit-user.ts'
import { failed, notFound, success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { TenantId, UserName } from '../core/identity.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Passwords } from '../ports/passwords.ts'

export type UserDraft = {
  readonly name: UserName
  readonly password: string
  readonly enabled: boolean
  readonly roles: readonly Role[]
  readonly profile: Readonly<Record<string, string>>
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

  /** Fails with `forbidden` and `not-found` (user). */
  readonly delete: (principal: Principal, tenant: TenantId, name: UserName) => Promise<Result<void>>
}

export type UserPorts = { readonly accounts: Accounts; readonly passwords: Passwords }

export const createManageUsers = (ports: UserPorts): ManageUsers => {
  const { accounts } = ports
  const changeRoles = createRoleChanges(ports)
  return {
    readSelf: async (principal) =>
      principal.kind === 'user' ? accounts.readUser(principal.tenant, principal.user) : denied,

    changeSelf: async (principal, { password, profile }) => {
      if (principal.kind !== 'user' || !mayChangeSelf(principal)) return denied
      const update = { password, profile, enabled: undefined, roles: undefined }
      return changeUser(ports, principal, principal.user, update)
    },

    list: async (principal, tenant) =>
      isAt(principal, tenant) && mayReadAllUsers(principal) ? accounts.listUsers(tenant) : denied,

    create: async (principal, tenant, draft) => {
      if (!isAt(principal, tenant) || !mayCreateUsers(principal)) return denied
      if (
        !mayAdministerUsers(principal) &&
        !draft.roles.every((role) => hasRole(principal, role))
      ) {
        return denied
      }
      const admitted = admitUser(draft)
      if (!admitted.ok) return admitted
      const { password, ...user } = draft
      const passwordHash = await ports.passwords.hash(password)
      return accounts.createUser({ ...user, tenant, passwordHash })
    },

    read: async (principal, tenant, name) =>
      isAt(principal, tenant) && mayReadUser(principal, name)
        ? accounts.readUser(tenant, name)
        : denied,

    change: async (principal, tenant, name, update) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeUser(ports, principal, name, update)
        : denied,

    grant: async (principal, tenant, name, role) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeRoles(principal, name, (roles) => success([...new Set([...roles, role])]))
        : denied,

    revoke: async (principal, tenant, name, role) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? changeRoles(principal, name, (roles) => without(roles, role))
        : denied,

    delete: async (principal, tenant, name) =>
      isAt(principal, tenant) && mayAdministerUsers(principal)
        ? accounts.deleteUser(tenant, name)
        : denied,
  }
}

const denied = failed({ kind: 'forbidden', reason: 'role' })

const isAt = (principal: Principal, tenant: TenantId): principal is UserPrincipal =>
  principal.kind === 'user' && principal.tenant === tenant

const changeUser = async (
  { accounts, passwords }: UserPorts,
  { tenant }: UserPrincipal,
  name: UserName,
  update: UserUpdate,
): Promise<Result<User>> => {
  const admitted = admitUser(update)
  if (!admitted.ok) return admitted
  const { password, profile, ...change } = update
  const old = profile === undefined ? undefined : await accounts.readUser(tenant, name)
  if (old?.ok === false) return old
  const passwordHash = password === undefined ? undefined : await passwords.hash(password)
  const merged = profile && { ...old?.value.profile, ...profile }
  return accounts.changeUser(tenant, name, { ...change, profile: merged, passwordHash })
}

type RolesAfter = (roles: readonly Role[]) => Result<readonly Role[]>

const without = (roles: readonly Role[], role: Role): Result<readonly Role[]> =>
  roles.includes(role) ? success(roles.filter((kept) => kept !== role)) : notFound('role', role)

/** One at a time: each reads the roles and writes them back, and none may undo another. */
const createRoleChanges = (ports: UserPorts) => {
  let last: Promise<unknown> = Promise.resolve()
  return (principal: UserPrincipal, name: UserName, after: RolesAfter): Promise<Result<User>> => {
    const change = async (): Promise<Result<User>> => {
      const user = await ports.accounts.readUser(principal.tenant, name)
      if (!user.ok) return user
      const roles = after(user.value.roles)
      if (!roles.ok) return roles
      const update = { password: undefined, enabled: undefined, profile: undefined }
      return changeUser(ports, principal, name, { ...update, roles: roles.value })
    }
    const turn = last.then(change, change)
    last = turn
    return turn
  }
}
