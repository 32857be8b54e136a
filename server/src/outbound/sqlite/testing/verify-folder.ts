import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { PartSummary } from '../parts/between-threads/janitor-messages.ts'
import { headPath, partPath } from '../parts/tables/part-files.ts'
import { verifyPart } from '../parts/files/verify-part.ts'

/** What the catalogue of a data folder names, and what is wrong with it. */
export type FolderReport = {
  readonly sealed: readonly number[]
  /** Sealed parts that were made of older ones: an older part has later events. */
  readonly rewritten: readonly number[]
  /** The highest number that a part ever had. */
  readonly highest: number
  readonly problems: readonly string[]
}

/**
 * Looks at the folder of a server that is not running, as a crash left it, and changes nothing in it: the head is read
 * from a copy, because reading a log to its end is the first thing that the next start has to do by itself. Files that
 * are `known` to be good are not looked at again; they never change.
 */
export const verifyFolder = (folder: string, known: ReadonlySet<number>): FolderReport => {
  const { highest, parts } = readCatalogue(folder)
  const problems = parts
    .filter(({ number }) => !known.has(number))
    .flatMap(({ number, ...summary }) =>
      verifyPart(partPath(folder, number), summary).map((problem) => `part ${number}: ${problem}`),
    )
  const rewritten = parts.filter(({ number, maxId }) =>
    parts.some((other) => other.number < number && other.maxId > maxId),
  )
  return { sealed: numbersOf(parts), rewritten: numbersOf(rewritten), highest, problems }
}

type Sealed = PartSummary & { readonly number: number }

const numbersOf = (parts: readonly Sealed[]): readonly number[] => parts.map(({ number }) => number)

type Catalogue = { readonly highest: number; readonly parts: readonly Sealed[] }

const nothing: Catalogue = { highest: 0, parts: [] }

const readCatalogue = (folder: string): Catalogue => {
  if (!existsSync(headPath(folder))) return nothing
  const scratch = mkdtempSync(join(tmpdir(), 'belfry-head-'))
  try {
    const copy = join(scratch, 'head.db')
    copyFileSync(headPath(folder), copy)
    const wal = `${headPath(folder)}-wal`
    if (existsSync(wal)) copyFileSync(wal, `${copy}-wal`)
    const head = new Database(copy)
    try {
      return readHead(head)
    } finally {
      head.close()
    }
  } finally {
    rmSync(scratch, { recursive: true })
  }
}

/** A crash may come before the tables. */
const readHead = (head: Database.Database): Catalogue => {
  if (head.pragma('user_version', { simple: true }) === 0) return nothing
  const parts = head
    .prepare<[], Sealed>(
      `select number, rows, unique_rows as uniqueRows, bytes, min_id as minId, max_id as maxId,
        max_changed as maxChanged, min_creation_ms as minCreationMs,
        max_creation_ms as maxCreationMs, min_time_ms as minTimeMs, max_time_ms as maxTimeMs,
        outliers from part where state = 'sealed' order by number`,
    )
    .all()
  return { highest: Number(head.prepare('select parts from counter').pluck().get()), parts }
}
