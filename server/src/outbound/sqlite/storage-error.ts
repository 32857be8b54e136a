import Database from 'better-sqlite3'
import { failed } from '../../core/failure.ts'
import { retryAfterS } from '../../core/limits.ts'
import type { Failure, Result } from '../../core/failure.ts'

export type UnavailableReason = Extract<Failure, { kind: 'unavailable' }>['reason']

/** No room, for the files themselves or for the index of the WAL: the transaction is undone, for this process at least. */
const fullStorage = /^SQLITE_(FULL|IOERR_SHMSIZE)$/

/** Codes after which nothing that the engine says about its files can be relied on. */
const brokenStorage =
  /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|PERM|AUTH|NOLFS|PROTOCOL|NOMEM)/

/** What an exception of the engine means to a caller; undefined when it is a bug of ours. */
export const unavailableReasonOf = (error: unknown): UnavailableReason | undefined => {
  if (!(error instanceof Database.SqliteError)) return undefined
  if (fullStorage.test(error.code)) return 'disk-full'
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) return 'busy'
  return brokenStorage.test(error.code) ? 'storage-failed' : undefined
}

/**
 * Whether a commit that failed with this may be whole in the WAL all the same. The engine makes the index of the WAL longer
 * when the frames of the commit are written and synced already (`walFrames` of SQLite), and then only forgets them: until
 * the next transaction is written over them, a start after a crash reads them and finds the commit in force. With any
 * other want of room the last frame, which makes it a commit, is not there.
 */
export const mayBeInLog = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code === 'SQLITE_IOERR_SHMSIZE'

/** Whether the storage refused, through the engine or through the system; anything else that is thrown is a bug. */
export const isStorageError = (error: unknown): boolean =>
  unavailableReasonOf(error) !== undefined || systemCodeOf(error) !== undefined

/** Whether it refused for want of space. */
export const isDiskFull = (error: unknown): boolean =>
  unavailableReasonOf(error) === 'disk-full' || /^(ENOSPC|EDQUOT)$/.test(systemCodeOf(error) ?? '')

/** The code of a failed system call, such as ENOSPC. */
const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

export const unavailable = (reason: UnavailableReason): Result<never> =>
  failed({ kind: 'unavailable', reason, retryAfterS })
