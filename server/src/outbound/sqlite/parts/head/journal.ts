import type { Database } from 'better-sqlite3'
import { unavailableReasonOf } from '../../storage-error.ts'
import type { BatchEvent } from '../../events/decode-batch.ts'
import type { EventTable } from './event-table.ts'

/**
 * Accepted events. An entry is written in the transaction of its call and settled in order before any
 * later call takes effect: stored under the number of its receipt, or found to be a duplicate, or, when the
 * engine refuses the row itself, rejected.
 */
export type Journal = {
  readonly accept: (tenant: number, acceptedMs: number, event: BatchEvent) => number
  /** Entries that wait; each needs a place in the hot part. */
  readonly pending: () => number
  /** Inside a transaction. */
  readonly settle: (onRejected: (cause: unknown) => void) => void
  readonly hasOldReceipts: (beforeMs: number) => boolean
  /** Removes receipts accepted before `beforeMs`, at most `max` of them; answers whether there were any. */
  readonly forgetReceipts: (beforeMs: number, max: number) => boolean
  /** After a rollback. */
  readonly forget: () => void
}

type Entry = BatchEvent & {
  readonly id: number
  readonly tenant: number
  readonly acceptedMs: number
}

const insertSql = `insert into journal (id, tenant, accepted_ms, source, type, names, time_ms,
  offset_minutes, text, fragments, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

const listSql = `select id, tenant, accepted_ms as acceptedMs, source, type, names,
  time_ms as timeMs, offset_minutes as offsetMinutes, text, fragments as "values", digest
  from journal order by id`

export const createJournal = (
  db: Database,
  table: EventTable,
  forgetNumbers: () => void,
): Journal => {
  const insert = db.prepare<(string | number | null)[]>(insertSql)
  const list = db.prepare<[], Entry>(listSql)
  const count = db.prepare<[], number>('select count(*) from journal').pluck()
  const clear = db.prepare('delete from journal')
  const hasOldReceipts = db
    .prepare<[number], number>('select exists (select 1 from receipt where accepted_ms < ?)')
    .pluck()
  const forgetReceipts = db.prepare<[number, number]>(
    `delete from receipt where id in
      (select id from receipt where accepted_ms < ? order by accepted_ms limit ?)`,
  )
  const settleEntry = createSettle(db, table, forgetNumbers)
  let pending = count.get() ?? 0
  return {
    accept: (tenant, acceptedMs, event) => {
      const id = table.takeId(acceptedMs)
      const { source, type, names, timeMs, offsetMinutes, text, values, digest } = event
      insert.run(
        id,
        tenant,
        acceptedMs,
        source,
        type,
        names,
        timeMs,
        offsetMinutes,
        text,
        values,
        digest,
      )
      pending += 1
      return id
    },
    pending: () => pending,
    settle: (onRejected) => {
      for (const entry of list.all()) settleEntry(entry, onRejected)
      clear.run()
      pending = 0
    },
    hasOldReceipts: (beforeMs) => hasOldReceipts.get(beforeMs) === 1,
    forgetReceipts: (beforeMs, max) => forgetReceipts.run(beforeMs, max).changes > 0,
    forget: () => {
      pending = count.get() ?? 0
    },
  }
}

const createSettle = (db: Database, table: EventTable, forgetNumbers: () => void) => {
  const addReceipt = db.prepare<[number, number, number, string, number | null]>(
    'insert into receipt (id, tenant, accepted_ms, status, event) values (?, ?, ?, ?, ?)',
  )
  const [mark, keep, undo] = ['savepoint entry', 'release entry', 'rollback to entry'].map((sql) =>
    db.prepare(sql),
  )
  const store = (entry: Entry): readonly [status: string, event: number] => {
    const first = table.findEqual(entry.tenant, entry)
    if (first) return ['duplicate', first.id]
    table.insert(entry.id, entry.tenant, entry.acceptedMs, entry)
    return ['stored', entry.id]
  }
  return (entry: Entry, onRejected: (cause: unknown) => void): void => {
    mark?.run()
    try {
      addReceipt.run(entry.id, entry.tenant, entry.acceptedMs, ...store(entry))
    } catch (error) {
      if (unavailableReasonOf(error) !== undefined || !db.inTransaction) throw error
      undo?.run()
      forgetNumbers()
      addReceipt.run(entry.id, entry.tenant, entry.acceptedMs, 'rejected', null)
      onRejected(error)
    }
    keep?.run()
  }
}
