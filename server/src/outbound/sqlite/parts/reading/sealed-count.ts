import type { InstantRange } from '../../../../core/event-query.ts'
import { allOf, rangeConditions } from '../tables/part-conditions.ts'
import { intersect, isEmpty, isWithin, meets, rangeOf } from './part-view.ts'
import type { Stretch, Times } from './part-view.ts'
import { indexFor, wantedRows } from './sealed-rows.ts'
import type { SealedRows } from './sealed-rows.ts'
import type { TimeRanks } from './time-ranks.ts'

/** How many rows of a sealed part are wanted in a range of times. Exact. */
export type CountSealed = (time: InstantRange | undefined) => number

/** `SealedRows`, and where their times lie. */
export type CountedRows = SealedRows & { readonly times: readonly Stretch[] }

/** Remembers what it has counted, because a search for a place asks about the same stretches again and again. */
export const createCountSealed = (rows: CountedRows): CountSealed => {
  const { rollup, dead, times } = rows
  const countRaw = isRolled(rows) ? createCountRolled(rows) : createCountIndexed(rows)
  return (time) => {
    if (!times.some((stretch) => meets(stretch, time))) return 0
    const open = times.every((stretch) => isWithin(stretch, time)) ? undefined : time
    if (dead.rows > 0 && !isRolled(rows)) return countLooking(rows, open)
    const raw = countRaw(open)
    if (raw === 0 || dead.rows === 0) return raw
    // A few rows are looked up among the dead; many dead ones are counted on their own.
    if (raw * lookupsWorth < dead.rows) return countAlive(rows, open)
    return raw - dead.count(open, rollup.conditions)
  }
}

/** Whether the roll-ups tell how many there are, so that an index has to be walked for edges only. */
export const isRolled = ({ rollup, covers }: SealedRows): boolean =>
  rollup.isExact && covers.length === 0

/** What one lookup costs, in rows that are counted in a row. */
const lookupsWorth = 16

/** Each stretch on its own: whole ones are known, of others the smaller side is counted. Dead rows are in it. */
const createCountRolled = (rows: CountedRows): CountSealed => {
  const { rollup, times } = rows
  const countIndexed = createCountIndexed(rows)
  // Stretches of a tenant's times outlive the call (tenant-times.ts), and so does what is in them.
  const counted = isEverything(rows) ? countedStretches : new WeakMap<Stretch, number>()
  const countWhole = (stretch: Stretch): number => {
    const others = times.filter((each) => each !== stretch)
    const count =
      counted.get(stretch) ??
      (stretch.isUsual
        ? others.reduce((left, each) => left - countWhole(each), rollup.rows)
        : countRange(rows, rangeOf(stretch)))
    counted.set(stretch, count)
    return count
  }
  const countPart = (stretch: Stretch, time: InstantRange): number => {
    const inside = intersect(time, rangeOf(stretch))
    if (isEmpty(inside)) return 0
    if (isWithin(stretch, time)) return countWhole(stretch)
    if (shareOf(stretch, time) <= 0.5) return countIndexed(inside)
    const outside = [{ toMs: time.fromMs ?? -Infinity }, { fromMs: time.toMs ?? Infinity }]
    return outside
      .map((range) => intersect(range, rangeOf(stretch)))
      .filter((range) => !isEmpty(range))
      .reduce((left, range) => left - countIndexed(range), countWhole(stretch))
  }
  return (time) =>
    time === undefined
      ? rollup.rows
      : times.reduce((sum, stretch) => sum + countPart(stretch, time), 0)
}

const countedStretches = new WeakMap<Stretch, number>()

/** The share of a stretch that is in the range. */
const shareOf = ({ minMs, maxMs }: Times, { fromMs, toMs }: InstantRange): number => {
  const from = Math.max(fromMs ?? -Infinity, minMs)
  const to = Math.min(toMs ?? Infinity, maxMs + 1)
  return (to - from) / (maxMs + 1 - minMs)
}

/** Dead rows are in it. */
const createCountIndexed =
  (rows: SealedRows): CountSealed =>
  (time) => {
    const ranks = isEverything(rows) ? rows.ranks(rows.rollup.rows) : undefined
    return time && ranks ? countByRanks(rows, ranks, time) : countRange(rows, time)
  }

const countRange = (rows: SealedRows, time: InstantRange | undefined): number => {
  const { index, all } = countedBy(rows, time)
  const sql = `select count(*) from event e indexed by ${index} where ${all.sql}`
  return rows.statements.values<number>(sql).get(...all.values) ?? 0
}

/** Whether all that the tenant has in the part is wanted. */
const isEverything = (rows: SealedRows): boolean =>
  isRolled(rows) && rows.rollup.conditions.length === 0

const countByRanks = (
  { statements, rollup }: SealedRows,
  ranks: TimeRanks,
  { fromMs, toMs }: InstantRange,
): number =>
  (toMs === undefined ? rollup.rows : ranks.before(statements, toMs)) -
  (fromMs === undefined ? 0 : ranks.before(statements, fromMs))

/** A fragment that the shapes alone tell of is counted shape by shape. */
const countedBy = (rows: SealedRows, time: InstantRange | undefined) => {
  const { filter, rollup, tenant } = rows
  const isByShape = isRolled(rows) && filter.fragmentType !== undefined && filter.type === undefined
  if (!isByShape) return { index: countingIndex(rows), all: wantedRows(rows, time) }
  const here = { sql: 'e.tenant = ?', values: [tenant] }
  const all = allOf([here, ...rollup.conditions, ...rangeConditions('e.time_ms', time)])
  return { index: 'event_by_shape', all }
}

/** No order is needed here, so that any number of sources can be looked up. */
const countingIndex = ({ filter }: SealedRows): string =>
  filter.sources === undefined ? indexFor(filter) : 'event_by_source'

/** Nothing tells which of the dead would be wanted: they are looked at, or all that is wanted, whatever is fewer. */
const countLooking = (rows: SealedRows, time: InstantRange | undefined): number =>
  rows.dead.rows < rows.rollup.rows
    ? countRange(rows, time) - countDeadWanted(rows, time)
    : countAlive(rows, time)

const countDeadWanted = (rows: SealedRows, time: InstantRange | undefined): number => {
  const all = wantedRows(rows, time)
  const wanted = rows.statements.values<number>(
    `select 1 from event e where e.id = ? and ${all.sql}`,
  )
  let count = 0
  for (const id of rows.dead.ids(time)) count += wanted.get(id, ...all.values) ?? 0
  return count
}

const countAlive = (rows: SealedRows, time: InstantRange | undefined): number => {
  const all = wantedRows(rows, time)
  const sql = `select e.time_ms, e.id from event e indexed by ${countingIndex(rows)} where ${all.sql}`
  let count = 0
  const found = rows.statements.arrays<readonly [timeMs: number, id: number]>(sql)
  for (const [timeMs, id] of found.iterate(...all.values)) {
    if (!rows.dead.has({ timeMs, id })) count += 1
  }
  return count
}
