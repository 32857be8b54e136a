import Database from 'better-sqlite3'
import { attachHead } from './attached-head.ts'
import { keepLeaving } from './leaving-rows.ts'
import { isAllCovered, isNoneCovered, readTenantRange } from './match-by-rollup.ts'
import { endlessPatience } from '../tables/patience.ts'
import { addFilterFunctions, allOf, filterConditions } from '../tables/part-conditions.ts'
import { partPath } from '../tables/part-files.ts'
import { fileTables } from '../tables/part-schema.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
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
    keepLeaving(db, task.part, task.tenant)
    return matchTenant(db, task)
  } finally {
    db.close()
  }
}

const matchTenant = (db: Db, task: MatchTask): Matches => {
  const range = readTenantRange(db, task)
  if (range === undefined || isNoneCovered(db, task, range)) return noMatches
  const rows = range.rows - countLeaving(db)
  if (isAllCovered(db, task, range)) return { kind: 'all', rows }
  const found = walk(db, task)
  return found.ids.length === rows ? { kind: 'all', rows } : found
}

type FoundRows = Extract<Matches, { kind: 'rows' }>

/** Most deletions find few rows of a part, and memory outside the heap that comes and goes makes the collector run. */
const firstRows = 4_096

const createFound = (length: number): FoundRows => ({
  kind: 'rows',
  ids: new Float64Array(length),
  times: new Float64Array(length),
  sources: new Float64Array(length),
  types: new Int32Array(length),
  shapes: new Int32Array(length),
})

const grown = (found: FoundRows): FoundRows => {
  const larger = createFound(2 * found.ids.length)
  larger.ids.set(found.ids)
  larger.times.set(found.times)
  larger.sources.set(found.sources)
  larger.types.set(found.types)
  larger.shapes.set(found.shapes)
  return larger
}

const noMatches: Matches = createFound(0)

const countLeaving = (db: Db): number =>
  Number(db.prepare('select count(*) from temp.leaving_row').pluck().get())

type Walked = readonly [id: number, timeMs: number, source: number, type: number, shape: number]

const walk = (db: Db, { tenant, filter, changedMax }: MatchTask): FoundRows => {
  const covered = allOf([
    { sql: 'e.tenant = ?', values: [tenant] },
    { sql: 'coalesce(e.changed, e.id) <= ?', values: [changedMax] },
    ...filterConditions(fileTables, filter),
    { sql: 'e.id not in (select id from temp.leaving_row)', values: [] },
  ])
  const sql = `select e.id, e.time_ms, e.source, e.type, e.shape from event e ${wayOf(filter)}
    where ${covered.sql} order by e.time_ms, e.id`
  let found = createFound(firstRows)
  let length = 0
  for (const row of db
    .prepare<unknown[], Walked>(sql)
    .raw()
    .iterate(...covered.values)) {
    if (length === found.ids.length) found = grown(found)
    put(found, length, row)
    length += 1
  }
  return firstOf(found, length)
}

/** Without a source, a type or a time no index leaves out any row, so they are read as they lie. */
const wayOf = ({ sources, type, time }: EventFilter): string => {
  if (sources !== undefined) return 'indexed by event_by_source'
  if (type !== undefined) return 'indexed by event_by_type'
  return time === undefined ? 'not indexed' : 'indexed by event_by_time'
}

const put = (
  { ids, times, sources, types, shapes }: FoundRows,
  at: number,
  [id, timeMs, source, type, shape]: Walked,
): void => {
  ids[at] = id
  times[at] = timeMs
  sources[at] = source
  types[at] = type
  shapes[at] = shape
}

const firstOf = (found: FoundRows, length: number): FoundRows => ({
  kind: 'rows',
  ids: found.ids.slice(0, length),
  times: found.times.slice(0, length),
  sources: found.sources.slice(0, length),
  types: found.types.slice(0, length),
  shapes: found.shapes.slice(0, length),
})
