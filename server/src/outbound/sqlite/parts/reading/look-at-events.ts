import Database from 'better-sqlite3'
import { toEventId, toTenantId } from '../../../../core/identity.ts'
import type { AttachmentPlace } from '../../../../core/attachment.ts'
import type { StoredEvent } from '../../../../core/event.ts'
import type { EventId, TenantId } from '../../../../core/identity.ts'
import { decodeEvent } from '../../events/decode-event.ts'
import { createInTransaction } from '../../transaction.ts'
import { createStatements } from '../tables/cached-statements.ts'
import type { SqlValue, Statements } from '../tables/cached-statements.ts'
import { createReadCatalogue } from '../tables/catalogue.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'
import { findEvent } from './find-event.ts'
import { createJobs } from '../head/jobs.ts'
import { addFilterFunctions, filterConditions, allOf } from '../tables/part-conditions.ts'
import type { Condition } from '../tables/part-conditions.ts'
import { createPartConnections } from '../tables/part-connections.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import { partPath } from '../tables/part-files.ts'
import type { Cover } from '../tables/part-row.ts'
import { fileTables, headTables } from '../tables/part-schema.ts'
import type { PartTables } from '../tables/part-schema.ts'
import { endlessPatience } from '../tables/patience.ts'

/**
 * Events as another process than the server sees them. The server knows nothing of it: a part's file may go between a look at
 * the catalogue and one into the file, and then the look is taken again.
 */
export type EventLook = {
  /**
   * The places of events that have the fragment, page by page, so that no snapshot lasts. Some come more than once, or are
   * deleted; of those that are stored, changed or deleted meanwhile, some do not come.
   */
  readonly places: (fragment: string) => Generator<AttachmentPlace, void>
  /** The event as it is now; undefined when there is none, or a running deletion hides it. */
  readonly read: (tenant: TenantId, id: EventId) => StoredEvent | undefined
  /** Whether any event of the tenant is left that no deletion is going to remove. */
  readonly hasEventsOf: (tenant: string) => boolean
  readonly close: () => void
}

export const createEventLook = (head: Database.Database, folder: string): EventLook => {
  addFilterFunctions(head, endlessPatience)
  const connections = createPartConnections(folder, endlessPatience)
  const jobs = createJobs(head)
  const look: Look = {
    folder,
    head,
    connections,
    statements: createStatements(head, statementsMax),
    inSnapshot: createInSnapshot(head, connections),
    coversOf: (tenant) => {
      jobs.forget()
      return jobs.coversOf(tenant)
    },
  }
  return {
    places: (fragment) => walkParts(look, fragment),
    read: (tenant, id) => look.inSnapshot((catalogue) => read(look, catalogue, tenant, id)),
    hasEventsOf: (tenant) => look.inSnapshot((catalogue) => hasEventsOf(look, catalogue, tenant)),
    close: connections.close,
  }
}

const statementsMax = 64

type Look = {
  readonly folder: string
  readonly head: Database.Database
  readonly connections: PartConnections
  readonly statements: Statements
  readonly inSnapshot: <T>(run: (catalogue: Catalogue) => T) => T
  readonly coversOf: (tenant: number) => readonly Cover[]
}

/**
 * A file that goes is taken out of the catalogue first and emptied then, so that whatever was wrong with it is not so
 * in a later snapshot. What is wrong in several is thrown.
 */
const createInSnapshot = (head: Database.Database, connections: PartConnections) => {
  const inTransaction = createInTransaction(head, 'read')
  const readCatalogue = createReadCatalogue(head)
  const catalogueNumber = head.prepare<[], number>('select catalogue from counter').pluck()
  const attempt = <T>(run: (catalogue: Catalogue) => T): T =>
    inTransaction(() => {
      const catalogue = readCatalogue(catalogueNumber.get() ?? 0)
      connections.keepOnly((part) => catalogue.byNumber.has(part))
      return run(catalogue)
    })
  return <T>(run: (catalogue: Catalogue) => T): T => {
    for (let left = attemptsMax - 1; left > 0; left -= 1) {
      try {
        return attempt(run)
      } catch (error) {
        if (!(error instanceof Error)) throw error
        connections.close()
      }
    }
    return attempt(run)
  }
}

const attemptsMax = 5

const numberSql = 'select id from tenant where name = ?'

const read = (
  { statements, connections, coversOf }: Look,
  catalogue: Catalogue,
  tenant: TenantId,
  id: EventId,
): StoredEvent | undefined => {
  const number = statements.values<number>(numberSql).get(tenant)
  if (number === undefined) return undefined
  const wanted = { tenant: number, covers: coversOf(number) }
  const row = findEvent({ head: statements, connections, catalogue }, wanted, id)
  return row && decodeEvent(tenant, row)
}

const hasEventsOf = (look: Look, { parts }: Catalogue, tenant: string): boolean => {
  const number = look.statements.values<number>(numberSql).get(tenant)
  if (number === undefined || look.coversOf(number).some(isOfAll)) return false
  return parts.some((part) => !part.goneTenants.has(number) && hasRows(look, part, number))
}

const isOfAll = ({ filter }: Cover): boolean => Object.keys(filter).length === 0

const deadSql = 'select rows from dead_tenant where part = ? and tenant = ?'

const hasRows = (
  { connections, statements }: Look,
  { number, state }: Part,
  tenant: number,
): boolean => {
  const rows =
    state === 'sealed'
      ? connections
          .open(number)
          .statements.values<number>('select rows from tenant_rollup where tenant = ?')
          .get(tenant)
      : statements
          .values<number>(`select count(*) from ${headTables(number).event} where tenant = ?`)
          .get(tenant)
  return (rows ?? 0) > (statements.values<number>(deadSql).get(number, tenant) ?? 0)
}

/**
 * Part after part, the catalogue read anew each time: a part may be replaced by a newer one with the same events. Parts
 * that have only events from after the beginning are left out, so that there is an end.
 */
function* walkParts(look: Look, fragment: string): Generator<AttachmentPlace, void> {
  const counter = look.head.prepare<[], { readonly parts: number; readonly highWater: number }>(
    'select parts, high_water as highWater from counter',
  )
  const { parts: last, highWater } = counter.get() ?? { parts: 0, highWater: 0 }
  const isOld = ({ number, state, minId }: Part): boolean =>
    number <= last || (state === 'sealed' && minId <= highWater)
  const walked = new Set<number>()
  const findNext = (): Part | undefined =>
    look.inSnapshot(({ parts }) => parts.find((part) => isOld(part) && !walked.has(part.number)))
  for (let part = findNext(); part !== undefined; part = findNext()) {
    walked.add(part.number)
    yield* walkPart(look, part.number, fragment)
  }
}

type Found = { readonly id: number; readonly tenant: string }

const toPlace = ({ id, tenant }: Found): AttachmentPlace => ({
  tenant: toTenantId(tenant),
  owner: { kind: 'event', id: toEventId(id) },
})

/** In the head as long as the part is there; it may get its file at any time. */
function* walkPart(look: Look, number: number, fragment: string): Generator<AttachmentPlace, void> {
  for (let from = 0; ;) {
    const page = look.inSnapshot(({ byNumber }) =>
      byNumber.get(number)?.state === 'sealed'
        ? undefined
        : readHeadPage(look, number, from, fragment),
    )
    if (page === undefined) return yield* walkFile(look, number, fragment)
    const end = page.at(-1)
    if (end === undefined) return
    yield* page.map(toPlace)
    from = end.id
  }
}

const pageRows = 1_000

const readHeadPage = (
  { statements }: Look,
  number: number,
  from: number,
  fragment: string,
): readonly Found[] => {
  const tables = headTables(number)
  const { sql, values } = hasFragment(tables, fragment)
  const page = `select e.id, t.name as tenant from ${tables.event} e join tenant t on t.id = e.tenant
    where e.id > ? and ${sql} order by e.id limit ${pageRows}`
  return statements.objects<Found>(page).all(from, ...values)
}

const hasFragment = (tables: PartTables, fragment: string): Condition =>
  allOf(filterConditions(tables, { fragmentType: fragment }))

/** The index tells shapes without a look at the rows. A file that goes meanwhile leaves its events to a newer part. */
function* walkFile(
  { folder, inSnapshot }: Look,
  number: number,
  fragment: string,
): Generator<AttachmentPlace, void> {
  const { sql, values } = hasFragment(fileTables, fragment)
  const rows = `select e.id, t.name as tenant
    from tenant t cross join event e indexed by event_by_shape where e.tenant = t.id and ${sql}`
  try {
    const db = new Database(partPath(folder, number), { readonly: true, fileMustExist: true })
    try {
      addFilterFunctions(db, endlessPatience)
      const found = db.prepare<SqlValue[], Found>(rows)
      for (const each of found.iterate(...values)) yield toPlace(each)
    } finally {
      db.close()
    }
  } catch (error) {
    if (inSnapshot(({ byNumber }) => byNumber.has(number))) throw error
  }
}
