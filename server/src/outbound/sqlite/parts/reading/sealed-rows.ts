import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { Part } from '../tables/catalogue.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { allOf, filterConditions, visibleConditions } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import type { PartDead } from './part-dead.ts'
import type { Cover } from '../tables/part-row.ts'
import { fileTables } from '../tables/part-schema.ts'
import type { Rollup } from './read-rollup.ts'
import type { TimeRanks } from './time-ranks.ts'

/** What is wanted of a sealed part once its file has been looked at. */
export type SealedRows = {
  readonly part: Part
  readonly tenant: number
  /** Without a time: that is every question's own. */
  readonly filter: Omit<EventFilter, 'time'>
  readonly covers: readonly Cover[]
  readonly statements: Statements
  readonly rollup: Rollup
  readonly dead: PartDead
  /** Of all rows of the tenant, dead ones too. */
  readonly ranks: (count: number) => TimeRanks | undefined
}

/** The index that is walked for a filter, in order of time and id. Said outright, so that plans never change. */
export const indexFor = (filter: EventFilter): string => {
  if (filter.sources?.length === 1) return 'event_by_source'
  return filter.type === undefined ? 'event_by_time' : 'event_by_type'
}

export const wantedRows = (
  { tenant, filter, covers }: SealedRows,
  time: InstantRange | undefined,
): Condition =>
  allOf([
    { sql: 'e.tenant = ?', values: [tenant] },
    ...filterConditions(fileTables, { ...filter, ...(time && { time }) }),
    ...visibleConditions(fileTables, covers),
  ])
