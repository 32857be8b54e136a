import Database from 'better-sqlite3'
import type { Statement } from 'better-sqlite3'
import { createStatements } from './cached-statements.ts'
import type { Statements } from './cached-statements.ts'
import { addFilterFunctions } from './part-conditions.ts'
import { partPath } from './part-files.ts'
import { partFileFormat } from './part-schema.ts'
import type { Patience } from './patience.ts'

/** Read-only connections to the files of sealed parts, opened when they are first asked for. */
export type PartConnections = {
  /**
   * The file is opened by the first statement that is asked for. What it answers may be kept while others are opened, and
   * however many: a connection that was closed meanwhile is opened again.
   */
  readonly open: (part: number) => PartFile
  /** A statement on the part's file whose rows come back as arrays. */
  readonly prepare: (part: number, sql: string) => Statement
  readonly forget: (part: number) => void
  /** Closes the others: a file that was unlinked gives its space back only when nobody has it open. */
  readonly keepOnly: (isKept: (part: number) => boolean) => void
  readonly close: () => void
}

export type PartFile = { readonly statements: Statements }

/**
 * For each thread. Beyond, the connection that was used longest ago is closed; whoever walks through more parts than that
 * opens each of them anew, which takes ten times as long as asking it.
 */
const openPartsMax = 500

const statementsMax = 32
const cacheKiB = 128

export const createPartConnections = (folder: string, patience: Patience): PartConnections => {
  const opened = new Map<number, Opened>()
  const close = (part: number): void => {
    opened.get(part)?.db.close()
    opened.delete(part)
  }
  const statementsOf = (part: number): Statements => {
    // Each statement may walk a whole part.
    patience.look()
    const found = opened.get(part) ?? openPart(folder, part, patience)
    opened.delete(part)
    opened.set(part, found)
    const [oldest] = opened.size > openPartsMax ? opened.keys() : []
    if (oldest !== undefined) close(oldest)
    return found.statements
  }
  return {
    open: (part) => ({
      statements: {
        arrays: (sql) => statementsOf(part).arrays(sql),
        values: (sql) => statementsOf(part).values(sql),
        objects: (sql) => statementsOf(part).objects(sql),
      },
    }),
    prepare: (part, sql) => statementsOf(part).arrays(sql),
    forget: close,
    keepOnly: (isKept) => {
      for (const part of opened.keys()) if (!isKept(part)) close(part)
    },
    close: () => {
      for (const part of opened.keys()) close(part)
    },
  }
}

type Opened = { readonly db: Database.Database; readonly statements: Statements }

const openPart = (folder: string, part: number, patience: Patience): Opened => {
  const path = partPath(folder, part)
  const db = new Database(path, { readonly: true, fileMustExist: true })
  try {
    return prepareOpened(db, path, patience)
  } catch (error) {
    db.close()
    throw error
  }
}

const prepareOpened = (db: Database.Database, path: string, patience: Patience): Opened => {
  const format = Number(db.pragma('user_version', { simple: true }))
  if (format !== partFileFormat) {
    throw new Error(`${path} has format ${format}, and this server knows format ${partFileFormat}`)
  }
  // The file never changes: its lock is taken once and its pages stay good, without a look for each read.
  db.pragma('locking_mode = exclusive')
  db.pragma('temp_store = memory')
  db.pragma(`cache_size = -${cacheKiB}`)
  addFilterFunctions(db, patience)
  return { db, statements: createStatements(db, statementsMax) }
}
