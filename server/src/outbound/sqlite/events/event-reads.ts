import type { Database } from 'better-sqlite3'
import { failed, notFound, success } from '../../../core/failure.ts'
import { pageCharactersMax, receiptKeptMs } from '../../../core/limits.ts'
import type { EventFilter, EventPageRequest } from '../../../core/event-query.ts'
import type { Result } from '../../../core/failure.ts'
import { addFragmentFunction, allOf, filterConditions } from './event-conditions.ts'
import { indexFor, visibleConditions } from './event-conditions.ts'
import { decodeFilter, eventColumns, eventRows } from './decode-event.ts'
import type { Condition } from './event-conditions.ts'
import type { EventRow } from './decode-event.ts'
import { readRows } from './read-rows.ts'
import type { Rows } from './read-rows.ts'

export type RowPage = { readonly rows: readonly EventRow[]; readonly more: boolean }

export type AcceptedRow = {
  readonly status: 'pending' | 'stored' | 'duplicate' | 'rejected'
  readonly event: number | null
}

export type DeletionRow = {
  readonly id: number
  readonly filter: string
  readonly startedMs: number
  readonly removedEvents: number
}

/** What the reader threads do for events. Each call runs in one snapshot. */
export type EventReads = {
  readonly readEvent: (tenant: string, id: number) => Result<EventRow>
  readonly readEventPage: (tenant: string, request: EventPageRequest) => Result<RowPage>
  readonly countEvents: (tenant: string, filter: EventFilter) => Result<number>
  readonly readAccepted: (tenant: string, receipt: number, nowMs: number) => Result<AcceptedRow>
  readonly listDeletions: (tenant: string) => Result<readonly DeletionRow[]>
}

export const createEventReads = (db: Database): EventReads => {
  addFragmentFunction(db)
  const visibleTo = createVisible(db)
  const readPage = createReadPage(db)
  return {
    readEvent: (tenant, id) => {
      const visible = visibleTo(tenant)
      const row =
        visible &&
        eventRows(
          db.prepare(`select ${eventColumns} from event e where ${visible.sql} and e.id = ?`),
        ).get(...visible.values, id)
      return row ? success(row) : notFound('event', id)
    },
    readEventPage: (tenant, request) => {
      const visible = visibleTo(tenant)
      return visible ? readPage(visible, request) : success({ rows: [], more: false })
    },
    countEvents: (tenant, filter) => {
      const visible = visibleTo(tenant)
      return success(visible ? count(db, visible, filter) : 0)
    },
    readAccepted: createReadAccepted(db),
    listDeletions: createListDeletions(db),
  }
}

/** What of the tenant can be seen now; undefined when it has never written. */
const createVisible = (db: Database): ((tenant: string) => Condition | undefined) => {
  const find = db.prepare<[string], number>('select id from tenant where name = ?').pluck()
  const covers = db.prepare<[number], { job: number; filter: string }>(
    'select id as job, filter from deletion_job where tenant = ? order by id',
  )
  return (tenant) => {
    const id = find.get(tenant)
    if (id === undefined) return undefined
    const active = covers.all(id).map(({ job, filter }) => ({ job, filter: decodeFilter(filter) }))
    return allOf([{ sql: 'e.tenant = ?', values: [id] }, ...visibleConditions(active)])
  }
}

const count = (db: Database, visible: Condition, filter: EventFilter): number => {
  const all = allOf([visible, ...filterConditions(filter)])
  const sql = `select count(*) from event e indexed by ${indexFor(filter)} where ${all.sql}`
  return (
    db
      .prepare<(string | number | null)[], number>(sql)
      .pluck()
      .get(...all.values) ?? 0
  )
}

/** One element more than asked for says whether the list goes on; it is no part of the page. */
const createReadPage =
  (db: Database) =>
  (visible: Condition, request: EventPageRequest): Result<RowPage> => {
    const { filter, order, position, size } = request
    const list: Rows = { visible, filter, isAscending: order === 'oldest-first' }
    const isBefore = position.from === 'before'
    const walked: Rows = isBefore ? { ...list, isAscending: !list.isAscending } : list
    const { rows, isCut } = readRows(db, walked, {
      place: position.from === 'start' ? undefined : position,
      skip: position.from === 'start' ? position.skip : 0,
      max: isBefore ? size : size + 1,
      charactersMax: pageCharactersMax,
    })
    if (isCut && rows.length < size) return tooLarge
    return isBefore
      ? success({ rows: rows.toReversed(), more: goesOn(db, list, position) })
      : success({ rows: rows.slice(0, size), more: isCut || rows.length > size })
  }

const tooLarge = failed({ kind: 'too-large', bytesMax: pageCharactersMax })

/** Whether anything stands at a place or behind it. */
const goesOn = (
  db: Database,
  list: Rows,
  place: { readonly timeMs: number; readonly id: number },
): boolean => {
  const justBefore = { timeMs: place.timeMs, id: place.id + (list.isAscending ? -1 : 1) }
  const stretch = { place: justBefore, skip: 0, max: 1, charactersMax: Infinity }
  return readRows(db, list, stretch).rows.length > 0
}

const acceptedSql = `select status, event, accepted_ms as acceptedMs from receipt
  where id = @receipt and tenant = (select id from tenant where name = @tenant)
  union all select 'pending', null, accepted_ms from journal
  where id = @receipt and tenant = (select id from tenant where name = @tenant)`

const createReadAccepted = (db: Database): EventReads['readAccepted'] => {
  const find = db.prepare<
    [{ receipt: number; tenant: string }],
    AcceptedRow & { acceptedMs: number }
  >(acceptedSql)
  return (tenant, receipt, nowMs) => {
    const row = find.get({ receipt, tenant })
    return row && row.acceptedMs >= nowMs - receiptKeptMs
      ? success({ status: row.status, event: row.event })
      : notFound('receipt', receipt)
  }
}

const createListDeletions = (db: Database): EventReads['listDeletions'] => {
  const list = db.prepare<[string], DeletionRow>(
    `select id, filter, started_ms as startedMs, removed_events as removedEvents
      from deletion_job where tenant = (select id from tenant where name = ?) order by id`,
  )
  return (tenant) => success(list.all(tenant))
}
