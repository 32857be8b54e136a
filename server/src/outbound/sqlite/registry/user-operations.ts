import { createdUser, endsSessions, mergeUser } from '../../../core/account.ts'
import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeUserRow } from './decode-account-row.ts'
import { createSessionsEnd } from './session-operations.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { NewUser, User, UserChange } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { UserRow } from './decode-account-row.ts'

const columns = `
  tenant, name, password_hash, enabled, roles, profile, creation_ms, last_password_change_ms,
  group_ids, device_permissions, assignments, custom_properties, should_reset_password`

const selectUser = `select ${columns} from user where tenant = ? and name = ?`

const selectUsers = `select ${columns} from user where tenant = ? order by name`

const insertUser = `
  insert into user (${columns})
  values (@tenant, @name, @password_hash, @enabled, @roles, @profile, @creation_ms,
    @last_password_change_ms, @group_ids, @device_permissions, @assignments,
    @custom_properties, @should_reset_password)`

const updateUser = `
  update user
  set password_hash = @password_hash, enabled = @enabled, roles = @roles, profile = @profile,
    last_password_change_ms = @last_password_change_ms, group_ids = @group_ids,
    device_permissions = @device_permissions, assignments = @assignments,
    custom_properties = @custom_properties, should_reset_password = @should_reset_password
  where tenant = @tenant and name = @name`

const deleteUser = 'delete from user where tenant = ? and name = ?'

export const createUserReads = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const one = db.prepare<[string, string], UserRow>(selectUser)
  const all = db.prepare<[string], UserRow>(selectUsers)
  return {
    readUser: (tenant: TenantId, name: UserName): Result<User> => {
      const row = hasTenant(tenant) ? one.get(tenant, name) : undefined
      return row === undefined ? notFound('user', name) : success(decodeUserRow(row))
    },
    listUsers: (tenant: TenantId): Result<readonly User[]> =>
      success(hasTenant(tenant) ? all.all(tenant).map(decodeUserRow) : []),
  }
}

export const createUserWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const insert = createUserInsert(db)
  const update = createUserUpdate(db)
  const remove = db.prepare<[string, string]>(deleteUser)
  const endSessions = createSessionsEnd(db)
  const { readUser } = createUserReads(db)
  return {
    createUser: (user: NewUser, nowMs: number): Result<User> => {
      if (!hasTenant(user.tenant)) return notFound('tenant', user.tenant)
      if (readUser(user.tenant, user.name).ok) return conflict('user', user.name)
      return success(insert(user, nowMs))
    },
    changeUser: (
      tenant: TenantId,
      name: UserName,
      change: UserChange,
      nowMs: number,
    ): Result<User> => {
      const old = readUser(tenant, name)
      if (!old.ok) return old
      const changed = mergeUser(old.value, change, nowMs)
      update(changed)
      if (endsSessions(change)) endSessions(tenant, name)
      return success(changed)
    },
    deleteUser: (tenant: TenantId, name: UserName): Result<void> => {
      if (!hasTenant(tenant) || remove.run(tenant, name).changes === 0)
        return notFound('user', name)
      endSessions(tenant, name)
      return success(undefined)
    },
  }
}

/** Inserts a user of whom it is known that the tenant is there and the name is free. */
export const createUserInsert = (db: Database): ((user: NewUser, nowMs: number) => User) => {
  const insert = db.prepare<[UserRow]>(insertUser)
  return (user, nowMs) => {
    const created = createdUser(user, nowMs)
    insert.run(encodeUserRow(created))
    return created
  }
}

/** Writes a user of whom it is known that it is there. */
export const createUserUpdate = (db: Database): ((user: User) => void) => {
  const update = db.prepare<[UserRow]>(updateUser)
  return (user) => {
    update.run(encodeUserRow(user))
  }
}

const encodeUserRow = (user: User): UserRow => ({
  tenant: user.tenant,
  name: user.name,
  password_hash: user.passwordHash,
  enabled: Number(user.enabled),
  roles: JSON.stringify(user.roles),
  profile: JSON.stringify(user.profile),
  creation_ms: user.creationMs,
  last_password_change_ms: user.lastPasswordChangeMs,
  group_ids: JSON.stringify(user.groups),
  device_permissions: JSON.stringify(user.devicePermissions),
  assignments: JSON.stringify(user.assignments),
  custom_properties: user.customProperties,
  should_reset_password: Number(user.shouldResetPassword),
})
