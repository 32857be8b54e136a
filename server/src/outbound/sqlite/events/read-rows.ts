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
  /** Characters of text and fragments that may be read. */
  readonly charactersMax: number
}

/** A stretch; `isCut` when it has more characters than it may, so that rows are missing at its end. */
export type FoundRows = { readonly rows: readonly EventRow[]; readonly isCut: boolean }

/**
 * Reads a stretch. Behind a place there are two walks, over the rest of its very instant and over what comes
 * after, because an index can start in the middle of one instant only when the instant is given.
 */
export const readRows = (db: Database, list: Rows, stretch: Stretch): FoundRows => {
  const { sources } = list.filter
  if (sources !== undefined && isMerged(sources.length, stretch)) {
    const merged = mergeSources(db, list, stretch, [...new Set(sources)])
    if (merged !== undefined) return { rows: merged, isCut: false }
  }
  const budget = { characters: stretch.charactersMax }
  const rows = walk(db, list, stretch, budget)
  return { rows, isCut: budget.characters < 0 }
}

/** What may still be read; below zero the rest was left out. */
type Budget = { characters: number }

/**
 * Up to this many sources are walked one by one and merged, which holds what is skipped in memory too; more
 * sources and pages further away are picked out of the walk over all of the tenant's events.
 */
const mergedSourcesMax = 100
const mergedRowsMax = 50_000

const isMerged = (sources: number, { skip, max }: Stretch): boolean =>
  sources > 1 && sources <= mergedSourcesMax && sources * (skip + max) <= mergedRowsMax

/** Undefined when the stretches of all sources together are too large, although the page need not be. */
const mergeSources = (
  db: Database,
  list: Rows,
  { place, skip, max, charactersMax }: Stretch,
  sources: NonNullable<EventFilter['sources']>,
): readonly EventRow[] | undefined => {
  const budget = { characters: charactersMax }
  const stretch = { place, skip: 0, max: skip + max, charactersMax }
  const found = sources.flatMap((source) =>
    walk(db, { ...list, filter: { ...list.filter, sources: [source] } }, stretch, budget),
  )
  if (budget.characters < 0) return undefined
  const sign = list.isAscending ? 1 : -1
  return found
    .toSorted((left, right) => sign * (left[4] - right[4] || left[0] - right[0]))
    .slice(skip, skip + max)
}

const walk = (db: Database, list: Rows, stretch: Stretch, budget: Budget): readonly EventRow[] => {
  const { place, max } = stretch
  if (place === undefined) return select(db, list, [], { ...stretch, budget })
  const { timeMs, id } = place
  const sign = list.isAscending ? '>' : '<'
  const thisInstant = [
    { sql: 'e.time_ms = ?', values: [timeMs] },
    { sql: `e.id ${sign} ?`, values: [id] },
  ]
  const sameTime = select(db, list, thisInstant, { skip: 0, max, budget })
  if (sameTime.length === max || budget.characters < 0) return sameTime
  const others = [{ sql: `e.time_ms ${sign} ?`, values: [timeMs] }]
  return [...sameTime, ...select(db, list, others, { skip: 0, max: max - sameTime.length, budget })]
}

type Part = Pick<Stretch, 'skip' | 'max'> & { readonly budget: Budget }

const select = (
  db: Database,
  { visible, filter, isAscending }: Rows,
  places: readonly Condition[],
  { max, skip, budget }: Part,
): readonly EventRow[] => {
  const all = allOf([visible, ...filterConditions(filter), ...places])
  const direction = isAscending ? 'asc' : 'desc'
  const sql = `select ${eventColumns} from event e indexed by ${indexFor(filter)}
    where ${all.sql} order by e.time_ms ${direction}, e.id ${direction} limit ? offset ?`
  const found: EventRow[] = []
  for (const row of eventRows(db.prepare(sql)).iterate(...all.values, max, skip)) {
    budget.characters -= charactersOf(row)
    if (budget.characters < 0) break
    found.push(row)
  }
  return found
}

const charactersOf = (row: EventRow): number => row[3].length + row[9].length
