import { Worker } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../ports/clock.ts'
import type { StoreHealth } from '../../ports/event-store.ts'
import { invalid } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { scanMsMax } from '../../core/limits.ts'
import { decodeFromThread } from './decode-message.ts'
import { unavailable } from './storage-error.ts'
import type { FromThread, ToThread } from './thread-messages.ts'
import type {
  CopierData,
  JanitorData,
  ReaderData,
  ThreadData,
  WriterData,
} from './thread-messages.ts'

/** This very object: an answer for the caller, unless somebody tries again with more time. */
export const tooLong = invalid(
  '',
  `this takes longer than ${scanMsMax / 1000} s: narrow it by source, type or dates`,
)

/** Says what went wrong inside, once; `cause` is for the operator and never for a caller. */
export type LogProblem = (message: string, cause: string) => void

/**
 * The main thread's end of one worker thread. Calls are answered in order; when the thread dies, its open
 * calls and all later ones are answered with `unavailable` (storage-failed).
 */
export type ThreadChannel = {
  /** A call that may not take longer than `budgetMs`, and does, is answered `tooLong`. */
  readonly call: (
    name: string,
    args: readonly unknown[],
    budgetMs?: number,
  ) => Promise<Result<unknown>>
  readonly openCalls: () => number
  readonly isAlive: () => boolean
  /** Lets the thread finish what it was sent, and waits until it has ended. */
  readonly close: () => Promise<void>
}

export type ThreadListeners = {
  readonly clock: Clock
  readonly logProblem: LogProblem
  readonly onHealth: (state: StoreHealth['state']) => void
}

type OpenCall = {
  readonly answer: (result: Result<unknown>) => void
  readonly reject: (bug: Error) => void
}

type Thread = {
  readonly worker: Worker
  readonly listeners: ThreadListeners
  readonly open: OpenCall[]
  readonly ended: Promise<void>
  alive: boolean
  isClosing: boolean
}

/**
 * Threads make little that is thrown away at once: without a bound of their own the garbage of each could grow to 48 MB,
 * the bound of the main thread, before it is looked at.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 12 }

/**
 * Starts the thread and waits until it has opened its files. Throws when it refuses to. Ports in `data` that are
 * to be the thread's own are `transferred`.
 */
export const openThreadChannel = async (
  entry: URL,
  data: ThreadData | WriterData | ReaderData | JanitorData | CopierData,
  listeners: ThreadListeners,
  transferred: readonly MessagePort[] = [],
): Promise<ThreadChannel> => {
  const worker = new Worker(entry, {
    workerData: data,
    transferList: [...transferred],
    resourceLimits,
  })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const thread: Thread = { worker, listeners, open: [], ended, alive: true, isClosing: false }
  const ready = untilReady(thread)
  worker.once('error', (error) => endThread(thread, error.stack ?? error.message))
  worker.once('exit', () => endThread(thread, 'the thread ended'))
  await ready
  return {
    call: (name, args, budgetMs) => call(thread, name, args, budgetMs),
    openCalls: () => thread.open.length,
    isAlive: () => thread.alive,
    close: async () => {
      thread.isClosing = true
      if (thread.alive) post(thread, { kind: 'close' })
      await ended
    },
  }
}

/**
 * Listens from the first message on: a thread may have something to log before it is ready. One that
 * refuses to start ends by itself, and the refusal is all there is to say.
 */
const untilReady = (thread: Thread): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      thread.isClosing = true
      reject(error)
    }
    thread.worker.once('error', refuse)
    thread.worker.on('message', (message: unknown) => {
      const received = decodeFromThread(message)
      if (received.kind === 'refused') return refuse(new Error(received.message))
      if (received.kind !== 'ready') return receive(thread, received)
      thread.worker.off('error', refuse)
      resolve()
    })
  })

const post = ({ worker }: Thread, message: ToThread): void => {
  worker.postMessage(message)
}

const call = (
  thread: Thread,
  name: string,
  args: readonly unknown[],
  budgetMs: number | undefined,
): Promise<Result<unknown>> => {
  if (thread.isClosing) return Promise.resolve(unavailable('stopping'))
  if (!thread.alive) return Promise.resolve(unavailable('storage-failed'))
  return new Promise((answer, reject) => {
    post(thread, { kind: 'call', name, args, nowMs: thread.listeners.clock.nowMs(), budgetMs })
    thread.open.push({ answer, reject })
  })
}

const receive = (thread: Thread, message: FromThread): void => {
  switch (message.kind) {
    case 'answer':
      return thread.open.shift()?.answer(message.result)
    case 'too-long':
      return thread.open.shift()?.answer(tooLong)
    case 'bug':
      return thread.open.shift()?.reject(new Error(message.message))
    case 'health':
      return thread.listeners.onHealth(message.state)
    case 'log':
      return thread.listeners.logProblem(message.message, message.cause)
    case 'ready':
    case 'refused':
      return
  }
}

const endThread = (thread: Thread, cause: string): void => {
  if (!thread.alive) return
  thread.alive = false
  for (const { answer } of thread.open.splice(0)) answer(unavailable('storage-failed'))
  if (!thread.isClosing) {
    thread.listeners.onHealth('failed')
    thread.listeners.logProblem('a storage thread has died', cause)
  }
}
