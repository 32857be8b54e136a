import { queuedReadsMax, queuedScansMax, quickReadMs } from '../../core/limits.ts'
import { scanMsMax, shortReadMs } from '../../core/limits.ts'
import { unavailable } from './storage-error.ts'
import { tooLong } from './thread-channel.ts'
import type { Result } from '../../core/failure.ts'
import type { ThreadChannel } from './thread-channel.ts'

/**
 * The reader threads as one. At most so many calls run `atOnce`, so that reading leaves a processor to what devices
 * wait for; the others wait here, in order. A call that has run for `shortReadMs` makes way: the next one begins
 * beside it, on another thread if there is one.
 *
 * However many long reads there are, one of several threads stays free of them: the first gives up after `quickReadMs`, and
 * the call begins anew on another one, with `scanMsMax` to end in; at most `queuedScansMax` wait there. At
 * `queuedReadsMax` open calls the pool answers busy.
 */
export type ReaderPool = {
  readonly call: (name: string, args: readonly unknown[]) => Promise<Result<unknown>>
  readonly openCalls: () => number
  /** Whether any thread is left. */
  readonly isAlive: () => boolean
  /** Lets the threads finish what was called before. */
  readonly close: () => Promise<void>
}

type Reader = {
  readonly channel: ThreadChannel
  readonly budgetMs: number
  /** Calls on it that have made way. */
  longCalls: number
}

type Call = { readonly name: string; readonly args: readonly unknown[] }

export const createReaderPool = (
  channels: readonly ThreadChannel[],
  atOnce: number,
): ReaderPool => {
  const readers = channels.map((channel, at): Reader => {
    const isQuick = at === 0 && channels.length > 1
    return { channel, budgetMs: isQuick ? quickReadMs : scanMsMax, longCalls: 0 }
  })
  const waiting: (() => void)[] = []
  let openCalls = 0
  let running = 0
  const startNext = (): void => {
    while (running < atOnce) {
      const start = waiting.shift()
      if (start === undefined) return
      start()
    }
  }
  const runOn = async (reader: Reader, { name, args }: Call): Promise<Result<unknown>> => {
    const seen = { isLong: false }
    running += 1
    const timer = setTimeout(() => {
      seen.isLong = true
      reader.longCalls += 1
      running -= 1
      startNext()
    }, shortReadMs)
    try {
      return await reader.channel.call(name, args, reader.budgetMs)
    } finally {
      clearTimeout(timer)
      if (seen.isLong) reader.longCalls -= 1
      else running -= 1
      startNext()
    }
  }
  const run = async (call: Call): Promise<Result<unknown>> => {
    try {
      const reader = freest(readers)
      if (reader === undefined) return unavailable('storage-failed')
      const result = await runOn(reader, call)
      if (result !== tooLong || reader.budgetMs === scanMsMax) return result
      const patient = freest(readers.filter(({ budgetMs }) => budgetMs === scanMsMax))
      if (patient === undefined) return unavailable('storage-failed')
      return patient.channel.openCalls() < queuedScansMax
        ? await runOn(patient, call)
        : unavailable('busy')
    } finally {
      openCalls -= 1
    }
  }
  return {
    call: (name, args) => {
      if (openCalls >= queuedReadsMax) return Promise.resolve(unavailable('busy'))
      openCalls += 1
      if (running < atOnce) return run({ name, args })
      return new Promise((resolve, reject) => {
        waiting.push(() => {
          run({ name, args }).then(resolve, reject)
        })
      })
    },
    openCalls: () => openCalls,
    isAlive: () => channels.some((channel) => channel.isAlive()),
    close: async () => {
      for (const start of waiting.splice(0)) start()
      await Promise.all(channels.map((channel) => channel.close()))
    },
  }
}

/** One without a long call before all others; among those with one, the first, which gives it up soon. */
const freest = (readers: readonly Reader[]): Reader | undefined => {
  const alive = readers.filter(({ channel }) => channel.isAlive())
  const free = alive.filter(({ longCalls }) => longCalls === 0)
  if (free.length === 0) return alive[0]
  return free.reduce((best, each) =>
    each.channel.openCalls() < best.channel.openCalls() ? each : best,
  )
}
