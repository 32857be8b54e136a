import type { Statements } from '../tables/cached-statements.ts'
import { createRememberByPart } from './remember-by-part.ts'

/** How many rows of one tenant in one sealed part stand before an instant. Exact; dead rows are counted too. */
export type TimeRanks = { readonly before: (file: Statements, timeMs: number) => number }

/** Undefined for a tenant with so few rows that they are counted as fast. */
export type ReadTimeRanks = (
  part: number,
  tenant: number,
  rows: { readonly file: Statements; readonly count: number },
) => TimeRanks | undefined

/** Parts of tenants that are remembered, in each thread; beyond, the oldest are forgotten. */
const rememberedMax = 1_000

/** Rows between two instants whose ranks are kept, so that counting on from one of them takes no time. */
export const rankedRowsApart = 1_024

const rankedFromMarks = 4

export const createReadTimeRanks = (rowsApart: number): ReadTimeRanks => {
  const remember = createRememberByPart<TimeRanks>({ rememberedMax })
  return (part, tenant, { file, count }) =>
    count < rankedFromMarks * rowsApart
      ? undefined
      : remember(part, tenant, () => createTimeRanks(tenant, readMarks(file, tenant, rowsApart)))
}

/** Instants with the number of rows that stand before each, ascending. */
type Marks = { readonly times: Float64Array; readonly ranks: Float64Array }

const from = 'from event indexed by event_by_time where tenant = ?'
const nextSql = `select time_ms, id ${from} and time_ms >= ?
  order by time_ms, id limit 1 offset ?`
const sameSql = `select count(*) ${from} and time_ms = ? and id < ?`

const readMarks = (file: Statements, tenant: number, rowsApart: number): Marks => {
  const times: number[] = []
  const ranks: number[] = []
  let [timeMs, rank, offset] = [Number.MIN_SAFE_INTEGER, 0, 0]
  for (;;) {
    const next = file
      .arrays<readonly [timeMs: number, id: number]>(nextSql)
      .get(tenant, timeMs, offset)
    if (next === undefined)
      return { times: Float64Array.from(times), ranks: Float64Array.from(ranks) }
    if (next[0] === timeMs) {
      // More rows of one instant than there should be between two marks.
      offset *= 2
      continue
    }
    rank += offset - (file.values<number>(sameSql).get(tenant, ...next) ?? 0)
    timeMs = next[0]
    offset = rowsApart
    times.push(timeMs)
    ranks.push(rank)
  }
}

const betweenSql = `select count(*) ${from} and time_ms >= ? and time_ms < ?`

const createTimeRanks = (tenant: number, { times, ranks }: Marks): TimeRanks => ({
  before: (file, timeMs) => {
    const at = lastBefore(times, timeMs)
    if (at < 0) return 0
    const between = file.values<number>(betweenSql).get(tenant, times[at] ?? 0, timeMs) ?? 0
    return (ranks[at] ?? 0) + between
  },
})

/** The position of the last of the ascending numbers that is below `end`; -1 when none is. */
const lastBefore = (numbers: Float64Array, end: number): number => {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((numbers[middle] ?? 0) < end) low = middle + 1
    else high = middle
  }
  return low - 1
}
