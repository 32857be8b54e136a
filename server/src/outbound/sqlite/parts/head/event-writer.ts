import { retryAfterS } from '../../../../core/limits.ts'
import type { BatchReader, BatchReply, Primitive, WireReply } from '../../events/decode-batch.ts'
import { unavailableReasonOf } from '../../storage-error.ts'
import { applyCall, readerOf, skipCall } from './apply-batch.ts'
import type { EventWrites } from './apply-batch.ts'

/**
 * Batches of calls against the head, on the writer thread. Every function throws what the engine throws when the
 * storage cannot be relied on any more; what a batch can answer itself, it answers.
 */
export type EventWriter = {
  /** One transaction for the whole batch, or, when a call breaks it, one for each call. */
  readonly applyBatch: (items: readonly Primitive[]) => BatchReply
  /** Settles accepted events, if there are any, in a transaction of its own. */
  readonly settle: () => void
  /** Tries whether the disk takes in data again. */
  readonly probeDisk: () => void
}

export const createEventWriter = (writes: EventWrites): EventWriter => {
  const { head, journal, commit, reserve, onRejected } = writes
  const fillProbe = head.prepare('insert into disk_probe (filler) values (zeroblob(65536))')
  const emptyProbe = head.prepare('delete from disk_probe')
  return {
    applyBatch: (items) => applyBatch(writes, items),
    settle: () => {
      if (journal.pending() > 0) commit(() => journal.settle(onRejected))
    },
    probeDisk: () => {
      reserve.check()
      commit(() => fillProbe.run())
      commit(() => emptyProbe.run())
    },
  }
}

const applyBatch = (writes: EventWrites, items: readonly Primitive[]): BatchReply => {
  let appliedMs = performance.now()
  const replies = applyTogether(writes, items, () => {
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
  items: readonly Primitive[],
  onApplied: () => void,
): readonly WireReply[] => {
  try {
    return writes.commit(() => {
      const reader = readerOf(items)
      const replies: WireReply[] = []
      while (reader.at < items.length) replies.push(applyCall(writes, reader))
      onApplied()
      return replies
    })
  } catch (error) {
    if (unavailableReasonOf(error) === 'storage-failed') throw error
    onApplied()
    return applyOneByOne(writes, items)
  }
}

/** The one call that the disk has no room for, or that uncovers a bug, must not hurt its neighbours. */
const applyOneByOne = (writes: EventWrites, items: readonly Primitive[]): readonly WireReply[] => {
  const replies: WireReply[] = []
  const place = readerOf(items)
  while (place.at < items.length) {
    const call = readerOf(items)
    call.at = place.at
    replies.push(applyAlone(writes, call))
    skipCall(place)
  }
  return replies
}

const applyAlone = (writes: EventWrites, call: BatchReader): WireReply => {
  try {
    return writes.commit(() => applyCall(writes, call))
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
