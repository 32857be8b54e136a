import {
  batchBytesMax,
  batchEventsMax,
  queuedBytesMax,
  queuedEventsMax,
} from '../../../core/limits.ts'
import type { Meter } from '../../../ports/meter.ts'
import { success } from '../../../core/failure.ts'
import type { Result } from '../../../core/failure.ts'
import { unavailable } from '../storage-error.ts'
import type { ThreadChannel } from '../thread-channel.ts'
import { eventBatchCall } from './batch-call.ts'
import { decodeBatchReply } from './decode-batch.ts'
import type { BatchReply, CallAnswer, Primitive } from './decode-batch.ts'

/**
 * Gathers calls for the writer thread. While a batch is being committed the calls behind it gather in the
 * next ones; when none is, a batch leaves at the end of the same turn of the event loop, so that a lonely
 * event never waits. Calls keep their order. Bounds: `batchEventsMax` and `batchBytesMax` for a batch,
 * `queuedEventsMax` and `queuedBytesMax` for all that is not answered yet; beyond, `busy`.
 */
export type Batcher = {
  /**
   * `write` puts the call's items into the batch, and `read` makes of the writer's answer what the caller wants; neither
   * is called when there is no room.
   */
  readonly add: <T>(
    weight: Weight,
    write: (items: Primitive[]) => void,
    read: (answer: CallAnswer) => T,
  ) => Promise<Result<T>>
  readonly queuedEvents: () => number
  /** Resolves when everything that was added has been answered. */
  readonly drained: () => Promise<void>
}

/** A call without events weighs as much as one. */
export type Weight = { readonly events: number; readonly bytes: number }

export const createBatcher = (writer: ThreadChannel, meter: Meter): Batcher => {
  const queue: Queue = {
    writer,
    meter,
    batches: [],
    events: 0,
    bytes: 0,
    isSending: false,
    isDue: false,
    onDrained: [],
  }
  return {
    add: (weight, write, read) => {
      const isFull =
        queue.events + weight.events > queuedEventsMax ||
        queue.bytes + weight.bytes > queuedBytesMax
      if (isFull && queue.events > 0) return Promise.resolve(unavailable('busy'))
      const batch = openBatch(queue, weight)
      write(batch.items)
      return untilAnswered(batch, read)
    },
    queuedEvents: () => queue.events,
    drained: () =>
      queue.events === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            queue.onDrained.push(resolve)
          }),
  }
}

type WaitingCall = {
  readonly answer: (reply: Result<CallAnswer>) => void
  readonly reject: (bug: Error) => void
}

type Batch = {
  readonly items: Primitive[]
  readonly calls: WaitingCall[]
  events: number
  bytes: number
}

type Queue = {
  readonly writer: ThreadChannel
  readonly meter: Meter
  /** The first one leaves next; calls are added to the last one. */
  readonly batches: Batch[]
  readonly onDrained: (() => void)[]
  events: number
  bytes: number
  isSending: boolean
  isDue: boolean
}

/** The batch that the next call joins, with its weight; it leaves soon. */
const openBatch = (queue: Queue, weight: Weight): Batch => {
  const batch = batchFor(queue, weight)
  batch.events += weight.events
  batch.bytes += weight.bytes
  queue.events += weight.events
  queue.bytes += weight.bytes
  if (!queue.isSending && !queue.isDue) {
    queue.isDue = true
    setImmediate(() => {
      queue.isDue = false
      if (!queue.isSending) sendNext(queue)
    })
  }
  return batch
}

const untilAnswered = <T>(batch: Batch, read: (answer: CallAnswer) => T): Promise<Result<T>> =>
  new Promise((resolve, reject) => {
    const answer = (reply: Result<CallAnswer>): void => {
      try {
        resolve(reply.ok ? success(read(reply.value)) : reply)
      } catch (bug) {
        reject(toBug(bug))
      }
    }
    batch.calls.push({ answer, reject })
  })

const toBug = (error: unknown): Error =>
  error instanceof Error ? error : new Error('a call went wrong', { cause: error })

const batchFor = (queue: Queue, { events, bytes }: Weight): Batch => {
  const last = queue.batches.at(-1)
  if (last && last.events + events <= batchEventsMax && last.bytes + bytes <= batchBytesMax) {
    return last
  }
  const added: Batch = { items: [], calls: [], events: 0, bytes: 0 }
  queue.batches.push(added)
  return added
}

const sendNext = (queue: Queue): void => {
  const batch = queue.batches.shift()
  queue.isSending = batch !== undefined
  if (!batch) {
    for (const resolve of queue.onDrained.splice(0)) resolve()
    return
  }
  const bug = (error: unknown): void => {
    sentBack(queue, batch)
    for (const call of batch.calls) call.reject(toBug(error))
  }
  queue.writer.call(eventBatchCall, [batch.items, batch.bytes]).then((result) => {
    sentBack(queue, batch)
    answerCalls(queue, batch, result)
  }, bug)
}

/** The next batch leaves before the answers of this one are handed out. */
const sentBack = (queue: Queue, batch: Batch): void => {
  queue.events -= batch.events
  queue.bytes -= batch.bytes
  sendNext(queue)
}

const answerCalls = (queue: Queue, batch: Batch, result: Result<unknown>): void => {
  if (!result.ok) {
    for (const call of batch.calls) call.answer(result)
    return
  }
  const { replies, commitSeconds } = decodeBatchReply(result.value)
  queue.meter.countCommit(batch.events, commitSeconds)
  for (let at = 0; at < batch.calls.length; at += 1) {
    answerCall(batch.calls[at], replies[at])
  }
}

const answerCall = (
  call: WaitingCall | undefined,
  reply: BatchReply['replies'][number] | undefined,
): void => {
  if (reply === undefined)
    call?.reject(new Error('the writer answered fewer calls than it was sent'))
  else if (typeof reply === 'number') call?.answer({ ok: true, value: { kind: 'done', id: reply } })
  else if (reply.kind === 'failed') call?.answer({ ok: false, failure: reply.failure })
  else if (reply.kind === 'bug') call?.reject(new Error(reply.message))
  else call?.answer({ ok: true, value: reply })
}
