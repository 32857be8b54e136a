import type { Database } from 'better-sqlite3'
import { allOf } from '../tables/part-conditions.ts'
import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { Condition } from '../tables/part-conditions.ts'
import type { MatchTask } from '../between-threads/janitor-messages.ts'

/** What catalogue and roll-ups say of one tenant's rows in a sealed part, dead ones included. */
export type TenantRange = {
  readonly rows: number
  readonly minTimeMs: number
  readonly maxTimeMs: number
  /** Of all rows of the part. */
  readonly minId: number
  readonly maxChanged: number
  readonly minCreationMs: number
  readonly maxCreationMs: number
}

const rangeSql = `select r.rows, r.min_time_ms as minTimeMs, r.max_time_ms as maxTimeMs,
  p.min_id as minId, p.max_changed as maxChanged, p.min_creation_ms as minCreationMs,
  p.max_creation_ms as maxCreationMs
  from tenant_rollup r, head.part p where r.tenant = ? and p.number = ?
    and r.tenant not in (select tenant from temp.leaving_tenant)`

/** Undefined when the tenant has no rows in the part, or none any more. */
export const readTenantRange = (db: Database, task: MatchTask): TenantRange | undefined =>
  db.prepare<[number, number], TenantRange>(rangeSql).get(task.covered.tenant, task.part)

/** Whether the deletion covers every row of the tenant, as far as that can be said without looking at rows. */
export const isAllCovered = (
  db: Database,
  { covered: { tenant, filter, job } }: MatchTask,
  range: TenantRange,
): boolean => {
  if (range.maxChanged > job) return false
  // None of them is kept for groups of rows.
  if (filter.lastUpdated !== undefined || filter.fragmentValue !== undefined) return false
  if (filter.text !== undefined) return false
  if (!isInside(filter.creation, range.minCreationMs, range.maxCreationMs)) return false
  if (!isInside(filter.time, range.minTimeMs, range.maxTimeMs)) return false
  const groups = allOf(groupConditions({ ...filter, hasMaybeFragment: false }))
  const others = `select 1 from type_rollup where tenant = ? and (${groups.sql}) is not true`
  if (isThere(db, others, [tenant, ...groups.values])) return false
  if (filter.sources === undefined) return true
  return !isThere(db, otherSourceSql, [tenant, JSON.stringify(filter.sources)])
}

/** Whether it covers none, likewise. */
export const isNoneCovered = (
  db: Database,
  { covered: { tenant, filter, job } }: MatchTask,
  range: TenantRange,
): boolean => {
  if (range.minId > job) return true
  if (isOutside(filter.creation, range.minCreationMs, range.maxCreationMs)) return true
  if (isOutside(filter.time, range.minTimeMs, range.maxTimeMs)) return true
  const groups = allOf(groupConditions({ ...filter, hasMaybeFragment: true }))
  const some = `select 1 from type_rollup where tenant = ? and ${groups.sql}`
  return !isThere(db, some, [tenant, ...groups.values])
}

const otherSourceSql = `select 1 from source_rollup where tenant = ?
  and source not in (select value from json_each(?))`

type GroupFilter = Pick<EventFilter, 'type' | 'fragmentType'> & {
  /** What is answered for rows that carry their own names. */
  readonly hasMaybeFragment: boolean
}

/** The filter's type and fragment, about a group of rows with the same type and shape. */
const groupConditions = (filter: GroupFilter): readonly Condition[] => [
  ...(filter.type === undefined
    ? []
    : [{ sql: 'type = (select id from type where text = ?)', values: [filter.type] }]),
  ...(filter.fragmentType === undefined
    ? []
    : [
        {
          sql: `case shape when 0 then ${filter.hasMaybeFragment}
            else shape in (select shape from shape_fragment where name = ?) end`,
          values: [filter.fragmentType],
        },
      ]),
]

const isThere = (db: Database, sql: string, values: readonly unknown[]): boolean =>
  db
    .prepare<unknown[], number>(`select exists (${sql})`)
    .pluck()
    .get(...values) === 1

const isInside = (range: InstantRange | undefined, minMs: number, maxMs: number): boolean =>
  (range?.fromMs ?? -Infinity) <= minMs && maxMs < (range?.toMs ?? Infinity)

const isOutside = (range: InstantRange | undefined, minMs: number, maxMs: number): boolean =>
  (range?.fromMs ?? -Infinity) > maxMs || minMs >= (range?.toMs ?? Infinity)
