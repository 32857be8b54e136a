import { statSync } from 'node:fs'
import { join } from 'node:path'
import { queuedRegistryWritesMax } from '../../core/limits.ts'
import type { Result } from '../../core/failure.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { EventStore, StoreHealth } from '../../ports/event-store.ts'
import type { Meter } from '../../ports/meter.ts'
import { createSqliteAccounts } from './accounts.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { callOf } from './decode-result.ts'
import { createBatcher } from './events/batcher.ts'
import type { EventReads } from './events/event-reads.ts'
import { createSqliteEventStore } from './events/event-store.ts'
import { createSqliteInventory } from './inventory.ts'
import { createReaderPool } from './reader-pool.ts'
import type { ReaderPool } from './reader-pool.ts'
import { createRegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'
import type { RegistryReads, RegistryWrites } from './registry/registry-operations.ts'
import { unavailable } from './storage-error.ts'
import { openThreadChannel } from './thread-channel.ts'
import type { LogProblem, ThreadChannel, ThreadListeners } from './thread-channel.ts'

export type SqliteConfig = {
  /** The data folder; created when it is not there. One server at a time. */
  readonly folder: string
  /** Threads that read; 2 unless set. */
  readonly readers?: number
  /** The largest size of the events' file in bytes; beyond it writing answers `disk-full`. No limit unless set. */
  readonly eventsBytesMax?: number
  readonly logProblem: LogProblem
}

export type SqliteStores = {
  readonly events: EventStore
  readonly inventory: Inventory
  readonly accounts: Accounts
  /** Finishes what was taken in, answers it, empties the WAL, and lets go of the folder. */
  readonly close: () => Promise<void>
}

/**
 * Opens the data folder with one writer thread and some reader threads. Throws an error that says what
 * to do when another server has the folder, or when a file has a format that this server does not know.
 */
export const openSqliteStores = async (
  config: SqliteConfig,
  clock: Clock,
  meter: Meter,
): Promise<SqliteStores> => {
  const lock = lockDataFolder(config.folder)
  try {
    const threads = await openThreads(config, clock)
    const release = async (): Promise<void> => {
      await threads.readers.close()
      await threads.writer.close()
      lock.release()
    }
    const batcher = createBatcher(threads.writer, meter)
    observe(config, meter, { queuedEvents: batcher.queuedEvents, readers: threads.readers })
    const events = createSqliteEventStore({
      batcher,
      read: callOf<EventReads>(threads.readers.call),
      clock,
      healthState: threads.healthState,
      end: release,
    })
    const calls = registryCalls(threads)
    const caches = createRegistryCaches()
    return {
      events,
      inventory: createSqliteInventory(calls, caches, clock),
      accounts: createSqliteAccounts(calls, caches, clock),
      close: events.close,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Writes of the registry share the writer thread, and have a bound of their own. */
const registryCalls = ({ writer, readers }: Threads): RegistryCalls => {
  let waiting = 0
  const write = async (name: string, args: readonly unknown[]): Promise<Result<unknown>> => {
    if (waiting >= queuedRegistryWritesMax) return unavailable('busy')
    waiting += 1
    try {
      return await writer.call(name, args)
    } finally {
      waiting -= 1
    }
  }
  return { write: callOf<RegistryWrites>(write), read: callOf<RegistryReads>(readers.call) }
}

type Threads = {
  readonly writer: ThreadChannel
  readonly readers: ReaderPool
  readonly healthState: () => StoreHealth['state']
}

const readersDefault = 2

/** The writer first: it creates and upgrades the files that the readers open. */
const openThreads = async (config: SqliteConfig, clock: Clock): Promise<Threads> => {
  const { folder, eventsBytesMax, logProblem } = config
  const data = { folder, eventsBytesMax }
  let state: StoreHealth['state'] = 'ok'
  const listeners: ThreadListeners = {
    clock,
    logProblem,
    onHealth: (next) => {
      state = next
    },
  }
  const writer = await openThreadChannel(threadFile('writer-thread'), data, listeners)
  const silent = { ...listeners, onHealth: () => undefined }
  const opening = Array.from({ length: config.readers ?? readersDefault }, () =>
    openThreadChannel(threadFile('reader-thread'), data, silent),
  )
  const opened = await Promise.allSettled(opening)
  const readers = opened.flatMap((open) => (open.status === 'fulfilled' ? [open.value] : []))
  const refused = opened.find((open) => open.status === 'rejected')
  if (refused) {
    await Promise.all([...readers, writer].map((channel) => channel.close()))
    throw refused.reason
  }
  const pool = createReaderPool(readers)
  return { writer, readers: pool, healthState: () => (pool.isAlive() ? state : 'failed') }
}

/** Threads run what the build made, beside this very file. */
const threadFile = (name: string): URL => new URL(`./${name}.js`, import.meta.url)

const observe = (
  { folder }: SqliteConfig,
  meter: Meter,
  sources: { readonly queuedEvents: () => number; readonly readers: ReaderPool },
): void => {
  const walPath = join(folder, 'events.db-wal')
  meter.observe('event_queue_events', 'Events that wait for the writer', sources.queuedEvents)
  meter.observe('read_queue_calls', 'Reads that wait for a reader', sources.readers.openCalls)
  meter.observe(
    'event_wal_bytes',
    'Size of the write-ahead log of the event store',
    () => statSync(walPath, { throwIfNoEntry: false })?.size ?? 0,
  )
}
