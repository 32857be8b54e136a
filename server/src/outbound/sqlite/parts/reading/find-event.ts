import type { EventRow } from '../../events/decode-event.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'
import type { Statements } from '../tables/cached-statements.ts'
import { allOf, eventColumnsOf, visibleConditions } from '../tables/part-conditions.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import { readPartDead } from './part-dead.ts'
import { fileTables, headTables } from '../tables/part-schema.ts'
import type { Wanted } from './part-view.ts'

export type FindEventParts = {
  readonly head: Statements
  readonly connections: PartConnections
  readonly catalogue: Catalogue
}

/**
 * The event as the snapshot sees it. Looked for in the newest part first: an event that was changed has moved there,
 * and is dead where it was.
 */
export const findEvent = (
  parts: FindEventParts,
  wanted: Pick<Wanted, 'tenant' | 'covers'>,
  id: number,
): EventRow | undefined => {
  for (const part of parts.catalogue.parts.toReversed()) {
    const row = mayHave(part, id) ? findIn(parts, part, wanted, id) : undefined
    if (row) return row
  }
  return undefined
}

const mayHave = ({ state, minId, maxId }: Part, id: number): boolean =>
  state !== 'sealed' || (id >= minId && id <= maxId)

const findIn = (
  { head, connections }: FindEventParts,
  { number, state, goneTenants }: Part,
  { tenant, covers }: Pick<Wanted, 'tenant' | 'covers'>,
  id: number,
): EventRow | undefined => {
  if (goneTenants.has(tenant)) return undefined
  const tables = state === 'sealed' ? fileTables : headTables(number)
  const statements = state === 'sealed' ? connections.open(number).statements : head
  const active = covers.filter(({ donePart }) => number > donePart)
  const all = allOf(visibleConditions(tables, active))
  const sql = `select ${eventColumnsOf(tables)} from ${tables.event} e
    where e.id = ? and e.tenant = ? and ${all.sql}`
  const row = statements.arrays<EventRow>(sql).get(id, tenant, ...all.values)
  if (row === undefined || state === 'hot') return row
  const dead = readPartDead(head, number, tenant)
  return dead.isGone || dead.has({ timeMs: row[4], id }) ? undefined : row
}
