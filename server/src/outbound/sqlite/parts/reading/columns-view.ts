import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { EventRow } from '../../events/decode-event.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { lengthOf } from '../between-threads/columns.ts'
import type { Columns } from '../between-threads/columns.ts'
import { keepBehind, keepChangedUpTo, keepMatching, keepUnmarked } from './columns-selection.ts'
import { selectVisible } from './columns-selection.ts'
import type { NumberFilter, Selection } from './columns-selection.ts'
import { firstEntries, sortEntries } from './first-entries.ts'
import { coversIn } from './narrow-filter.ts'
import {
  allOf,
  eventColumnsOf,
  filterConditions,
  visibleConditions,
} from '../tables/part-conditions.ts'
import { headTables, ownNamesShape } from '../tables/part-schema.ts'
import { anyTime } from './part-view.ts'
import type { Cover } from '../tables/part-row.ts'
import type { Guess, Lane, PartView, Place, Walk, Wanted } from './part-view.ts'

/** A part without a file: hot, or closed. */
export type ColumnsPart = {
  readonly number: number
  readonly columns: Columns
  /** Of the head, in which the part's rows lie. */
  readonly statements: Statements
}

/**
 * What is wanted of a part that has no file yet: its columns are looked through from end to end. Only rows of which
 * the columns cannot tell are read: those with names of their own, and all when a fragment's value or a text is asked for.
 */
export const createColumnsView = (part: ColumnsPart, wanted: Wanted): PartView => {
  const { columns, statements } = part
  const tables = headTables(part.number)
  const select = createSelect(part, wanted)
  const rowSql = `select ${eventColumnsOf(tables)} from ${tables.event} e where e.id = ?`
  return {
    times: () => [anyTime],
    count: (time) => {
      const { entries, isRefused } = select(time)
      return isRefused ? entries.filter((entry) => !isRefused(entry)).length : entries.length
    },
    isCountCheap: () => !needsAllRows(wanted.filter),
    guessTime: ({ time, isAscending, skip }: Guess) => {
      const { entries } = select(time)
      const times = Float64Array.from(entries, (entry) => columns.times[entry] ?? 0).sort()
      return isAscending ? times[skip] : times[times.length - 1 - skip]
    },
    lanes: (walk) => [createLane(columns, walk, select)],
    row: (id) => statements.arrays<EventRow>(rowSql).get(id),
  }
}

type Selected = {
  readonly entries: Int32Array
  /** Looks at the row when it must: whether the entry is not wanted after all. Undefined when all are. */
  readonly isRefused: ((entry: number) => boolean) | undefined
}

type Select = (time: InstantRange | undefined, walk?: Walk) => Selected

const createSelect = (part: ColumnsPart, wanted: Wanted): Select => {
  const { columns } = part
  const toNumbers = createToNumbers(part)
  const filter = toNumbers(wanted.filter)
  const mustLookAt = createMustLook(columns, wanted.filter)
  const isWanted = createIsWanted(part, wanted)
  return (time, walk) => {
    if (filter === undefined) return { entries: new Int32Array(0), isRefused: undefined }
    const length = lengthOf(columns)
    const selection = selectVisible(columns, length, new Int32Array(length), { ...wanted, filter })
    keepMatching(selection, columns, { ...filter, ...(time && { time }) })
    if (walk?.place) keepBehind(selection, columns, walk.place, walk.isAscending)
    const doubtful = new Set<number>()
    for (const cover of coversIn(wanted, part.number)) {
      const numbers = toNumbers(cover.filter)
      if (numbers) hide({ columns, selection, doubtful, length }, cover, numbers)
    }
    const entries = selection.list.subarray(0, selection.count)
    if (mustLookAt === undefined && doubtful.size === 0) return { entries, isRefused: undefined }
    return {
      entries,
      isRefused: (entry) =>
        (doubtful.has(entry) || mustLookAt?.(entry) === true) && !isWanted(columns.ids[entry] ?? 0),
    }
  }
}

/** Of which entries the columns cannot tell whether they match; undefined when of none. */
const createMustLook = (
  { shapes }: Columns,
  filter: EventFilter,
): ((entry: number) => boolean) | undefined => {
  if (needsAllRows(filter)) return () => true
  if (filter.fragmentType === undefined) return undefined
  return (entry) => shapes[entry] === ownNamesShape
}

const needsAllRows = ({ fragmentValue, text }: EventFilter): boolean =>
  fragmentValue !== undefined || text !== undefined

type Hiding = {
  readonly columns: Columns
  readonly selection: Selection
  readonly doubtful: Set<number>
  readonly length: number
}

/** Takes away what a deletion covers for sure, and puts the rest of it among the doubtful. */
const hide = (
  { columns, selection, doubtful, length }: Hiding,
  { job, filter }: Cover,
  numbers: NumberFilter,
): void => {
  const { list, count } = selection
  const covered: Selection = { list: list.slice(0, count), count }
  keepChangedUpTo(covered, columns, job)
  keepMatching(covered, columns, numbers)
  const mustLook = createMustLook(columns, filter)
  const marks = new Uint8Array(length)
  for (const entry of covered.list.subarray(0, covered.count)) {
    if (mustLook?.(entry)) doubtful.add(entry)
    else marks[entry] = 1
  }
  keepUnmarked(selection, marks)
}

/** Says of a row what the columns cannot: whether it matches, and no running deletion covers it. */
const createIsWanted = (
  { number, statements }: ColumnsPart,
  wanted: Wanted,
): ((id: number) => boolean) => {
  const tables = headTables(number)
  const all = allOf([
    ...filterConditions(tables, wanted.filter),
    ...visibleConditions(tables, coversIn(wanted, number)),
  ])
  const sql = `select 1 from ${tables.event} e where e.id = ? and ${all.sql}`
  return (id) => statements.values<number>(sql).get(id, ...all.values) === 1
}

/** A filter in the part's own numbers; undefined when the part has no such type, so that nothing matches. */
const createToNumbers = ({ number, statements }: ColumnsPart) => {
  const { type: types, shapeFragment } = headTables(number)
  return (filter: EventFilter): NumberFilter | undefined => {
    const { sources, type, fragmentType, time, creation, lastUpdated } = filter
    const numbers = {
      ...(sources && { sources: new Set<number>(sources) }),
      ...(time && { time }),
      ...(creation && { creation }),
      ...(lastUpdated && { lastUpdated }),
      ...(fragmentType !== undefined && {
        shapes: new Set(
          statements
            .values<number>(`select shape from ${shapeFragment} where name = ?`)
            .all(fragmentType),
        ),
      }),
    }
    if (type === undefined) return numbers
    const found = statements.values<number>(`select id from ${types} where text = ?`).get(type)
    return found === undefined ? undefined : { ...numbers, type: found }
  }
}

/** Few entries are picked first, because a page seldom needs more; then all of them are sorted. */
const createLane = (columns: Columns, walk: Walk, select: Select): Lane => {
  const order = { times: columns.times, ids: columns.ids, isAscending: walk.isAscending }
  let selected: Selected | undefined
  let sorted: readonly number[] = []
  let at = 0
  const refill = (max: number): void => {
    const isFirst = selected === undefined
    selected ??= select(walk.time, walk)
    const { entries } = selected
    if (isFirst) sorted = firstEntries(entries, order, Math.max(max, pickedMin))
    else if (sorted.length < entries.length) sorted = sortEntries(entries, order)
  }
  const takeNext = (): Place | undefined => {
    for (; at < sorted.length; at += 1) {
      const entry = sorted[at] ?? 0
      if (selected?.isRefused?.(entry)) continue
      at += 1
      return { timeMs: columns.times[entry] ?? 0, id: columns.ids[entry] ?? 0 }
    }
    return undefined
  }
  return {
    times: { minMs: walk.time?.fromMs ?? -Infinity, maxMs: walk.time?.toMs ?? Infinity },
    next: (max) => {
      const places: Place[] = []
      while (places.length < max) {
        if (at >= sorted.length) refill(max)
        const place = takeNext()
        if (place) places.push(place)
        else if (sorted.length === selected?.entries.length) break
      }
      return places
    },
  }
}

/** As many as the usual page. */
const pickedMin = 128
