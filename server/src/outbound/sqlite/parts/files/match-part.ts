import Database from 'better-sqlite3'
import { attachHead } from './attached-head.ts'
import { fromCovered } from './covered-rows.ts'
import { keepLeaving } from './leaving-rows.ts'
import { isAllCovered, isNoneCovered, readTenantRange } from './match-by-rollup.ts'
import { endlessPatience } from '../tables/patience.ts'
import { addFilterFunctions } from '../tables/part-conditions.ts'
import { partPath } from '../tables/part-files.ts'
import { fileTables } from '../tables/part-schema.ts'
import type { MatchTask, Matches } from '../between-threads/janitor-messages.ts'

type Db = Database.Database

/**
 * The rows of a sealed part that a deletion covers, in the order of `dead`: what was already dead when this began is
 * left out. Bounds and roll-ups decide first, so that whole parts are never walked for a filter that they can answer.
 */
export const matchPart = (folder: string, task: MatchTask): Matches => {
  const db = new Database(partPath(folder, task.part), { readonly: true, fileMustExist: true })
  try {
    db.pragma('temp_store = memory')
    attachHead(db, folder)
    addFilterFunctions(db, endlessPatience)
    keepLeaving(db, task.part, task.covered.tenant)
    return matchTenant(db, task)
  } finally {
    db.close()
  }
}

const matchTenant = (db: Db, task: MatchTask): Matches => {
  const range = readTenantRange(db, task)
  if (range === undefined || isNoneCovered(db, task, range)) return noMatches
  const alive = range.rows - countLeaving(db)
  if (isAllCovered(db, task, range)) return { kind: 'all', rows: alive }
  const rows = keepFound(db, task)
  if (rows === alive) return { kind: 'all', rows }
  return rows > task.namedMax ? { kind: 'many', rows } : nameFound(db, rows)
}

type FoundRows = Extract<Matches, { kind: 'rows' }>

const createFound = (length: number): FoundRows => ({
  kind: 'rows',
  ids: new Float64Array(length),
  times: new Float64Array(length),
  sources: new Float64Array(length),
  types: new Int32Array(length),
  shapes: new Int32Array(length),
})

const noMatches: Matches = createFound(0)

const countLeaving = (db: Db): number =>
  Number(db.prepare('select count(*) from temp.leaving_row').pluck().get())

/** Finds the rows without handing any over, which costs more than to find them; answers how many. */
const keepFound = (db: Db, { covered }: MatchTask): number => {
  const { sql, values } = fromCovered(fileTables, covered)
  db.exec(
    'create temp table found (id integer, time_ms integer, source integer, type integer, shape integer)',
  )
  const keep = `insert into temp.found select e.id, e.time_ms, e.source, e.type, e.shape ${sql}
    and e.id not in (select id from temp.leaving_row)`
  return db.prepare(keep).run(...values).changes
}

type Named = readonly [id: number, timeMs: number, source: number, type: number, shape: number]

const nameFound = (db: Db, length: number): FoundRows => {
  const found = createFound(length)
  const rows = db.prepare<[], Named>('select * from temp.found order by time_ms, id').raw()
  let at = 0
  for (const row of rows.iterate()) {
    put(found, at, row)
    at += 1
  }
  return found
}

const put = (
  { ids, times, sources, types, shapes }: FoundRows,
  at: number,
  [id, timeMs, source, type, shape]: Named,
): void => {
  ids[at] = id
  times[at] = timeMs
  sources[at] = source
  types[at] = type
  shapes[at] = shape
}
