import Database from 'better-sqlite3'
import { failed } from '../../core/failure.ts'
import { retryAfterS } from '../../core/limits.ts'
import type { Failure, Result } from '../../core/failure.ts'

export type UnavailableReason = Extract<Failure, { kind: 'unavailable' }>['reason']

/** Codes after which nothing that the engine says about its files can be relied on. */
const brokenStorage =
  /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|PERM|AUTH|NOLFS|PROTOCOL|NOMEM)/

/** What an exception of the engine means to a caller; undefined when it is a bug of ours. */
export const unavailableReasonOf = (error: unknown): UnavailableReason | undefined => {
  if (!(error instanceof Database.SqliteError)) return undefined
  if (error.code === 'SQLITE_FULL') return 'disk-full'
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return 'busy'
  return brokenStorage.test(error.code) ? 'storage-failed' : undefined
}

export const unavailable = (reason: UnavailableReason): Result<never> =>
  failed({ kind: 'unavailable', reason, retryAfterS })
