import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eventsFolder, partPath } from '../parts/tables/part-files.ts'

/** Merges of parts that a crash has cut in two: `before` the commit that puts the new part into force, or `after` it. */
export type CutMerges = { readonly before: number; readonly after: number }

/**
 * Tells merges by the files that they leave: one whole file that nothing names with the events of several parts, or a
 * part with the events of several files that nothing names. What is left of files that were emptied tells nothing.
 */
export const findCutMerges = (folder: string, named: readonly number[]): CutMerges => {
  const isNamed = new Set(named)
  const unnamed = listParts(folder).filter((part) => !isNamed.has(part))
  if (unnamed.length === 0) return { before: 0, after: 0 }
  const ids = new Map([...named, ...unnamed].map((part) => [part, readIds(folder, part)]))
  const idsOf = (part: number): ReadonlySet<number> => ids.get(part) ?? new Set()
  const isMadeOf = (part: number, others: readonly number[]): boolean => {
    const older = others.filter((other) => other < part).map(idsOf)
    const own = [...idsOf(part)]
    return (
      own.length > 0 &&
      own.every((id) => older.some((other) => other.has(id))) &&
      !older.some((other) => own.every((id) => other.has(id)))
    )
  }
  return {
    before: unnamed.filter((part) => isMadeOf(part, named)).length,
    after: named.filter((part) => isMadeOf(part, unnamed)).length,
  }
}

const partName = /^(\d{8,})\.part$/

const listParts = (folder: string): readonly number[] =>
  readdirSync(eventsFolder(folder)).flatMap((name) => {
    const [, number] = partName.exec(name) ?? []
    const isEmptied = statSync(join(eventsFolder(folder), name)).size === 0
    return number === undefined || isEmptied ? [] : Number(number)
  })

const readIds = (folder: string, part: number): ReadonlySet<number> => {
  const db = new Database(partPath(folder, part), { readonly: true, fileMustExist: true })
  try {
    return new Set(db.prepare<[], number>('select id from event').pluck().all())
  } finally {
    db.close()
  }
}
