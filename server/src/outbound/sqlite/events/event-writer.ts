import type { Database } from 'better-sqlite3'
import { deletionSliceEventsMax, receiptKeptMs, retryAfterS } from '../../../core/limits.ts'
import { unavailableReasonOf } from '../storage-error.ts'
import { createInTransaction } from '../transaction.ts'
import type { InTransaction } from '../transaction.ts'
import { applyCall, readerOf, skipCall } from './apply-batch.ts'
import type { EventWrites } from './apply-batch.ts'
import type { BatchReader, BatchReply, Primitive, WireReply } from './decode-batch.ts'
import { createDeletions } from './deletions.ts'
import { createEventTable } from './event-table.ts'
import { createJournal } from './journal.ts'

/**
 * All writing to `events.db`, on the writer thread. Every function throws what the engine throws when the
 * storage cannot be relied on any more; what a batch can answer itself, it answers.
 */
export type EventWriter = {
  /** One transaction for the whole batch, or, when a call breaks it, one for each call. */
  readonly applyBatch: (items: readonly Primitive[]) => BatchReply
  /** Settles accepted events, if there are any, in a transaction of its own. */
  readonly settle: () => void
  /** One slice of background work; false when nothing is left to do now. */
  readonly workOnce: (nowMs: number) => boolean
  /** Tries whether the disk takes in data again. */
  readonly probeDisk: () => void
}

export const createEventWriter = (
  db: Database,
  onRejected: (cause: unknown) => void,
): EventWriter => {
  const table = createEventTable(db)
  const journal = createJournal(db, table)
  const deletions = createDeletions(db)
  const writes: EventWrites = { table, journal, deletions, onRejected }
  const commit = createCommit(db, writes)
  const fillProbe = db.prepare('insert into disk_probe (filler) values (zeroblob(65536))')
  const emptyProbe = db.prepare('delete from disk_probe')
  return {
    applyBatch: (items) => applyBatch(writes, commit, items),
    settle: () => {
      if (journal.hasPending()) commit(() => journal.settle(onRejected))
    },
    workOnce: (nowMs) => {
      if (deletions.hasWork()) return commit(() => removeSlice(writes))
      return journal.hasOldReceipts(nowMs - receiptKeptMs)
        ? commit(() => journal.forgetReceipts(nowMs - receiptKeptMs, deletionSliceEventsMax))
        : false
    },
    probeDisk: () => {
      commit(() => fillProbe.run())
      commit(() => emptyProbe.run())
    },
  }
}

const removeSlice = ({ table, deletions }: EventWrites): boolean => {
  deletions.removeSlice()
  table.forgetCovers()
  return true
}

/** Writes the counter last, and brings memory back to what is on disk when the transaction fails. */
const createCommit = (db: Database, { table, journal, deletions }: EventWrites): InTransaction => {
  const inTransaction = createInTransaction(db, 'write')
  return (run) => {
    let isCommitted = false
    try {
      const value = inTransaction(() => {
        const made = run()
        table.saveCounter()
        return made
      })
      isCommitted = true
      return value
    } finally {
      if (!isCommitted) {
        table.forget()
        journal.forget()
        deletions.forget()
      }
    }
  }
}

const applyBatch = (
  writes: EventWrites,
  commit: InTransaction,
  items: readonly Primitive[],
): BatchReply => {
  let appliedMs = performance.now()
  const replies = applyTogether(writes, commit, items, () => {
    appliedMs = performance.now()
  })
  const commitSeconds = (performance.now() - appliedMs) / 1000
  return { replies, commitSeconds, isDiskFull: replies.some(isDiskFull) }
}

const isDiskFull = (reply: WireReply): boolean =>
  typeof reply !== 'number' &&
  reply.kind === 'failed' &&
  reply.failure.kind === 'unavailable' &&
  reply.failure.reason === 'disk-full'

const applyTogether = (
  writes: EventWrites,
  commit: InTransaction,
  items: readonly Primitive[],
  onApplied: () => void,
): readonly WireReply[] => {
  try {
    return commit(() => {
      const reader = readerOf(items)
      const replies: WireReply[] = []
      while (reader.at < items.length) replies.push(applyCall(writes, reader))
      onApplied()
      return replies
    })
  } catch (error) {
    if (unavailableReasonOf(error) === 'storage-failed') throw error
    onApplied()
    return applyOneByOne(writes, commit, items)
  }
}

/** The one call that the disk has no room for, or that uncovers a bug, must not hurt its neighbours. */
const applyOneByOne = (
  writes: EventWrites,
  commit: InTransaction,
  items: readonly Primitive[],
): readonly WireReply[] => {
  const replies: WireReply[] = []
  const place = readerOf(items)
  while (place.at < items.length) {
    const call = readerOf(items)
    call.at = place.at
    replies.push(applyAlone(writes, commit, call))
    skipCall(place)
  }
  return replies
}

const applyAlone = (writes: EventWrites, commit: InTransaction, call: BatchReader): WireReply => {
  try {
    return commit(() => applyCall(writes, call))
  } catch (error) {
    const reason = unavailableReasonOf(error)
    if (reason === 'storage-failed') throw error
    return reason === undefined
      ? {
          kind: 'bug',
          message: error instanceof Error ? (error.stack ?? error.message) : 'unknown',
        }
      : { kind: 'failed', failure: { kind: 'unavailable', reason, retryAfterS } }
  }
}
