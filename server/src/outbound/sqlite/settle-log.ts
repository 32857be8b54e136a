import { closeSync, fsyncSync, openSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { isDiskFull } from './storage-error.ts'

/**
 * What a start finds in a log may be known to the system's memory alone: the fsync behind it failed, or never came. It is
 * written anew into the database and made safe there before anything follows from it that cannot be undone, such as the
 * removal of a file that it no longer names, and before anything is acknowledged behind it. Where the disk has no
 * room for that, the log itself is made as safe as it can be. Throws for any other failure.
 */
export const settleLog = (db: Pick<Database, 'name' | 'pragma'>): void => {
  try {
    db.pragma('wal_checkpoint(truncate)')
  } catch (error) {
    if (!isDiskFull(error)) throw error
    syncLog(db)
  }
}

/** The log is there: it could not be written back. */
const syncLog = ({ name }: Pick<Database, 'name'>): void => {
  const log = openSync(`${name}-wal`, 'r+')
  try {
    fsyncSync(log)
  } finally {
    closeSync(log)
  }
}
