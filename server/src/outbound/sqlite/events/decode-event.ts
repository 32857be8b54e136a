import type { Statement } from 'better-sqlite3'
import { toEventId, toManagedObjectId } from '../../../core/identity.ts'
import { decodeFragments, splitOwnNames } from './stored-fragments.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { EventFilter } from '../../../core/event-query.ts'
import type { TenantId } from '../../../core/identity.ts'

/** The columns of `eventColumns`, in that order. */
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

/** To be read from `event e`. */
export const eventColumns = `e.id, e.source, (select text from type where id = e.type), e.text,
  e.time_ms, e.offset_minutes, e.creation_ms, coalesce(e.last_updated_ms, e.creation_ms),
  (select names from shape where id = e.shape), e.fragments`

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

/** The rows of a statement that selects `eventColumns`. */
export const eventRows = (statement: Statement): Statement<(string | number | null)[], EventRow> =>
  statement.raw(true) as Statement<(string | number | null)[], EventRow>

/** A deletion's filter as it was written by `JSON.stringify`. */
export const decodeFilter = (text: string): EventFilter => JSON.parse(text) as EventFilter
