import type { Database } from 'better-sqlite3'
import type { EventFilter, EventPageRequest } from '../../../../core/event-query.ts'
import { notFound, success } from '../../../../core/failure.ts'
import type { Result } from '../../../../core/failure.ts'
import { receiptKeptMs } from '../../../../core/limits.ts'
import { decodeFilter } from '../../events/decode-event.ts'
import type { EventRow } from '../../events/decode-event.ts'
import { createStatements } from '../tables/cached-statements.ts'
import type { Statements } from '../tables/cached-statements.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'
import { openColumns } from '../between-threads/columns.ts'
import type { ColumnMemory, Columns } from '../between-threads/columns.ts'
import { createColumnsView } from './columns-view.ts'
import { holdsNothingOf } from '../maintenance/deletions.ts'
import { findEvent } from './find-event.ts'
import { addFilterFunctions } from '../tables/part-conditions.ts'
import { createPartConnections } from '../tables/part-connections.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import type { Cover } from '../tables/part-row.ts'
import type { PartView, Wanted } from './part-view.ts'
import type { Patience } from '../tables/patience.ts'
import { readPage, walkedElementsMax } from './read-page.ts'
import type { RowPage } from './read-page.ts'
import { createInSnapshot } from './read-snapshot.ts'
import type { InSnapshot, Snapshot } from './read-snapshot.ts'
import { createSealedView } from './sealed-view.ts'
import type { SnapshotMark } from '../between-threads/snapshots.ts'
import { createReadRollup } from './tenant-rollups.ts'
import type { ReadRollup } from './tenant-rollups.ts'
import { createReadTenantTimes } from './tenant-times.ts'
import type { ReadTenantTimes } from './tenant-times.ts'
import { createReadTimeRanks, rankedRowsApart } from './time-ranks.ts'
import type { ReadTimeRanks } from './time-ranks.ts'

/** What became of an accepted event; `event` is the one that was stored, or was there first. */
export type AcceptedRow = {
  readonly status: 'pending' | 'stored' | 'duplicate' | 'rejected'
  readonly event: number | null
}

/** A running deletion; `filter` as it was written (`decodeFilter`). */
export type DeletionRow = {
  readonly id: number
  readonly filter: string
  readonly startedMs: number
  readonly removedEvents: number
  readonly partsLeft: number
}

/** What the reader threads do for events. Each call runs in one snapshot, which it begins and ends itself. */
export type EventReads = {
  readonly readEvent: (tenant: string, id: number) => Result<EventRow>
  readonly readEventPage: (tenant: string, request: EventPageRequest) => Result<RowPage>
  readonly countEvents: (tenant: string, filter: EventFilter) => Result<number>
  readonly readAccepted: (tenant: string, receipt: number, nowMs: number) => Result<AcceptedRow>
  readonly listDeletions: (tenant: string) => Result<readonly DeletionRow[]>
}

export type EventReadsParts = {
  /** A connection of its own, for reading. */
  readonly head: Database
  readonly folder: string
  /** The slots of columns, as the writer has them. */
  readonly memory: readonly ColumnMemory[]
  readonly mark: SnapshotMark
  readonly patience: Patience
  /** Elements that a page skips by walking over them; a test may want fewer. */
  readonly walkedMax?: number
  /** Rows between two whose ranks are remembered; a test may want fewer. */
  readonly rowsApart?: number
}

export const createEventReads = (parts: EventReadsParts): EventReads => {
  const { head, folder, memory, mark, patience, walkedMax = walkedElementsMax } = parts
  addFilterFunctions(head, patience)
  const statements = createStatements(head, headStatementsMax)
  const connections = createPartConnections(folder, patience)
  const inSnapshot = releasing(createInSnapshot(head, mark), connections)
  const store: Store = {
    statements,
    connections,
    readRollup: createReadRollup(),
    readTimes: createReadTenantTimes(),
    readRanks: createReadTimeRanks(parts.rowsApart ?? rankedRowsApart),
    columns: memory.map(openColumns),
  }
  return {
    readEvent: (tenant, id) =>
      inSnapshot(({ catalogue }) => {
        const seen = see(statements, tenant)
        const row = seen && findEvent({ head: statements, connections, catalogue }, seen, id)
        return row ? success(row) : notFound('event', id)
      }),
    readEventPage: (tenant, request) =>
      inSnapshot((snapshot) =>
        readPage(viewsOf(store, snapshot, tenant, request.filter), request, walkedMax),
      ),
    countEvents: (tenant, filter) =>
      inSnapshot((snapshot) => {
        const views = viewsOf(store, snapshot, tenant, filter)
        return success(views.reduce((sum, view) => sum + view.count(filter.time), 0))
      }),
    readAccepted: (tenant, receipt, nowMs) =>
      inSnapshot(() => readAccepted(statements, tenant, receipt, nowMs)),
    listDeletions: (tenant) =>
      inSnapshot(({ catalogue }) => success(listDeletions(statements, catalogue, tenant))),
  }
}

const headStatementsMax = 200

type Store = {
  readonly statements: Statements
  readonly connections: PartConnections
  readonly readRollup: ReadRollup
  readonly readTimes: ReadTenantTimes
  readonly readRanks: ReadTimeRanks
  readonly columns: readonly Columns[]
}

/** Connections to files that have left the catalogue are closed by the first call that sees it. */
const releasing = (inSnapshot: InSnapshot, connections: PartConnections): InSnapshot => {
  let known: Catalogue | undefined
  return (run) =>
    inSnapshot((snapshot) => {
      const { catalogue } = snapshot
      if (catalogue !== known) connections.keepOnly((part) => catalogue.byNumber.has(part))
      known = catalogue
      return run(snapshot)
    })
}

type Seen = { readonly tenant: number; readonly covers: readonly Cover[] }

const tenantSql = 'select id from tenant where name = ?'
const coversSql =
  'select id as job, filter, done_part as donePart from job where tenant = ? order by id'

/** What of the tenant can be seen now; undefined when it has never written. */
const see = (statements: Statements, name: string): Seen | undefined => {
  const tenant = statements.values<number>(tenantSql).get(name)
  if (tenant === undefined) return undefined
  const covers = statements
    .objects<Omit<Cover, 'filter'> & { readonly filter: string }>(coversSql)
    .all(tenant)
  return { tenant, covers: covers.map((job) => ({ ...job, filter: decodeFilter(job.filter) })) }
}

const viewsOf = (
  store: Store,
  { version, catalogue }: Snapshot,
  name: string,
  { time: _, ...filter }: EventFilter,
): readonly PartView[] => {
  const seen = see(store.statements, name)
  if (seen === undefined || filter.sources?.length === 0) return []
  const wanted: Wanted = { ...seen, version, filter }
  const { statements, connections, readRollup, readTimes, readRanks } = store
  const files = { head: statements, connections, readRollup, readTimes, readRanks }
  return catalogue.parts.flatMap((part) => {
    if (part.state === 'sealed') return createSealedView({ part, ...files }, wanted) ?? []
    const columns = store.columns[part.slot]
    if (columns === undefined) throw new Error(`part ${part.number} has slot ${part.slot}`)
    return createColumnsView({ number: part.number, columns, statements }, wanted)
  })
}

const acceptedSql = `select status, event, accepted_ms as acceptedMs from receipt
  where id = ? and tenant = (select id from tenant where name = ?)
  union all select 'pending', null, accepted_ms from journal
  where id = ? and tenant = (select id from tenant where name = ?)`

const readAccepted = (
  statements: Statements,
  tenant: string,
  receipt: number,
  nowMs: number,
): Result<AcceptedRow> => {
  const row = statements
    .objects<AcceptedRow & { readonly acceptedMs: number }>(acceptedSql)
    .get(receipt, tenant, receipt, tenant)
  return row && row.acceptedMs >= nowMs - receiptKeptMs
    ? success({ status: row.status, event: row.event })
    : notFound('receipt', receipt)
}

const deletionsSql = `select id, tenant, filter, started_ms as startedMs,
  removed_events as removedEvents, done_part as donePart
  from job where tenant = (select id from tenant where name = ?) order by id`

type JobRow = Omit<DeletionRow, 'partsLeft'> & {
  readonly tenant: number
  readonly donePart: number
}

const listDeletions = (
  statements: Statements,
  { parts }: Catalogue,
  name: string,
): readonly DeletionRow[] =>
  statements
    .objects<JobRow>(deletionsSql)
    .all(name)
    .map(({ tenant, donePart, ...row }) => {
      const isLeft = (part: Part): boolean =>
        part.number > donePart && !holdsNothingOf(part, { tenant, id: row.id })
      return { ...row, partsLeft: parts.filter(isLeft).length }
    })
