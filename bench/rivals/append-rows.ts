import { rm } from 'node:fs/promises'
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

const rowsPerCommit = 500

/**
 * The most that this engine can do: rows appended to a table without an index, 500 a commit, each commit on disk
 * before the next. No protocol, no check, no other thread. Answers rows a second.
 */
export const appendRows = async (reports: readonly Report[]): Promise<number> => {
  const folder = await createScratchFolder()
  const rows = reports.map(toRow)
  const database = new Database(join(folder, 'raw.db'))
  database.pragma('journal_mode = wal')
  database.pragma('synchronous = full')
  database.exec(schema)
  const statement = database.prepare(insert)
  const append = database.transaction((from: number) => {
    for (const row of rows.slice(from, from + rowsPerCommit)) statement.run(row)
  })
  const beginMs = performance.now()
  for (let from = 0; from < rows.length; from += rowsPerCommit) append(from)
  const tookMs = performance.now() - beginMs
  database.close()
  await rm(folder, { recursive: true })
  return (rows.length * 1000) / tookMs
}

const toRow = (report: Report, index: number): readonly (string | number)[] => {
  const { source, type, text, timeMs, data, note } = report
  const fragments = { bench_Door: data, ...(note === undefined ? {} : { [note]: { level: 2 } }) }
  return [index + 1, 1, source, type, text, timeMs, Date.now(), JSON.stringify(fragments)]
}
