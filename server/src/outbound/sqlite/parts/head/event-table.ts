import type { BatchEvent } from '../../events/decode-batch.ts'
import type { StoredFragments } from '../../events/stored-fragments.ts'
import type { Part } from '../tables/catalogue.ts'
import { isOutlier } from '../tables/catalogue.ts'
import { createMayHaveDigest } from '../duplicates/crowded-instants.ts'
import type { MayHaveDigest } from '../duplicates/crowded-instants.ts'
import type { Counter } from './counter.ts'
import type { DeadRow, DeadRows } from './dead-rows.ts'
import type { Dictionary } from './dictionaries.ts'
import type { HeadPart } from './head-part.ts'
import type { Jobs } from './jobs.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import type { PartSet } from './part-set.ts'
import {
  digestOf,
  isCovered,
  selectPartRows,
  shapeOf,
  tenantOf,
  typeOf,
} from '../tables/part-row.ts'
import type { PartRow } from '../tables/part-row.ts'
import { fileTables } from '../tables/part-schema.ts'
import type { UniqueFilters } from '../duplicates/unique-filters.ts'
import { hashOf } from '../duplicates/duplicate-hash.ts'
import { partRows } from '../tables/decode-part-row.ts'

/** The events of all parts as one table: what a call of a batch needs of it. Inside a transaction. */
export type EventTable = {
  readonly tenant: (name: string) => number
  readonly takeId: (nowMs: number) => number
  /** Whether the hot part has room for so many more. */
  readonly hasRoom: (events: number) => boolean
  readonly insert: (id: number, tenant: number, creationMs: number, event: BatchEvent) => void
  /** Of several equal events the one that was there first. */
  readonly findEqual: (tenant: number, event: BatchEvent) => FoundEvent | undefined
  /** The row as it can be seen now; undefined when it is another tenant's or covered by a deletion. */
  readonly find: (tenant: number, id: number) => LocatedRow | undefined
  readonly update: (located: LocatedRow, change: RowChange) => void
  readonly remove: (located: LocatedRow) => void
}

/** An equal event that is there already. */
export type FoundEvent = { readonly id: number; readonly creationMs: number }

/** A living row and its part. */
export type LocatedRow = { readonly part: number; readonly row: PartRow }

/** What is new about a changed event; `changed` is the number of the change. */
export type RowChange = StoredFragments & {
  readonly changed: number
  readonly lastUpdatedMs: number
  readonly text: string
}

export type EventTableParts = {
  readonly tenants: Dictionary
  readonly counter: Counter
  readonly jobs: Jobs
  readonly dead: DeadRows
  readonly parts: PartSet
  readonly connections: PartConnections
  readonly uniqueFilters: UniqueFilters
  /** Entries of the hot part beyond which nothing is added. */
  readonly hotEntriesMax: number
}

export const createEventTable = (with_: EventTableParts): EventTable => {
  const { tenants, counter, parts, connections, hotEntriesMax } = with_
  const equals: Equals = { ...with_, mayHaveDigest: createMayHaveDigest(connections) }
  return {
    tenant: tenants.number,
    takeId: counter.take,
    hasRoom: (events) => parts.hot().length() + events <= hotEntriesMax,
    insert: (id, tenant, creationMs, event) => {
      parts.hot().insert({ id, tenant, creationMs, event }, counter.version())
    },
    findEqual: (tenant, event) => findEqual(equals, tenant, event),
    find: (tenant, id) => find(with_, tenant, id),
    update: (located, change) => update(with_, located, change),
    remove: (located) => remove(with_, located),
  }
}

const find = (with_: EventTableParts, tenant: number, id: number): LocatedRow | undefined => {
  const { jobs } = with_
  const located = findInHead(with_, tenant, id) ?? findSealed(with_, tenant, id)
  return located && !isCovered(jobs.coversOf(tenant), located.part, located.row)
    ? located
    : undefined
}

const headParts = ({ parts }: EventTableParts): readonly HeadPart[] => [
  parts.hot(),
  ...parts.closed(),
]

const findInHead = (with_: EventTableParts, tenant: number, id: number): LocatedRow | undefined => {
  for (const part of headParts(with_)) {
    const row = part.find(tenant, id)
    if (row) return { part: part.number, row }
  }
  return undefined
}

const findSql = `${selectPartRows(fileTables)} where e.id = ? and e.tenant = ?`

/** The newest part first: an event that has moved is dead in the older ones. */
const findSealed = (
  { parts, connections, dead }: EventTableParts,
  tenant: number,
  id: number,
): LocatedRow | undefined => {
  for (const part of parts.catalogue().parts.toReversed()) {
    if (!isSealedFor(part, tenant) || id < part.minId || id > part.maxId) continue
    const row = partRows(connections.prepare(part.number, findSql)).get(id, tenant)
    if (row && !dead.isDead(part.number, deadRowOf(row))) return { part: part.number, row }
  }
  return undefined
}

const isSealedFor = ({ state, goneTenants }: Part, tenant: number): boolean =>
  state === 'sealed' && !goneTenants.has(tenant)

const deadRowOf = (row: PartRow): DeadRow => ({
  tenant: tenantOf(row),
  timeMs: row[4],
  id: row[0],
  source: row[1],
  type: typeOf(row),
  shape: shapeOf(row),
})

type Equals = EventTableParts & { readonly mayHaveDigest: MayHaveDigest }

const findEqual = (with_: Equals, tenant: number, event: BatchEvent): FoundEvent | undefined => {
  const { digest, source, timeMs } = event
  if (digest === null) return undefined
  const { parts, uniqueFilters, mayHaveDigest } = with_
  const hash = hashOf(source, timeMs, digest)
  const equalIn = (part: number, rows: readonly PartRow[]): readonly PartRow[] =>
    rows.length === 0 ? rows : rows.filter((row) => isEqual(with_, tenant, event, { part, row }))
  const instant = { tenant, source, timeMs }
  const hot = parts.hot()
  let first = firstOf(undefined, equalIn(hot.number, hot.findAlike(hash, timeMs)))
  for (const part of parts.closed()) {
    first = firstOf(first, equalIn(part.number, part.findAlike(hash, timeMs)))
  }
  for (const part of parts.catalogue().parts) {
    if (!mayHaveEqual(part, tenant, source, timeMs)) continue
    if (!uniqueFilters.mayHave(part.number, hash)) continue
    if (!mayHaveDigest(part.number, instant, digest)) continue
    first = firstOf(first, equalIn(part.number, sealedAlike(with_, part, tenant, event)))
  }
  return first && { id: first[0], creationMs: first[6] }
}

const firstOf = (known: PartRow | undefined, rows: readonly PartRow[]): PartRow | undefined => {
  let first = known
  for (const row of rows) if (first === undefined || row[0] < first[0]) first = row
  return first
}

const isEqual = (
  { jobs }: EventTableParts,
  tenant: number,
  event: BatchEvent,
  { part, row }: LocatedRow,
): boolean =>
  tenantOf(row) === tenant &&
  row[1] === event.source &&
  row[2] === event.type &&
  row[4] === event.timeMs &&
  digestOf(row) === event.digest &&
  !isCovered(jobs.coversOf(tenant), part, row)

const mayHaveEqual = (part: Part, tenant: number, source: number, timeMs: number): boolean =>
  part.uniqueRows > 0 &&
  ((timeMs >= part.minTimeMs && timeMs <= part.maxTimeMs) || isOutlier(part, source)) &&
  isSealedFor(part, tenant)

const alikeSql = `${selectPartRows(fileTables)} indexed by event_by_source
  where e.tenant = ? and e.source = ? and e.time_ms = ? and e.digest = ?`

const sealedAlike = (
  { connections, dead }: EventTableParts,
  part: Part,
  tenant: number,
  { source, timeMs, digest }: BatchEvent,
): readonly PartRow[] =>
  partRows(connections.prepare(part.number, alikeSql))
    .all(tenant, source, timeMs, digest)
    .filter((row) => !dead.isDead(part.number, deadRowOf(row)))

/** A row of the hot part is changed where it is; any other is dead there, and comes back in the hot part. */
const update = (
  with_: EventTableParts,
  located: LocatedRow,
  { changed, lastUpdatedMs, text, names, values }: RowChange,
): void => {
  const { parts, counter } = with_
  const { row, part } = located
  const [id, hot, version] = [row[0], parts.hot(), counter.version()]
  if (part === hot.number) {
    return hot.update({ id, changed, lastUpdatedMs, text, names, values }, version)
  }
  bury(with_, located)
  const [source, type, timeMs, offsetMinutes, creationMs] = [row[1], row[2], row[4], row[5], row[6]]
  const event = { source, type, text, timeMs, offsetMinutes, names, values, digest: digestOf(row) }
  const tenant = tenantOf(row)
  hot.insert({ id, tenant, creationMs, update: { changed, lastUpdatedMs }, event }, version)
}

const remove = (with_: EventTableParts, located: LocatedRow): void => {
  const { parts, counter } = with_
  const hot = parts.hot()
  if (located.part === hot.number) hot.remove(located.row[0], counter.version())
  else bury(with_, located)
}

/** Puts a row of a closed or sealed part on the list of the dead. */
const bury = ({ parts, counter, dead }: EventTableParts, { part, row }: LocatedRow): void => {
  const version = counter.version()
  dead.add(part, [deadRowOf(row)], version)
  counter.noteDeaths()
  for (const closed of parts.closed()) if (closed.number === part) closed.hide(row[0], version)
}
