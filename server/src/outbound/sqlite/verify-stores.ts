import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type Database from 'better-sqlite3'
import { headFile, registryFile } from './database-files.ts'
import { findLostTenants } from './find-lost-tenants.ts'
import { openToLook } from './open-database.ts'
import { isStorageError } from './storage-error.ts'
import { eventsFolder, partPath } from './parts/tables/part-files.ts'
import type { PartSummary } from './parts/between-threads/janitor-messages.ts'
import { verifyPart } from './parts/files/verify-part.ts'
import { verifyRegistry } from './registry/verify-registry.ts'

type Db = Database.Database

/**
 * Looks through the head, the registry and every part's file of a data folder, and changes nothing; a server may be
 * running on it. Answers a sentence for each problem.
 */
export const verifyStores = (folder: string): readonly string[] => {
  const data = { folder, eventsBytesMax: undefined }
  const registry = registryFile(data)
  const head = headFile(data)
  return [
    ...withDatabase(registry.path, (db) => {
      const unsound = findUnsound(db)
      return unsound.length > 0 ? unsound : verifyRegistry(db)
    }),
    ...withDatabase(head.path, (db) => {
      const unsound = findUnsound(db)
      return unsound.length > 0 ? unsound : [...findWrongHead(db), ...verifyParts(db, folder)]
    }),
  ]
}

/** Looks for events of tenants that the registry does not have. For stores in which `verifyStores` found nothing wrong. */
export const verifyTenants = (folder: string): readonly string[] => {
  const data = { folder, eventsBytesMax: undefined }
  return withDatabase(registryFile(data).path, (registry) =>
    withDatabase(headFile(data).path, (head) => findLostTenants(head, registry, folder)),
  )
}

const withDatabase = (path: string, look: (db: Db) => readonly string[]): readonly string[] => {
  if (!existsSync(path)) return [`${path} is missing`]
  try {
    const db = openToLook(path)
    try {
      return look(db).map((problem) => `${basename(path)}: ${problem}`)
    } finally {
      db.close()
    }
  } catch (error) {
    if (!isStorageError(error) || !(error instanceof Error)) throw error
    return [`${path} cannot be read: ${error.message}`]
  }
}

const findUnsound = (db: Db): readonly string[] =>
  db
    .prepare<[], string>('pragma integrity_check')
    .pluck()
    .all()
    .filter((line) => line !== 'ok')

/** What must hold in any snapshot of the head, each as a count of what breaks it. */
const rules: readonly (readonly [sql: string, problem: string])[] = [
  ["select abs(count(*) - 1) from part where state = 'hot'", 'there is not exactly one hot part'],
  [
    'select count(*) from part where number > (select parts from counter)',
    'a part has a number that was never given',
  ],
  [
    'select count(*) from part where max_id > (select high_water from counter)',
    'a part has an id that was never given',
  ],
  [
    `select count(*) from part p where dead_rows <>
      (select coalesce(sum(rows), 0) from dead_tenant d where d.part = p.number)`,
    'a part has another number of dead rows than its tenants have',
  ],
  [
    'select count(*) from dead_tenant where tenant not in (select id from tenant)',
    'a dead row is of no tenant',
  ],
  [
    'select count(*) from job where tenant not in (select id from tenant)',
    'a deletion is of no tenant',
  ],
]

const findWrongHead = (head: Db): readonly string[] =>
  rules.flatMap(([sql, problem]) =>
    Number(head.prepare(sql).pluck().get()) === 0 ? [] : [problem],
  )

type Sealed = PartSummary & { readonly number: number }

const sealedSql = `select number, rows, unique_rows as uniqueRows, bytes, min_id as minId, max_id as maxId,
  max_changed as maxChanged, min_creation_ms as minCreationMs, max_creation_ms as maxCreationMs,
  min_time_ms as minTimeMs, max_time_ms as maxTimeMs, outliers
  from part where state = 'sealed' order by number`

/** A part that leaves the catalogue of a running server meanwhile takes its file with it, and is no problem. */
const verifyParts = (head: Db, folder: string): readonly string[] => {
  const isNamed = head
    .prepare<[number], number>('select count(*) from part where number = ?')
    .pluck()
  const parts = head.prepare<[], Sealed>(sealedSql).all()
  return parts.flatMap(({ number, ...summary }) => {
    const path = partPath(folder, number)
    const problems = existsSync(path) ? verifyPart(path, summary) : ['the file is missing']
    return isNamed.get(number) === 0
      ? []
      : problems.map((problem) => `${basename(path)}: ${problem}`)
  })
}

/** Names of files below `events/` that are no part, head or what the engine puts beside them. */
export const findUnknownFiles = (folder: string): readonly string[] =>
  readdirSync(eventsFolder(folder))
    .filter((name) => !/^(head\.db(-wal|-shm)?|\d{8,}\.part(\.building)?(-journal)?)$/.test(name))
    .map((name) => `${join('events', name)} is no file of the server`)
