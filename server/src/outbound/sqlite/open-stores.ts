import { availableParallelism } from 'node:os'
import { MessageChannel } from 'node:worker_threads'
import { partRowsMax, queuedEventsMax, queuedRegistryWritesMax } from '../../core/limits.ts'
import type { Result } from '../../core/failure.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HoldData } from '../../ports/backups.ts'
import type { Inventory } from '../../ports/inventory.ts'
import type { EventStore, StoreHealth } from '../../ports/event-store.ts'
import type { Meter } from '../../ports/meter.ts'
import { createSqliteAccounts } from './accounts.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { callOf } from './decode-result.ts'
import { createBatcher } from './events/batcher.ts'
import type { EventReads } from './parts/reading/event-reads.ts'
import { createSqliteEventStore } from './events/event-store.ts'
import { createHoldStores } from './hold-stores.ts'
import { createSqliteInventory } from './inventory.ts'
import { observeStore } from './observe-store.ts'
import { createReaderPool } from './reader-pool.ts'
import type { ReaderPool } from './reader-pool.ts'
import { createRegistryCaches } from './registry-caches.ts'
import type { RegistryCalls } from './registry-calls.ts'
import type { RegistryReads, RegistryWrites } from './registry/registry-operations.ts'
import { columnSlots, createColumnMemory } from './parts/between-threads/columns.ts'
import { prepareEventsFolder } from './parts/files/events-folder.ts'
import { createSnapshotMemory, releaseMark } from './parts/between-threads/snapshots.ts'
import { createStoreNumberMemory, openStoreNumbers } from './parts/between-threads/store-numbers.ts'
import type { StoreNumbers } from './parts/between-threads/store-numbers.ts'
import { createRoomCall } from './room-call.ts'
import { createStandStillMemory } from './stand-still.ts'
import { unavailable } from './storage-error.ts'
import { openThreadChannel } from './thread-channel.ts'
import type { LogProblem, ThreadChannel, ThreadListeners } from './thread-channel.ts'

export type SqliteConfig = {
  /** The data folder; created when it is not there. One server at a time. */
  readonly folder: string
  /** Threads that read; 2 unless set. */
  readonly readers?: number
  /** Events in a part before it gets a file of its own; 125,000 unless set. */
  readonly partRows?: number
  /** The largest size of the events' head in bytes; beyond it writing answers `disk-full`. No limit unless set. */
  readonly eventsBytesMax?: number
  /** Bytes of the disk that events leave free: below, they are answered `disk-full`. None unless set. */
  readonly diskReserveBytes?: number
  /** Bytes of events that each tenant may have: from there on it is answered `tenant-full`. No limit unless set. */
  readonly tenantBytesMax?: number
  readonly logProblem: LogProblem
}

export type SqliteStores = {
  readonly events: EventStore
  readonly inventory: Inventory
  readonly accounts: Accounts
  /**
   * What may be written to the disk beside the events until they are refused, in bytes, now; not above 0 while they are. Logs and
   * files under construction count with all that they will take.
   */
  readonly roomBytes: () => Promise<Result<number>>
  /** One at a time. */
  readonly hold: HoldData
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
      await threads.janitor.close()
      lock.release()
    }
    const batcher = createBatcher(threads.writer, meter)
    const { queuedEvents } = batcher
    const { readers, numbers } = threads
    observeStore({ ...config, queuedEvents, openReads: readers.openCalls, numbers }, meter)
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
      roomBytes: createRoomCall(threads.writer),
      hold: threads.hold,
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
  readonly janitor: ThreadChannel
  readonly readers: ReaderPool
  readonly numbers: StoreNumbers
  readonly hold: HoldData
  readonly healthState: () => StoreHealth['state']
}

const readersDefault = 2

/** One processor is for what devices wait for. */
const readsAtOnce = (): number => Math.max(1, availableParallelism() - 1)

/** The janitor first, because the writer may have work for it at once; then the writer, which creates what readers open. */
const openThreads = async (config: SqliteConfig, clock: Clock): Promise<Threads> => {
  prepareEventsFolder(config.folder)
  const data = sharedData(config)
  let state: StoreHealth['state'] = 'ok'
  const listeners: ThreadListeners = {
    clock,
    logProblem: config.logProblem,
    onHealth: (next) => {
      state = next
    },
  }
  // A reader has a word about health only when it dies: without this no file and no slot would ever be let go of again.
  const ofReader = (reader: number): ThreadListeners => ({
    ...listeners,
    onHealth: () => releaseMark(data.memory.snapshots, reader),
  })
  const opened: ThreadChannel[] = []
  const open = async (...parts: Parameters<typeof openThreadChannel>): Promise<ThreadChannel> => {
    const channel = await openThreadChannel(...parts)
    opened.push(channel)
    return channel
  }
  try {
    const ports = new MessageChannel()
    const [toJanitor, toWriter] = [ports.port1, ports.port2]
    const janitorData = { ...data.files, writer: toWriter }
    const janitor = await open(threadFile('janitor-thread'), janitorData, listeners, [toWriter])
    const numbers = createStoreNumberMemory()
    const writerData = {
      ...data.files,
      ...data.memory,
      ...data.limits,
      ...data.backup,
      janitor: toJanitor,
      numbers,
    }
    const writer = await open(threadFile('writer-thread'), writerData, listeners, [toJanitor])
    const opening = Array.from({ length: data.readers }, (_, reader) =>
      open(
        threadFile('reader-thread'),
        { ...data.files, ...data.memory, reader },
        ofReader(reader),
      ),
    )
    const pool = createReaderPool(await allOpened(opening), readsAtOnce())
    const healthState = () => (pool.isAlive() ? state : 'failed')
    const hold = createHoldStores({ ...data, ...data.limits, ...data.backup, writer, listeners })
    return { writer, janitor, readers: pool, numbers: openStoreNumbers(numbers), hold, healthState }
  } catch (error) {
    await Promise.all(opened.map((channel) => channel.close()))
    throw error
  }
}

/** Waits for all of them, so that none is left behind when one refuses. */
const allOpened = async (
  opening: readonly Promise<ThreadChannel>[],
): Promise<readonly ThreadChannel[]> => {
  await Promise.allSettled(opening)
  return Promise.all(opening)
}

const partRowsDefault = 125_000

const sharedData = (config: SqliteConfig) => {
  const { folder, eventsBytesMax, diskReserveBytes = 0, tenantBytesMax = 0 } = config
  const partRows = config.partRows ?? partRowsDefault
  const readers = config.readers ?? readersDefault
  return {
    readers,
    files: { folder, eventsBytesMax },
    backup: { standStill: createStandStillMemory(), copying: createSnapshotMemory(1) },
    limits: { partRows, diskReserveBytes, tenantBytesMax },
    memory: {
      columns: Array.from({ length: columnSlots }, () => createColumnMemory(columnCapacity)),
      snapshots: createSnapshotMemory(readers),
    },
  }
}

/** For the largest part there may be, whatever the setting is now: one that was begun under a larger one must fit. */
const columnCapacity = 2 * partRowsMax + queuedEventsMax

/** Threads run what the build made, beside this very file. */
const threadFile = (name: string): URL => new URL(`./${name}.js`, import.meta.url)
