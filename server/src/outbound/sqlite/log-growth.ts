import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

/**
 * By how much the file of a database grows when all of its log goes back into it. Until then the log has these pages; for
 * as long as a reader keeps the log from beginning anew the disk has them twice, so they are no free space now.
 */
export const createLogGrowth = (db: Database): (() => number) => {
  const databaseBytes = createDatabaseBytes(db)
  return () => {
    const fileBytes = statSync(db.name, { throwIfNoEntry: false })?.size ?? 0
    return Math.max(0, databaseBytes() - fileBytes)
  }
}

/** The size of a database with what its log has. */
export const createDatabaseBytes = (db: Database): (() => number) => {
  const pages = db.prepare<[], number>('pragma page_count').pluck()
  const pageBytes = Number(db.pragma('page_size', { simple: true }))
  return () => (pages.get() ?? 0) * pageBytes
}
