import type { Database } from 'better-sqlite3'
import type { EventFilter } from '../../../core/event-query.ts'
import { allOf, filterConditions, indexFor } from './event-conditions.ts'
import { eventColumns, eventRows } from './decode-event.ts'
import type { Condition } from './event-conditions.ts'
import type { EventRow } from './decode-event.ts'

/** A list of events in order of time and id. */
export type Rows = {
  readonly visible: Condition
  readonly filter: EventFilter
  readonly isAscending: boolean
}

/** Which part of it: behind a place (which need not be there any more), some skipped, at most so many. */
export type Stretch = {
  readonly place: { readonly timeMs: number; readonly id: number } | undefined
  readonly skip: number
  readonly max: number
}

/**
 * Reads a stretch. Behind a place there are two walks, over the rest of its very instant and over what comes
 * after, because an index can start in the middle of one instant only when the instant is given.
 */
export const readRows = (db: Database, rows: Rows, stretch: Stretch): readonly EventRow[] => {
  const { sources } = rows.filter
  if (sources !== undefined && sources.length > 1 && sources.length <= mergedSourcesMax) {
    return mergeSources(db, rows, stretch, [...new Set(sources)])
  }
  return walk(db, rows, stretch)
}

/**
 * Up to this many sources are walked one by one and merged; a longer list is picked out of the walk over
 * all of the tenant's events.
 */
const mergedSourcesMax = 100

const mergeSources = (
  db: Database,
  rows: Rows,
  { place, skip, max }: Stretch,
  sources: NonNullable<EventFilter['sources']>,
): readonly EventRow[] => {
  const found = sources.flatMap((source) =>
    walk(
      db,
      { ...rows, filter: { ...rows.filter, sources: [source] } },
      { place, skip: 0, max: skip + max },
    ),
  )
  const sign = rows.isAscending ? 1 : -1
  return found
    .toSorted((left, right) => sign * (left[4] - right[4] || left[0] - right[0]))
    .slice(skip, skip + max)
}

const walk = (db: Database, rows: Rows, { place, skip, max }: Stretch): readonly EventRow[] => {
  if (place === undefined) return select(db, rows, [], [max, skip])
  const { timeMs, id } = place
  const sign = rows.isAscending ? '>' : '<'
  const sameTime = select(
    db,
    rows,
    [
      { sql: 'e.time_ms = ?', values: [timeMs] },
      { sql: `e.id ${sign} ?`, values: [id] },
    ],
    [max, 0],
  )
  if (sameTime.length === max) return sameTime
  const others = [{ sql: `e.time_ms ${sign} ?`, values: [timeMs] }]
  return [...sameTime, ...select(db, rows, others, [max - sameTime.length, 0])]
}

const select = (
  db: Database,
  { visible, filter, isAscending }: Rows,
  places: readonly Condition[],
  maxAndSkip: readonly [max: number, skip: number],
): readonly EventRow[] => {
  const all = allOf([visible, ...filterConditions(filter), ...places])
  const direction = isAscending ? 'asc' : 'desc'
  const sql = `select ${eventColumns} from event e indexed by ${indexFor(filter)}
    where ${all.sql} order by e.time_ms ${direction}, e.id ${direction} limit ? offset ?`
  return eventRows(db.prepare(sql)).all(...all.values, ...maxAndSkip)
}
