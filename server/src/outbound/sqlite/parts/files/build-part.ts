import { accessSync, closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isStorageError } from '../../storage-error.ts'
import { attachHead, readHeadVersion, stateOfPart } from './attached-head.ts'
import { keepLeaving, leaveOut } from './leaving-rows.ts'
import { eventsFolder, partBuildPath, partPath } from '../tables/part-files.ts'
import { createPartTables, fileTables, headTables, partColumns } from '../tables/part-schema.ts'
import { partFileFormat, partFileTables, partIndexes } from '../tables/part-schema.ts'
import { fillDictionaries, fillRollups } from '../tables/part-rollups.ts'
import { summarizePart } from './summarize-part.ts'
import type {
  CoveredRows,
  JanitorAnswer,
  PartSummary,
} from '../between-threads/janitor-messages.ts'
import type { Origin } from '../tables/part-rollups.ts'

type Db = Database.Database

/** A file that is safe under its name, and that nothing names yet. */
export type BuiltPart = Omit<Extract<JanitorAnswer, { kind: 'built' }>, 'kind'>

export type BuildConfig = {
  /** The data folder. */
  readonly folder: string
  /** The largest size of the file in bytes; no limit unless set. */
  readonly bytesMax?: number | undefined
}

/**
 * Makes the file of a closed part from its tables in the head. Throws when the storage refuses (`isStorageError`);
 * then nothing is left behind.
 */
export const sealPart = (config: BuildConfig, part: number): BuiltPart =>
  buildPart(config, part, (db) => {
    const version = readHeadVersion(db)
    const tables = headTables(part)
    // A closed part never changes, so it may be read later than the version. Rows are copied as they lie, undecoded,
    // by nothing but `select *` from a whole table; its snapshot of the head is short enough not to need slices.
    db.exec(`insert into event select * from head.${tables.event}`)
    return { version, coveredRows: 0, origin: { schema: 'head', tables, tenant: 'tenant' } }
  })

export type Rewrite = {
  readonly part: number
  readonly into: number
  readonly covered?: CoveredRows | undefined
}

/**
 * Makes the file of part `into` from a sealed part: without the rows that the head names dead, without the tenants
 * that are gone, as of the version it answers, and without those that a deletion covers. Numbers of types and shapes
 * stay what they are.
 */
export const rewritePart = (config: BuildConfig, { part, into, covered }: Rewrite): BuiltPart =>
  buildPart(config, into, (db) => {
    const path = partPath(config.folder, part)
    // Attaching a file that is not there would create it.
    accessSync(path)
    db.prepare('attach ? as old').run(path)
    const version = keepLeaving(db, part)
    const coveredRows = covered ? leaveOut(db, covered) : 0
    db.exec(copyStayingSql)
    return {
      ...{ version, coveredRows },
      origin: { schema: 'old', tables: fileTables, tenant: 'tenant' },
    }
  })

const copyStayingSql = `insert into event (${partColumns}) select ${partColumns} from old.event
  where tenant not in (select tenant from temp.leaving_tenant)
    and id not in (select id from temp.leaving_row)
  order by id`

/** Puts the rows in place. */
export type Fill = (db: Db) => Filled
type Filled = {
  readonly version: number
  readonly coveredRows: number
  readonly origin: Origin
}

/**
 * Makes the file of a part from rows that lie elsewhere. Steps, each of which may be the last before a crash: rows and indexes under the name that no start accepts, the file
 * on the disk, its own name, the folder on the disk. What a crash leaves is removed at the next start, because only
 * the writer's commit afterwards names the file.
 */
export const buildPart = (config: BuildConfig, part: number, fill: Fill): BuiltPart => {
  try {
    const written = writeAnyhow(config, part, fill)
    putInPlace(config.folder, part)
    return { part, ...written }
  } finally {
    rmSync(partBuildPath(config.folder, part), { force: true })
  }
}

type Written = Omit<BuiltPart, 'part'>

/**
 * Sorted through a temporary file, an index is made in pieces of `sortKiB`, which the processor's cache can hold; in
 * memory it is sorted as a whole. Where there is or may be no room for such a file, memory it is.
 */
const writeAnyhow = (config: BuildConfig, part: number, fill: Fill): Written => {
  if (config.bytesMax !== undefined) return writeFile(config, part, { sortIn: 'memory', fill })
  try {
    return writeFile(config, part, { sortIn: 'file', fill })
  } catch (error) {
    if (!isStorageError(error)) throw error
    return writeFile(config, part, { sortIn: 'memory', fill })
  }
}

type Writing = { readonly sortIn: 'file' | 'memory'; readonly fill: Fill }

const writeFile = (config: BuildConfig, part: number, { sortIn, fill }: Writing): Written => {
  const path = partBuildPath(config.folder, part)
  rmSync(path, { force: true })
  const db = new Database(path)
  try {
    prepareFile(db, config, sortIn)
    attachHead(db, config.folder)
    if (stateOfPart(db, part) === 'sealed') throw new Error(`part ${part} has its file already`)
    const { summary, ...filled } = writeAll(db, fill)
    db.close()
    return { ...filled, summary: { ...summary, bytes: syncFile(path) } }
  } finally {
    db.close()
  }
}

/** Nothing names the file yet, so that until it is whole nothing in it needs to be safe. */
const prepareFile = (db: Db, { bytesMax }: BuildConfig, sortIn: 'file' | 'memory'): void => {
  db.pragma(`page_size = ${pageBytes}`)
  db.pragma('auto_vacuum = none')
  db.pragma('main.journal_mode = off')
  db.pragma('main.synchronous = off')
  db.pragma('main.locking_mode = exclusive')
  db.pragma(`temp_store = ${sortIn}`)
  db.pragma(`cache_size = -${sortKiB}`)
  if (bytesMax !== undefined) {
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`)
  }
}

/** Twice the engine's own: rows are never changed one by one here, and fewer are cut by the end of a page. */
const pageBytes = 8_192

/** Also how much is sorted at a time. */
const sortKiB = 1_024

const writeAll = (db: Db, fill: Fill): WrittenRows => {
  db.exec(createPartTables(fileTables) + partFileTables)
  const { origin, ...filled } = fill(db)
  db.exec(partIndexes)
  fillRollups(db, origin)
  fillDictionaries(db, origin)
  db.pragma(`user_version = ${partFileFormat}`)
  return { ...filled, summary: summarizePart(db) }
}

type WrittenRows = Omit<Filled, 'origin'> & {
  readonly summary: Omit<PartSummary, 'bytes'>
}

/** The file's size in bytes, once it is on the disk. */
const syncFile = (path: string): number => {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return statSync(path).size
}

const putInPlace = (folder: string, part: number): void => {
  const path = partPath(folder, part)
  renameSync(partBuildPath(folder, part), path)
  try {
    syncFolder(eventsFolder(folder))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  }
}

/** Makes names that were added or removed in the folder safe. */
export const syncFolder = (folder: string): void => {
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
