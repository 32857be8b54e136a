import { toEventId, toManagedObjectId } from '../../../core/identity.ts'
import { decodeFragments, splitOwnNames } from './stored-fragments.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { EventFilter } from '../../../core/event-query.ts'
import type { TenantId } from '../../../core/identity.ts'

/** The columns of `eventColumnsOf` (parts/tables/part-conditions.ts), in that order. */
export type EventRow = readonly [
  id: number,
  source: number,
  type: string,
  text: string,
  timeMs: number,
  offsetMinutes: number,
  creationMs: number,
  lastUpdatedMs: number,
  /** Null for a row that carries its own names. */
  names: string | null,
  fragments: string,
]

export const decodeEvent = (tenant: TenantId, row: EventRow): StoredEvent => ({
  tenant,
  id: toEventId(row[0]),
  source: toManagedObjectId(row[1]),
  type: row[2],
  text: row[3],
  time: { ms: row[4], offsetMinutes: row[5] },
  creationMs: row[6],
  lastUpdatedMs: row[7],
  fragments: decodeFragments(splitOwnNames(row[8], row[9])),
})

/** A deletion's filter as it was written by `JSON.stringify`. */
export const decodeFilter = (text: string): EventFilter => JSON.parse(text) as EventFilter
