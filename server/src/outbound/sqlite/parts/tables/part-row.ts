import { matchesEvent } from '../../../../core/event-query.ts'
import type { EventFilter } from '../../../../core/event-query.ts'
import { toTenantId } from '../../../../core/identity.ts'
import { decodeEvent } from '../../events/decode-event.ts'
import type { EventRow } from '../../events/decode-event.ts'
import type { PartTables } from './part-schema.ts'

/** A row with what the writer needs beyond an answer. */
export type PartRow = readonly [
  ...event: EventRow,
  tenant: number,
  /** The part's own numbers. */
  type: number,
  shape: number,
  /** The number of the last change: the id until the first update. */
  changed: number,
  digest: string | null,
]

export const tenantOf = (row: PartRow): number => row[10]
export const typeOf = (row: PartRow): number => row[11]
export const shapeOf = (row: PartRow): number => row[12]
const changedOf = (row: PartRow): number => row[13]
export const digestOf = (row: PartRow): string | null => row[14]

export const eventRowOf = (row: PartRow): EventRow => [
  row[0],
  row[1],
  row[2],
  row[3],
  row[4],
  row[5],
  row[6],
  row[7],
  row[8],
  row[9],
]

/** Selects rows of a part as `PartRow`, to be followed by a condition about `event e`. */
export const selectPartRows = ({ event, type, shape }: PartTables): string =>
  `select e.id, e.source, (select text from ${type} where id = e.type), e.text, e.time_ms,
    e.offset_minutes, e.creation_ms, coalesce(e.last_updated_ms, e.creation_ms),
    (select names from ${shape} where id = e.shape), e.fragments,
    e.tenant, e.type, e.shape, coalesce(e.changed, e.id), e.digest
    from ${event} e`

/** A running deletion: what it hides is last changed not after it, and not in a part that it is done with. */
export type Cover = {
  readonly job: number
  readonly filter: EventFilter
  readonly donePart: number
}

export const isCovered = (covers: readonly Cover[], part: number, row: PartRow): boolean =>
  covers.some(
    ({ job, filter, donePart }) =>
      part > donePart && changedOf(row) <= job && matchesRow(filter, row),
  )

/** The tenant's name is no part of any filter. */
const anyTenant = toTenantId('any')

export const matchesRow = (filter: EventFilter, row: PartRow): boolean =>
  matchesEvent(filter, decodeEvent(anyTenant, eventRowOf(row)))
