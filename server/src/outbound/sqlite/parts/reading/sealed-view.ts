import type { EventFilter } from '../../../../core/event-query.ts'
import type { EventRow } from '../../events/decode-event.ts'
import { isOutlier } from '../tables/catalogue.ts'
import type { Part } from '../tables/catalogue.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { coversIn, narrowWanted } from './narrow-filter.ts'
import { eventColumnsOf } from '../tables/part-conditions.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import { readPartDead } from './part-dead.ts'
import { fileTables } from '../tables/part-schema.ts'
import { meets } from './part-view.ts'
import type { Guess, PartView, Stretch, Wanted } from './part-view.ts'
import { createCountSealed, isRolled } from './sealed-count.ts'
import { sealedLanes } from './sealed-lanes.ts'
import { indexFor, wantedRows } from './sealed-rows.ts'
import type { SealedRows } from './sealed-rows.ts'
import type { ReadRollup } from './tenant-rollups.ts'
import type { ReadTenantTimes } from './tenant-times.ts'
import type { ReadTimeRanks, TimeRanks } from './time-ranks.ts'

/** A part in its own file, and what has been learnt of files like it. */
export type SealedPart = {
  readonly part: Part
  readonly head: Statements
  readonly connections: PartConnections
  readonly readRollup: ReadRollup
  readonly readTimes: ReadTenantTimes
  readonly readRanks: ReadTimeRanks
}

/** What is wanted of a part that has its file, which is opened only when the catalogue cannot tell. */
export const createSealedView = (sealed: SealedPart, wanted: Wanted): PartView | undefined => {
  const { part, connections } = sealed
  const narrowed = narrowWanted(wanted, part)
  if (narrowed === undefined) return undefined
  const rows = once(() => readRows(sealed, narrowed))
  const times = once(() => timesOf(sealed, narrowed, rows))
  const counter = once(() => {
    const found = rows()
    return found && createCountSealed({ ...found, times: times() })
  })
  return {
    times,
    count: (time) => (times().some((each) => meets(each, time)) ? (counter()?.(time) ?? 0) : 0),
    isCountCheap: () => {
      const found = rows()
      return found === undefined || isRolled(found)
    },
    guessTime: (guess) => {
      const found = rows()
      return found && guessTime(found, guess)
    },
    lanes: (walk) => {
      const found = rows()
      return found ? sealedLanes(found, walk) : []
    },
    row: (id) => connections.open(part.number).statements.arrays<EventRow>(rowSql).get(id),
  }
}

const rowSql = `select ${eventColumnsOf(fileTables)} from event e where e.id = ?`

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Undefined when nothing can be wanted. */
const readRows = (
  { part, head, connections, readRollup, readRanks }: SealedPart,
  { tenant, filter, ...wanted }: Wanted,
): SealedRows | undefined => {
  const dead = readPartDead(head, part.number, tenant)
  if (dead.isGone) return undefined
  const { statements } = connections.open(part.number)
  const rollup = readRollup(part.number, tenant, { filter, file: statements })
  const covers = coversIn({ ...wanted, tenant, filter }, part.number)
  const ranks = (count: number): TimeRanks | undefined =>
    readRanks(part.number, tenant, { file: statements, count })
  return rollup && { part, tenant, filter, covers, statements, rollup, dead, ranks }
}

/** The file is looked at only when there are wrong clocks in it that the question may be about. */
const timesOf = (
  { part, connections, readTimes }: SealedPart,
  { tenant, filter }: Wanted,
  rows: () => SealedRows | undefined,
): readonly Stretch[] => {
  const { number, minTimeMs: minMs, maxTimeMs: maxMs } = part
  if (!mayMeetOutliers(part, filter)) return minMs > maxMs ? [] : [{ minMs, maxMs, isUsual: true }]
  const file = (): Statements => connections.open(number).statements
  const { stretches, oddSources } = readTimes(number, tenant, file)
  if (filter.sources === undefined) return stretches
  const odd = oddSources(file)
  const isUsual = odd !== undefined && !filter.sources.some((source) => odd.has(source))
  if (isUsual) return stretches.filter((stretch) => stretch.isUsual)
  const found = rows()
  return found ? [{ ...found.rollup.times, isUsual: true }] : []
}

const mayMeetOutliers = (part: Part, { sources }: EventFilter): boolean =>
  sources === undefined
    ? part.outliers === undefined || part.outliers.size > 0
    : sources.some((source) => isOutlier(part, source))

/** Counted from the nearer end. Dead rows are counted too, so that it is a guess only. */
const guessTime = (rows: SealedRows, { time, isAscending, skip, among }: Guess) => {
  const isNear = skip <= among / 2
  const direction = isAscending === isNear ? 'asc' : 'desc'
  const all = wantedRows(rows, time)
  const sql = `select e.time_ms from event e indexed by ${indexFor(rows.filter)}
    where ${all.sql} order by e.time_ms ${direction} limit 1 offset ?`
  const offset = Math.max(0, isNear ? skip : among - 1 - skip)
  return rows.statements.values<number>(sql).get(...all.values, offset)
}
