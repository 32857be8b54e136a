import { queuedReadsMax, shortReadMs } from '../../core/limits.ts'
import { unavailable } from './storage-error.ts'
import type { Result } from '../../core/failure.ts'
import type { ThreadChannel } from './thread-channel.ts'

/**
 * The reader threads as one. At most so many calls run `atOnce`, so that reading leaves a processor to what devices
 * wait for; the others wait here, in order. A call that has run for `shortReadMs` makes way: the next one begins
 * beside it, on the least busy thread that lives, so that a long read holds up only what is behind it on its own
 * thread. At `queuedReadsMax` open calls it answers busy.
 */
export type ReaderPool = {
  readonly call: (name: string, args: readonly unknown[]) => Promise<Result<unknown>>
  readonly openCalls: () => number
  /** Whether any thread is left. */
  readonly isAlive: () => boolean
  /** Lets the threads finish what was called before. */
  readonly close: () => Promise<void>
}

export const createReaderPool = (
  channels: readonly ThreadChannel[],
  atOnce: number,
): ReaderPool => {
  const waiting: (() => void)[] = []
  let openCalls = 0
  let counted = 0
  const startNext = (): void => {
    while (counted < atOnce) {
      const start = waiting.shift()
      if (start === undefined) return
      start()
    }
  }
  const run = async (name: string, args: readonly unknown[]): Promise<Result<unknown>> => {
    let isCounted = true
    counted += 1
    const makeWay = (): void => {
      if (!isCounted) return
      isCounted = false
      counted -= 1
      startNext()
    }
    const timer = setTimeout(makeWay, shortReadMs)
    try {
      const channel = leastBusy(channels)
      return channel ? await channel.call(name, args) : unavailable('storage-failed')
    } finally {
      clearTimeout(timer)
      openCalls -= 1
      makeWay()
    }
  }
  return {
    call: (name, args) => {
      if (openCalls >= queuedReadsMax) return Promise.resolve(unavailable('busy'))
      openCalls += 1
      if (counted < atOnce) return run(name, args)
      return new Promise((resolve, reject) => {
        waiting.push(() => {
          run(name, args).then(resolve, reject)
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

const leastBusy = (channels: readonly ThreadChannel[]): ThreadChannel | undefined => {
  let best: ThreadChannel | undefined
  for (const channel of channels) {
    if (channel.isAlive() && channel.openCalls() < (best?.openCalls() ?? Infinity)) best = channel
  }
  return best
}
