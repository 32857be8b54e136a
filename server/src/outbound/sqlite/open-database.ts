import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { applyMigrations } from './migrations.ts'
import type { Migration } from './migrations.ts'

type Db = Database.Database

export type DatabaseFile = {
  readonly path: string
  readonly migrations: readonly Migration[]
  /** The largest size the file may have; undefined for as large as the disk. */
  readonly bytesMax?: number | undefined
}

/** Opens for writing, creating or upgrading the file. Throws when a promise of the settings is not kept. */
export const openForWriting = (file: DatabaseFile): Db => {
  const db = new Database(file.path, { timeout: 0 })
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.pragma('wal_autocheckpoint = 0')
  db.pragma(`journal_size_limit = ${walKeptBytes}`)
  db.pragma('temp_store = memory')
  db.pragma('foreign_keys = on')
  db.pragma(`cache_size = -${writerCacheKiB}`)
  checkDurable(db, file.path)
  if (file.bytesMax !== undefined) limitSize(db, file.bytesMax)
  applyMigrations(db, file.path, file.migrations)
  db.pragma(`busy_timeout = ${writerBusyMs}`)
  return db
}

/** Readers are waited for no longer than `busyMs` while this runs. */
export const withBusyTimeout = <T>(db: Db, busyMs: number, run: () => T): T => {
  db.pragma(`busy_timeout = ${busyMs}`)
  try {
    return run()
  } finally {
    db.pragma(`busy_timeout = ${writerBusyMs}`)
  }
}

/** Opens for reading what the writer has already created. */
export const openForReading = (path: string): Db => {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: readerBusyMs })
  db.pragma('temp_store = memory')
  db.pragma(`cache_size = -${readerCacheKiB}`)
  return db
}

/**
 * Opens for reading what a server may be working on, or not. A connection that may only read makes the files beside the
 * database and cannot remove them; a writer's last close does. Without a log there is nothing that it could write
 * then, so that a stopped server's folder stays as it was.
 */
export const openToLook = (path: string): Db => {
  if (existsSync(`${path}-wal`)) return openForReading(path)
  const db = new Database(path, { fileMustExist: true, timeout: readerBusyMs })
  db.pragma('query_only = on')
  db.pragma('temp_store = memory')
  db.pragma(`cache_size = -${readerCacheKiB}`)
  return db
}

/** The WAL file is cut to this size when it begins anew. */
const walKeptBytes = 16 * 1024 * 1024
const writerCacheKiB = 32 * 1024
const readerCacheKiB = 8 * 1024

/**
 * A reader that meets the writer in the midst of a commit takes its lock for a moment, to look again (`walIndexReadHdr` of
 * SQLite): whoever writes next waits for it, as long as that may take on a busy machine.
 */
const writerBusyMs = 1_000

/** A reader waits this long for the moment in which a WAL begins anew. */
const readerBusyMs = 5_000

const synchronousFull = 2

const checkDurable = (db: Db, path: string): void => {
  const journal = db.pragma('journal_mode', { simple: true })
  const synchronous = db.pragma('synchronous', { simple: true })
  if (journal !== 'wal' || synchronous !== synchronousFull) {
    throw new Error(`${path} cannot be opened durably: ${String(journal)}, ${String(synchronous)}`)
  }
}

const limitSize = (db: Db, bytesMax: number): void => {
  const pageBytes = Number(db.pragma('page_size', { simple: true }))
  db.pragma(`max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`)
}
