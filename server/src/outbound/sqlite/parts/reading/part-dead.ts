import type { InstantRange } from '../../../../core/event-query.ts'
import type { SqlValue, Statements } from '../tables/cached-statements.ts'
import { allOf, rangeConditions } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import type { Place } from './part-view.ts'

/** The rows of one tenant in one sealed part that are gone, although its file still has them. */
export type PartDead = {
  /** How many. */
  readonly rows: number
  /** Nothing is left of the tenant, whether its rows are named or not. */
  readonly isGone: boolean
  readonly has: (place: Place) => boolean
  /** Those in a range of times, one by one. */
  readonly ids: (time: InstantRange | undefined) => IterableIterator<number>
  /** How many in a range of times that meet conditions about `e.source`, `e.type` and `e.shape`. */
  readonly count: (time: InstantRange | undefined, conditions: readonly Condition[]) => number
}

const tenantSql = 'select rows, is_gone as isGone from dead_tenant where part = ? and tenant = ?'

const hasSql = 'select 1 from dead where part = ? and tenant = ? and time_ms = ? and id = ?'

export const readPartDead = (head: Statements, part: number, tenant: number): PartDead => {
  const found = head
    .objects<{ readonly rows: number; readonly isGone: number }>(tenantSql)
    .get(part, tenant)
  const rows = found?.rows ?? 0
  const here: Condition = { sql: 'e.part = ? and e.tenant = ?', values: [part, tenant] }
  return {
    rows,
    isGone: found?.isGone === 1,
    has: ({ timeMs, id }) =>
      rows > 0 && head.values<SqlValue>(hasSql).get(part, tenant, timeMs, id) !== undefined,
    ids: (time) => {
      const all = allOf([here, ...rangeConditions('e.time_ms', time)])
      return head.values<number>(`select e.id from dead e where ${all.sql}`).iterate(...all.values)
    },
    count: (time, conditions) => {
      if (rows === 0) return 0
      const all = allOf([here, ...rangeConditions('e.time_ms', time), ...conditions])
      const sql = `select count(*) from dead e where ${all.sql}`
      return head.values<number>(sql).get(...all.values) ?? 0
    },
  }
}
