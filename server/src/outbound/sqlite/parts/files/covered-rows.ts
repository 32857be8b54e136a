import type { EventFilter } from '../../../../core/event-query.ts'
import type { CoveredRows } from '../between-threads/janitor-messages.ts'
import { allOf, filterConditions } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import type { PartTables } from '../tables/part-schema.ts'

/**
 * Of a part's events, as `e`, those that a deletion covers: all that stands behind a select, but for its order. Needs
 * `addFilterFunctions`. Rows that are dead already are the caller's matter.
 */
export const fromCovered = (
  tables: PartTables,
  { job, tenant, filter }: CoveredRows,
): Condition => {
  const { sql, values } = allOf([
    { sql: 'e.tenant = ?', values: [tenant] },
    { sql: 'coalesce(e.changed, e.id) <= ?', values: [job] },
    ...filterConditions(tables, filter),
  ])
  return { sql: `from ${tables.event} e ${wayOf(filter)} where ${sql}`, values }
}

/** Without a source, a type or a time no index leaves out any row, so they are read as they lie. */
const wayOf = ({ sources, type, time }: EventFilter): string => {
  if (sources !== undefined) return 'indexed by event_by_source'
  if (type !== undefined) return 'indexed by event_by_type'
  return time === undefined ? 'not indexed' : 'indexed by event_by_time'
}
