import { mergeUser } from '../../../core/account.ts'
import { conflict, notFound, success } from '../../../core/failure.ts'
import { decodeUserRow } from './decode-registry-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { NewUser, User, UserChange } from '../../../core/account.ts'
import type { Result } from '../../../core/failure.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { UserRow } from './decode-registry-row.ts'

const columns = `
  tenant, name, password_hash, enabled, roles, profile, creation_ms, last_password_change_ms`

const selectUser = `select ${columns} from user where tenant = ? and name = ?`

const selectUsers = `select ${columns} from user where tenant = ? order by name`

const insertUser = `
  insert into user (${columns})
  values (@tenant, @name, @password_hash, @enabled, @roles, @profile, @creation_ms,
    @last_password_change_ms)`

const updateUser = `
  update user
  set password_hash = @password_hash, enabled = @enabled, roles = @roles, profile = @profile,
    last_password_change_ms = @last_password_change_ms
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
  const update = db.prepare<[UserRow]>(updateUser)
  const remove = db.prepare<[string, string]>(deleteUser)
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
      update.run(encodeUserRow(changed))
      return success(changed)
    },
    deleteUser: (tenant: TenantId, name: UserName): Result<void> =>
      hasTenant(tenant) && remove.run(tenant, name).changes === 1
        ? success(undefined)
        : notFound('user', name),
  }
}

/** Inserts a user of whom it is known that the tenant is there and the name is free. */
export const createUserInsert = (db: Database): ((user: NewUser, nowMs: number) => User) => {
  const insert = db.prepare<[UserRow]>(insertUser)
  return (user, nowMs) => {
    const created = { ...user, creationMs: nowMs, lastPasswordChangeMs: nowMs }
    insert.run(encodeUserRow(created))
    return created
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
})
