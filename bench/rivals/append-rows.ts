import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Report } from '../event-bodies.ts'
import { createScratchFolder } from '../start-server.ts'

const schema = `
create table event (
  id integer primary key, tenant integer, source text, type text, text text,
  time integer, created integer, fragments text
)`

const insert = `
insert into event (id, tenant, source, type, text, time, created, fragments)
values (?, ?, ?, ?, ?, ?, ?, ?)`

/** Full-text indexes that hold no copy of the text: of words with their places, of words alone, and of parts of words. */
const textIndexes = {
  places: `create virtual table event_text using fts5 (text, content = 'event', content_rowid = 'id')`,
  words: `create virtual table event_text using fts5 (
    text, content = 'event', content_rowid = 'id', detail = none
  )`,
  trigrams: `create virtual table event_text using fts5 (
    text, content = 'event', content_rowid = 'id', detail = none, tokenize = 'trigram'
  )`,
} as const

const insertText = `insert into event_text (rowid, text) values (?, ?)`

const rowsPerCommit = 500

export type TextIndex = keyof typeof textIndexes

export type Appended = {
  readonly rowsPerSecond: number
  /** Of the file, when nothing is left in the write-ahead log. */
  readonly bytesPerRow: number
}

/**
 * The most that this engine can do: rows appended to a table without an index, 500 a commit, each commit on disk
 * before the next. No protocol, no check, no other thread. With a text index, the same commits fill that too.
 */
export const appendRows = async (
  reports: readonly Report[],
  textIndex?: TextIndex,
): Promise<Appended> => {
  const folder = await createScratchFolder()
  const path = join(folder, 'raw.db')
  const rows = reports.map(toRow)
  const database = new Database(path)
  database.pragma('journal_mode = wal')
  database.pragma('synchronous = full')
  database.exec(schema)
  const statement = database.prepare(insert)
  const addText = createAddText(database, textIndex)
  const append = database.transaction((from: number) => {
    for (const row of rows.slice(from, from + rowsPerCommit)) {
      statement.run(row)
      addText(row)
    }
  })
  const beginMs = performance.now()
  for (let from = 0; from < rows.length; from += rowsPerCommit) append(from)
  const tookMs = performance.now() - beginMs
  database.pragma('wal_checkpoint(truncate)')
  database.close()
  const { size } = await stat(path)
  await rm(folder, { recursive: true })
  return { rowsPerSecond: (rows.length * 1000) / tookMs, bytesPerRow: size / rows.length }
}

const createAddText = (
  database: Database.Database,
  textIndex: TextIndex | undefined,
): ((row: Row) => void) => {
  if (textIndex === undefined) return () => undefined
  database.exec(textIndexes[textIndex])
  const statement = database.prepare(insertText)
  return ([id, , , , text]) => {
    statement.run(id, text)
  }
}

type Row = readonly (string | number)[]

const toRow = (report: Report, index: number): Row => {
  const { source, type, text, timeMs, data, note } = report
  const fragments = { bench_Door: data, ...(note === undefined ? {} : { [note]: { level: 2 } }) }
  return [index + 1, 1, source, type, text, timeMs, Date.now(), JSON.stringify(fragments)]
}
