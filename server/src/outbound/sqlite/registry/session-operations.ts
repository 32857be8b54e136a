import { notFound, success } from '../../../core/failure.ts'
import { sessionsPerUserMax } from '../../../core/limits.ts'
import { decodeSessionRow } from './decode-account-row.ts'
import { createTenantCheck } from './tenant-check.ts'
import type { Database } from 'better-sqlite3'
import type { Result } from '../../../core/failure.ts'
import type { TenantId, UserName } from '../../../core/identity.ts'
import type { Session } from '../../../core/session.ts'
import type { SessionRow } from './decode-account-row.ts'

const columns = 'hash, tenant, user, creation_ms, expires_ms'

/** Without a tenant: only who holds the token knows its hash, and it names the tenant. */
const selectByHash = `select ${columns} from session where hash = ?`

const selectUser = `select 1 from user where tenant = ? and name = ? and password_hash = ?`

const insertSession = `
  insert into session (${columns}) values (@hash, @tenant, @user, @creation_ms, @expires_ms)`

/** The oldest of a user beyond the newest so many. */
const deleteOldest = `
  delete from session where hash in (
    select hash from session where tenant = ? and user = ?
    order by creation_ms desc, hash desc limit -1 offset ${sessionsPerUserMax})
  returning hash`

const deleteByHash = `delete from session where hash = ?`

const deleteOfUser = 'delete from session where tenant = ? and user = ?'

export const createSessionReads = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const byHash = db.prepare<[string], SessionRow>(selectByHash)
  return {
    findSession: (hash: string): Result<Session> => {
      const row = byHash.get(hash)
      const session = row === undefined ? undefined : decodeSessionRow(row)
      // The digest of a secret is no name to repeat to a caller.
      return session !== undefined && hasTenant(session.tenant)
        ? success(session)
        : notFound('session', '')
    },
  }
}

export const createSessionWrites = (db: Database) => {
  const hasTenant = createTenantCheck(db)
  const user = db.prepare<[string, string, string]>(selectUser)
  const insert = db.prepare<[SessionRow]>(insertSession)
  const removeOldest = db.prepare<[string, string], { hash: string }>(deleteOldest)
  const remove = db.prepare<[string]>(deleteByHash)
  const { findSession } = createSessionReads(db)
  return {
    /** Answers the hashes of those that ended, so that a cache can forget them. */
    createSession: (session: Session, passwordHash: string): Result<readonly string[]> => {
      const { tenant, user: name } = session
      const isKnown = hasTenant(tenant) && user.get(tenant, name, passwordHash) !== undefined
      if (!isKnown) return notFound('user', name)
      insert.run(encodeSessionRow(session))
      return success(removeOldest.all(tenant, name).map(({ hash }) => hash))
    },
    endSession: (hash: string): Result<void> => {
      const known = findSession(hash)
      if (!known.ok) return known
      remove.run(hash)
      return success(undefined)
    },
  }
}

/** Ends all sessions of a user, in the transaction that makes that necessary. */
export const createSessionsEnd = (db: Database): ((tenant: TenantId, user: UserName) => void) => {
  const remove = db.prepare<[string, string]>(deleteOfUser)
  return (tenant, user) => {
    remove.run(tenant, user)
  }
}

const encodeSessionRow = (session: Session): SessionRow => ({
  hash: session.hash,
  tenant: session.tenant,
  user: session.user,
  creation_ms: session.creationMs,
  expires_ms: session.expiresMs,
})
