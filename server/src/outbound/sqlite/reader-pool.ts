import { queuedReadsMax } from '../../core/limits.ts'
import { unavailable } from './storage-error.ts'
import type { Result } from '../../core/failure.ts'
import type { ThreadChannel } from './thread-channel.ts'

/**
 * The reader threads as one. Each call goes to the least busy thread that lives, so that one long read
 * holds up only what is behind it on its own thread. At `queuedReadsMax` open calls it answers busy.
 */
export type ReaderPool = {
  readonly call: (name: string, args: readonly unknown[]) => Promise<Result<unknown>>
  readonly openCalls: () => number
  /** Whether any thread is left. */
  readonly isAlive: () => boolean
  readonly close: () => Promise<void>
}

export const createReaderPool = (channels: readonly ThreadChannel[]): ReaderPool => {
  const openCalls = (): number => channels.reduce((sum, channel) => sum + channel.openCalls(), 0)
  return {
    call: (name, args) => {
      if (openCalls() >= queuedReadsMax) return Promise.resolve(unavailable('busy'))
      const channel = leastBusy(channels)
      return channel ? channel.call(name, args) : Promise.resolve(unavailable('storage-failed'))
    },
    openCalls,
    isAlive: () => channels.some((channel) => channel.isAlive()),
    close: async () => {
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
