import { parentPort, workerData } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { success } from '../../core/failure.ts'
import { createCheckpoints, walSpaceOf } from './checkpoints.ts'
import { headFile, registryFile } from './database-files.ts'
import { decodeToThread, decodeWriterData, portOf } from './decode-message.ts'
import { eventBatchCall } from './events/batch-call.ts'
import { decodeBatchArguments } from './events/decode-batch.ts'
import { createLogGrowth } from './log-growth.ts'
import { openForWriting } from './open-database.ts'
import { createRegistryWrites } from './registry/registry-operations.ts'
import { createRunOperation } from './run-operation.ts'
import { decodeJanitorAnswer } from './parts/between-threads/decode-janitor.ts'
import { createDiskReserve, freeBytesOf } from './parts/head/disk-reserve.ts'
import { createEventWriter } from './parts/head/event-writer.ts'
import { createShrinkHead } from './parts/maintenance/shrink-head.ts'
import { createMaintenance } from './parts/maintenance/maintenance.ts'
import { removeStrangers } from './parts/files/part-folder.ts'
import { createPace } from './parts/maintenance/pace.ts'
import { createPartConnections } from './parts/tables/part-connections.ts'
import { endlessPatience } from './parts/tables/patience.ts'
import { openStoreNumbers } from './parts/between-threads/store-numbers.ts'
import { openStoreState } from './parts/head/store-state.ts'
import { growsRegistry } from './registry-growth.ts'
import { roomCall } from './room-call.ts'
import { settleLog } from './settle-log.ts'
import { standStill, standStillCall } from './stand-still.ts'
import { unavailable } from './storage-error.ts'
import { textBytes } from './text-bytes.ts'
import { describeCause } from './thread-messages.ts'
import { createWriterHealth } from './writer-health.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { DiskReserve } from './parts/head/disk-reserve.ts'
import type { RunOperation } from './run-operation.ts'
import type { EventWriter } from './parts/head/event-writer.ts'
import type { Maintenance } from './parts/maintenance/maintenance.ts'
import type { Pace } from './parts/maintenance/pace.ts'
import type { StoreState } from './parts/head/store-state.ts'
import type { StandStillMemory } from './stand-still.ts'
import type { FromThread, ToThread, WriterData } from './thread-messages.ts'
import type { WriterHealth } from './writer-health.ts'

/**
 * The only thread that writes to the head of the events and to the registry. It answers calls in order; between two
 * of them it does one step of background work (parts/maintenance/maintenance.ts, what deleted tenants had), part of which it has
 * done by the janitor.
 */
type Writer = {
  readonly events: EventWriter
  readonly maintenance: Maintenance
  readonly pace: Pace
  readonly reserve: DiskReserve
  readonly shrinkHead: () => boolean
  readonly eventCheckpoints: Checkpoints
  readonly registry: RunOperation
  readonly registryCheckpoints: Checkpoints
  readonly health: WriterHealth
  readonly standStill: StandStillMemory
  readonly closeFiles: () => void
  /** While its port is open, this thread does not end. */
  readonly leaveJanitor: () => void
  /** When the main thread last said what time it is. */
  nowMs: number
  isWorkDue: boolean
  isClosed: boolean
  wakeUp: NodeJS.Timeout | undefined
  /** Whether a deleted tenant may have left something behind. */
  isTenantLeaving: boolean
}

type Call = Extract<ToThread, { kind: 'call' }>

const port = portOf(parentPort)

const post = (message: FromThread): void => port.postMessage(message)

const log = (message: string, cause: unknown): void =>
  post({ kind: 'log', message, cause: describeCause(cause) })

/**
 * What the head says comes first and is made safe, then the files that it names are looked at and all others removed. A
 * crash in between costs nothing: each step may be done again.
 */
const openWriter = (data: WriterData): Writer => {
  const head = openForWriting(headFile(data))
  const registry = openForWriting(registryFile(data))
  for (const db of [head, registry]) settleLog(db)
  const connections = createPartConnections(data.folder, endlessPatience)
  const state = openStoreState(head, {
    memory: data.columns,
    connections,
    partRows: data.partRows,
    tenantBytesMax: data.tenantBytesMax,
  })
  removeStrangers(data.folder, sealedNumbers(state))
  const freeBytes = lastingFreeBytes(data.folder, [head, registry])
  const reserve = createDiskReserve(data.diskReserveBytes, freeBytes)
  const events = createEventWriter({
    ...state,
    reserve,
    onRejected: (cause) =>
      log('an accepted event could not be stored and is marked rejected', cause),
  })
  const health = createWriterHealth({
    onState: (next) => {
      post({ kind: 'health', state: next })
      workSoon(writer)
    },
    log,
    probe: () => probe(writer),
  })
  const pace = createPace(() => performance.now())
  const maintenance = openMaintenance(data, state, { reserve, pace, health })
  const writer: Writer = {
    events,
    maintenance,
    pace,
    reserve,
    shrinkHead: createShrinkHead(head, reserve, () => headBytesOf(state)),
    eventCheckpoints: checkpointsOf(head, reserve),
    registry: createRunOperation(registry, createRegistryWrites(registry), 'write'),
    registryCheckpoints: checkpointsOf(registry, reserve),
    health,
    leaveJanitor: () => data.janitor.close(),
    standStill: data.standStill,
    closeFiles: () => {
      connections.close()
      head.close()
      registry.close()
    },
    nowMs: 0,
    isWorkDue: false,
    isClosed: false,
    wakeUp: undefined,
    isTenantLeaving: true,
  }
  data.janitor.on('message', (message: unknown) => {
    if (writer.isClosed || health.state() === 'failed') return
    health.guard(() => maintenance.receive(decodeJanitorAnswer(message)))
    workSoon(writer)
  })
  return writer
}

const openMaintenance = (
  data: WriterData,
  state: StoreState,
  { reserve, pace, health }: Pick<Writer, 'reserve' | 'pace' | 'health'>,
): Maintenance =>
  createMaintenance(
    {
      partRows: data.partRows,
      snapshots: data.snapshots,
      copying: data.copying,
      numbers: openStoreNumbers(data.numbers),
      ...{ reserve, pace },
      ask: (task) => data.janitor.postMessage(task),
      onStorageFailure: health.fail,
      onDiskFull: health.diskIsFull,
      onUnmergeable: (cause) => log(unmergeable, cause),
    },
    state,
  )

const unmergeable =
  'small parts of the event store could not be made one, and stay as they are; belfry verify says whether they are damaged'

/** What will be free when the logs have gone back to their files. */
const lastingFreeBytes = (folder: string, databases: readonly Database[]): (() => number) => {
  const freeBytes = freeBytesOf(folder)
  const growths = databases.map(createLogGrowth)
  return () => growths.reduce((free, growth) => free - growth(), freeBytes())
}

const checkpointsOf = (db: Database, { walBytesMax }: DiskReserve): Checkpoints =>
  createCheckpoints(db, walSpaceOf(db.name, walBytesMax))

const headBytesOf = ({ parts }: StoreState): number =>
  [parts.hot(), ...parts.closed()].reduce((sum, part) => sum + part.headBytes(), 0)

/** Each on its own, since one may be what makes room for the other. */
const releaseLogs = ({ health, eventCheckpoints, registryCheckpoints }: Writer): void => {
  health.guard(registryCheckpoints.release)
  health.guard(eventCheckpoints.release)
}

/** A deletion may be what makes room, so it goes on while the disk is full. */
const probe = (writer: Writer): void => {
  workSoon(writer)
  releaseLogs(writer)
  if (writer.health.state() === 'failed') return
  try {
    writer.events.probeDisk()
  } catch (error) {
    writer.health.guard(() => giveBackHead(writer))
    throw error
  }
}

const giveBackHead = ({ shrinkHead, eventCheckpoints }: Writer): void => {
  if (shrinkHead()) eventCheckpoints.release()
}

const sealedNumbers = ({ parts }: StoreState): readonly number[] =>
  parts
    .catalogue()
    .parts.filter(({ state }) => state === 'sealed')
    .map(({ number }) => number)

const receive = (writer: Writer, message: ToThread): void => {
  if (message.kind === 'close') return close(writer)
  writer.nowMs = message.nowMs
  writer.pace.called()
  if (writer.health.state() === 'failed') {
    post({ kind: 'answer', result: unavailable('storage-failed') })
  } else if (message.name === eventBatchCall) {
    runBatch(writer, message)
  } else if (message.name === standStillCall) {
    const wasStill = standStill(writer.standStill)
    post({ kind: 'answer', result: wasStill ? success(undefined) : unavailable('busy') })
  } else if (message.name === roomCall) {
    const room = writer.health.guard(writer.reserve.roomBytes)
    post({ kind: 'answer', result: room.ok ? success(room.value) : unavailable(room.reason) })
  } else {
    const bytes = textBytes(message.args)
    writer.reserve.wrote(bytes)
    post(runOperation(writer, message))
    writer.health.guard(() => writer.registryCheckpoints.afterCommit(bytes))
    writer.isTenantLeaving = true
    workSoon(writer)
  }
}

/** What follows the answer delays nobody's answer but those of the next batch. */
const runBatch = (writer: Writer, { args }: Call): void => {
  const { items, bytes } = decodeBatchArguments(args)
  writer.reserve.wrote(bytes)
  const applied = writer.health.guard(() => writer.events.applyBatch(items))
  // Before the answer: whoever hears of a full disk and asks for the health must find it.
  if (applied.ok && applied.value.isDiskFull) writer.health.diskIsFull('a batch found no room')
  post({
    kind: 'answer',
    result: applied.ok ? success(applied.value) : unavailable(applied.reason),
  })
  if (writer.health.state() === 'failed') return
  writer.health.guard(() => {
    writer.events.settle()
    writer.eventCheckpoints.afterCommit(bytes)
  })
  workSoon(writer)
}

const runOperation = (writer: Writer, { name, args }: Call): FromThread => {
  try {
    if (growsRegistry(name, args) && writer.reserve.isTouched()) {
      writer.health.diskIsFull(`${name} found no room`)
      return { kind: 'answer', result: unavailable('disk-full') }
    }
    const ran = writer.health.guard(() => writer.registry(name, args))
    if (!ran.ok) return { kind: 'answer', result: unavailable(ran.reason) }
    return ran.value
      ? { kind: 'answer', result: ran.value }
      : { kind: 'bug', message: `no operation is named ${name}` }
  } catch (error) {
    return { kind: 'bug', message: describeCause(error) }
  }
}

const workSoon = (writer: Writer): void => {
  if (writer.isWorkDue || writer.health.state() === 'failed') return
  writer.isWorkDue = true
  setImmediate(work, writer)
}

/** How soon something that waits for a reader is tried anew. */
const laterMs = 20

const work = (writer: Writer): void => {
  writer.isWorkDue = false
  if (writer.isClosed || writer.health.state() === 'failed') return
  const worked = writer.health.guard(() => {
    if (mustLeaveTheRest(writer)) return 'later'
    const due = writer.maintenance.step(writer.nowMs)
    if (due === 'now') writer.eventCheckpoints.afterCommit(0)
    if (writer.isTenantLeaving) removeLeaving(writer)
    return writer.isTenantLeaving ? 'now' : due
  })
  if (!worked.ok && worked.reason !== 'busy') return
  const due = worked.ok ? worked.value : 'later'
  if (due === 'now') workSoon(writer)
  else if (due === 'later') writer.wakeUp ??= setTimeout(wake, laterMs, writer)
}

/**
 * While a reader keeps the log from beginning anew, each step makes it longer, and what makes room takes room first. The
 * last of the reserve is then left to calls that delete, until the reader has read what it wants. Where there is no
 * room to write the log back, a step may be what makes some.
 */
const mustLeaveTheRest = ({ reserve, health, eventCheckpoints }: Writer): boolean => {
  if (reserve.workBytesMax() > 0) return false
  const released = health.guard(eventCheckpoints.release)
  return health.state() === 'failed' || (released.ok && !released.value)
}

const wake = (writer: Writer): void => {
  writer.wakeUp = undefined
  workSoon(writer)
}

const removeLeaving = (writer: Writer): void => {
  const removed = writer.registry('removeLeaving', [])
  writer.isTenantLeaving = removed?.ok === true && removed.value === true
  if (writer.isTenantLeaving) writer.registryCheckpoints.afterCommit(0)
}

/** After a failure nothing is touched any more: the next start decides what is in force. */
const close = (writer: Writer): void => {
  writer.isClosed = true
  writer.health.end()
  clearTimeout(writer.wakeUp)
  if (writer.health.state() !== 'failed') {
    // A full disk may refuse this; the next start takes over what is left in the logs.
    releaseLogs(writer)
    writer.health.guard(writer.closeFiles)
  }
  writer.leaveJanitor()
  port.close()
}

try {
  const writer = openWriter(decodeWriterData(workerData))
  writer.health.guard(() => writer.events.settle())
  port.on('message', (message: unknown) => receive(writer, decodeToThread(message)))
  post({ kind: 'ready' })
  workSoon(writer)
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : describeCause(error) })
}
