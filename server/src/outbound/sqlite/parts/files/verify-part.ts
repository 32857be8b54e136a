import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { splitNames } from '../../events/stored-fragments.ts'
import { isStorageError } from '../../storage-error.ts'
import { fileTables, partFileFormat, partFileMigration } from '../tables/part-schema.ts'
import { tenantBytesSql } from '../tables/part-rollups.ts'
import { summarizePart } from './summarize-part.ts'
import type { PartSummary } from '../between-threads/janitor-messages.ts'

type Db = Database.Database

/**
 * Looks at every byte of a part's file that means something: that the engine finds it sound, that tables and indexes
 * are those of the format, that roll-ups and dictionaries agree with the rows, and, when it is given, that the
 * catalogue does. Answers a sentence for each problem; none for a good file. Reads the whole file several times.
 */
export const verifyPart = (path: string, summary?: PartSummary): readonly string[] => {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true })
    try {
      return verify(db, path, summary)
    } finally {
      db.close()
    }
  } catch (error) {
    if (!isStorageError(error) || !(error instanceof Error)) throw error
    return [`the file cannot be read: ${error.message}`]
  }
}

/** What makes no sense to look at after something worse is left out. */
const verify = (db: Db, path: string, summary: PartSummary | undefined): readonly string[] => {
  db.pragma('temp_store = memory')
  db.pragma(`cache_size = -${cacheKiB}`)
  const unsound = findUnsound(db)
  if (unsound.length > 0) return unsound
  const misshapen = findMisshapen(db)
  if (misshapen.length > 0) return misshapen
  return [...findWrongCounts(db), ...findWrongNames(db), ...findDisagreeing(db, path, summary)]
}

/** Indexes are compared with rows all over the file. */
const cacheKiB = 64 * 1024

const findUnsound = (db: Db): readonly string[] =>
  db
    .prepare<[], string>('pragma integrity_check')
    .pluck()
    .all()
    .filter((line) => line !== 'ok')
    .map((line) => `the file is damaged: ${line}`)

type Entry = { readonly name: string; readonly sql: string | null }

const findMisshapen = (db: Db): readonly string[] => {
  const format = Number(db.pragma('user_version', { simple: true }))
  if (format !== partFileFormat) return [`the file has format ${format}, not ${partFileFormat}`]
  const expected = new Database(':memory:')
  expected.exec(partFileMigration.sql)
  const wanted = listEntries(expected)
  expected.close()
  const found = listEntries(db)
  return [...new Set([...wanted.keys(), ...found.keys()])]
    .filter((name) => wanted.get(name) !== found.get(name))
    .map((name) => `${name} is not as the format has it`)
}

const listEntries = (db: Db): ReadonlyMap<string, string | null> =>
  new Map(
    db
      .prepare<[], Entry>('select name, sql from sqlite_schema')
      .all()
      .map(({ name, sql }) => [name, sql]),
  )

/** Each roll-up beside the query that it must equal. */
const rollups: readonly (readonly [table: string, columns: string, counted: string])[] = [
  [
    'tenant_rollup',
    'tenant, rows, min_time_ms, max_time_ms',
    'select tenant, count(*), min(time_ms), max(time_ms) from event not indexed group by tenant',
  ],
  ['tenant_rollup', 'tenant, bytes', tenantBytesSql(fileTables)],
  [
    'source_rollup',
    'tenant, source, rows, min_time_ms, max_time_ms',
    `select tenant, source, count(*), min(time_ms), max(time_ms) from event not indexed
      group by tenant, source`,
  ],
  [
    'type_rollup',
    'tenant, type, shape, rows, min_time_ms, max_time_ms',
    `select tenant, type, shape, count(*), min(time_ms), max(time_ms) from event not indexed
      group by tenant, type, shape`,
  ],
]

const findWrongCounts = (db: Db): readonly string[] =>
  rollups.flatMap(([table, columns, counted]) => {
    const said = `select ${columns} from ${table}`
    const lacking = countRows(db, `${counted} except ${said}`)
    const made = countRows(db, `${said} except ${counted}`)
    return lacking + made === 0
      ? []
      : [`${table} (${columns}) lacks ${lacking} groups of rows and has ${made} that are not so`]
  })

const countRows = (db: Db, sql: string): number =>
  Number(db.prepare(`select count(*) from (${sql})`).pluck().get())

/** Numbers in rows without a name, and names without a row. */
const dictionaries = ['tenant', 'type', 'shape'] as const

const findWrongNames = (db: Db): readonly string[] => [
  ...dictionaries.flatMap((table) => {
    // Shape 0 is that of rows with names of their own.
    const used = `select ${table} from event ${table === 'shape' ? 'where shape <> 0' : ''}`
    const nameless = countRows(db, `${used} except select id from ${table}`)
    const unused = countRows(db, `select id from ${table} except ${used}`)
    return [
      ...(nameless === 0 ? [] : [`${nameless} entries of ${table} are missing`]),
      ...(unused === 0 ? [] : [`${unused} entries of ${table} are in no row`]),
    ]
  }),
  ...findWrongFragments(db),
]

const findWrongFragments = (db: Db): readonly string[] => {
  const { shape, shapeFragment } = fileTables
  const shapes = db
    .prepare<[], { readonly id: number; readonly names: string }>(`select id, names from ${shape}`)
    .all()
  const said = db
    .prepare<[], string>(`select shape || ' ' || name from ${shapeFragment}`)
    .pluck()
    .all()
  const meant = new Set(
    shapes.flatMap(({ id, names }) => splitNames(names).map((name) => `${id} ${name}`)),
  )
  const isRight = said.length === meant.size && said.every((name) => meant.has(name))
  return isRight ? [] : [`${shapeFragment} has other names than ${shape}`]
}

const findDisagreeing = (
  db: Db,
  path: string,
  summary: PartSummary | undefined,
): readonly string[] => {
  if (summary === undefined) return []
  const found = new Map<string, unknown>(
    Object.entries({ ...summarizePart(db), bytes: statSync(path).size }),
  )
  return Object.entries(summary)
    .filter(([name, value]) => found.get(name) !== value)
    .map(
      ([name, value]) => `${name} is ${String(found.get(name))}, and the catalogue says ${value}`,
    )
}
