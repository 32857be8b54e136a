import { parentPort, workerData } from 'node:worker_threads'
import { success } from '../../core/failure.ts'
import type { StoreHealth } from '../../ports/event-store.ts'
import { createCheckpoints } from './checkpoints.ts'
import { eventsFile } from './database-files.ts'
import { decodeThreadData, decodeToThread, portOf } from './decode-message.ts'
import { decodeBatchArguments } from './events/decode-batch.ts'
import { eventBatchCall } from './events/batch-call.ts'
import { createEventWriter } from './events/event-writer.ts'
import { openForWriting } from './open-database.ts'
import { unavailable, unavailableReasonOf } from './storage-error.ts'
import type { Result } from '../../core/failure.ts'
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts'

/**
 * The only thread that writes. It answers calls in order; between two of them it does one slice of
 * background work (deletions, old receipts). States: `ok`; `degraded` while the disk is full, which a
 * probe ends; `failed` after any other storage error, which only a restart ends.
 */
const port = portOf(parentPort)

const post = (message: FromThread): void => port.postMessage(message)

/** How often a full disk is tried anew. */
const probeEveryMs = 250

const start = (data: ThreadData): void => {
  const events = openForWriting(eventsFile(data))
  const writer = createEventWriter(events, (cause) =>
    log('an accepted event could not be stored and is marked rejected', cause),
  )
  const checkpoints = createCheckpoints(events)
  let state: StoreHealth['state'] = 'ok'
  let lastNowMs = 0
  let isWorkDue = false
  let probing: NodeJS.Timeout | undefined

  const setState = (next: StoreHealth['state'], cause: unknown): void => {
    if (next === state || state === 'failed') return
    state = next
    if (next !== 'ok') log(`the event store is ${next}`, cause)
    post({ kind: 'health', state })
    clearInterval(probing)
    if (next === 'degraded') probing = setInterval(probe, probeEveryMs)
  }

  /** Runs what may meet the limits of the storage; answers undefined when it did. */
  const guarded = <T>(run: () => T): T | undefined => {
    try {
      return run()
    } catch (error) {
      const reason = unavailableReasonOf(error)
      if (reason === undefined) throw error
      if (reason !== 'busy') setState(reason === 'disk-full' ? 'degraded' : 'failed', error)
      return undefined
    }
  }

  const probe = (): void => {
    guarded(() => {
      writer.probeDisk()
      setState('ok', undefined)
      workSoon()
    })
  }

  const workSoon = (): void => {
    if (isWorkDue || state !== 'ok') return
    isWorkDue = true
    setImmediate(work)
  }

  const work = (): void => {
    isWorkDue = false
    if (state !== 'ok') return
    const isMoreDue = guarded(() => {
      const isBusy = writer.workOnce(lastNowMs)
      if (isBusy) checkpoints.afterCommit(0)
      return isBusy
    })
    if (isMoreDue === true) workSoon()
  }

  const answerBatch = (args: readonly unknown[]): Result<unknown> => {
    if (state === 'failed') return unavailable('storage-failed')
    const { items } = decodeBatchArguments(args)
    const reply = guarded(() => writer.applyBatch(items))
    if (reply === undefined) return unavailable('storage-failed')
    if (reply.isDiskFull) setState('degraded', 'the disk or the size limit is full')
    return success(reply)
  }

  const afterBatch = (args: readonly unknown[]): void => {
    if (state === 'failed') return
    const { bytes } = decodeBatchArguments(args)
    guarded(() => {
      writer.settle()
      checkpoints.afterCommit(bytes)
    })
    workSoon()
  }

  const receive = (message: ToThread): void => {
    if (message.kind === 'close') return close()
    lastNowMs = message.nowMs
    if (message.name !== eventBatchCall) throw new Error(`no operation is named ${message.name}`)
    post({ kind: 'answer', result: answerBatch(message.args) })
    afterBatch(message.args)
  }

  const close = (): void => {
    clearInterval(probing)
    if (state !== 'failed') {
      guarded(() => {
        checkpoints.finish()
        events.close()
      })
    }
    state = 'failed'
    port.close()
  }

  guarded(() => writer.settle())
  port.on('message', (message: unknown) => receive(decodeToThread(message)))
  post({ kind: 'ready' })
  if (state !== 'ok') post({ kind: 'health', state })
  workSoon()
}

const log = (message: string, cause: unknown): void =>
  post({
    kind: 'log',
    message,
    cause: cause instanceof Error ? (cause.stack ?? '') : String(cause),
  })

try {
  start(decodeThreadData(workerData))
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : String(error) })
}
