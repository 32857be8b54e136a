import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { headFile } from '../database-files.ts'
import { openForWriting } from '../open-database.ts'
import { sealPart } from '../parts/files/build-part.ts'
import { columnSlots, createColumnMemory } from '../parts/between-threads/columns.ts'
import type { ColumnMemory } from '../parts/between-threads/columns.ts'
import { createDiskReserve } from '../parts/head/disk-reserve.ts'
import type { DiskReserve } from '../parts/head/disk-reserve.ts'
import { createMaintenance } from '../parts/maintenance/maintenance.ts'
import type { Maintenance } from '../parts/maintenance/maintenance.ts'
import { createPartConnections } from '../parts/tables/part-connections.ts'
import { eventsFolder } from '../parts/tables/part-files.ts'
import { createPace } from '../parts/maintenance/pace.ts'
import type { Pace } from '../parts/maintenance/pace.ts'
import { endlessPatience } from '../parts/tables/patience.ts'
import { createJanitor } from '../parts/files/janitor.ts'
import { createSnapshotMemory } from '../parts/between-threads/snapshots.ts'
import type { SnapshotMemory } from '../parts/between-threads/snapshots.ts'
import {
  createStoreNumberMemory,
  openStoreNumbers,
} from '../parts/between-threads/store-numbers.ts'
import { openStoreState } from '../parts/head/store-state.ts'
import type { JanitorTask } from '../parts/between-threads/janitor-messages.ts'
import type { StoreState } from '../parts/head/store-state.ts'
import { scratchFolder, throwProblem } from './scratch-store.contract.ts'

/** The writer's side of a store, one step at a time. */
export type ThreadlessStore = {
  readonly folder: string
  readonly state: StoreState
  readonly maintenance: Maintenance
  /** What readers share with the writer; there is room for one reader. */
  readonly memory: readonly ColumnMemory[]
  readonly snapshots: SnapshotMemory
  readonly disk: { freeBytes: number }
  readonly reserve: DiskReserve
  /** By a clock that stands still unless a test moves it on. */
  readonly pace: Pace
  readonly clock: { ms: number }
  /** What the janitor was asked; it does nothing by itself. */
  readonly asked: JanitorTask[]
  /** Why merges did not come about. */
  readonly unmergeable: readonly string[]
  /** Does what the janitor was asked first, which must be to build the file of a closed part. */
  readonly seal: () => void
}

export const threadlessPartRows = 100
export const threadlessReserveBytes = 4 * 1024 * 1024
export const threadlessNowMs = Date.UTC(2026, 1, 1, 9)

const refuse = (cause: string): never => throwProblem('the storage refused', cause)

/** Opens a folder, a new one unless given, on a disk with as much room as `disk` says: none to begin with. */
export const openThreadlessStore = ({
  folder = scratchFolder(),
  tenantBytesMax = 0,
} = {}): ThreadlessStore => {
  mkdirSync(eventsFolder(folder), { recursive: true })
  const head = openForWriting(headFile({ folder, eventsBytesMax: undefined }))
  const connections = createPartConnections(folder, endlessPatience)
  onTestFinished(() => {
    connections.close()
    head.close()
  })
  const memory = Array.from({ length: columnSlots }, () => createColumnMemory(10_000))
  const limits = { partRows: threadlessPartRows, tenantBytesMax }
  const state = openStoreState(head, { memory, connections, ...limits })
  const disk = { freeBytes: 0 }
  const reserve = createDiskReserve(threadlessReserveBytes, () => disk.freeBytes)
  const clock = { ms: 0 }
  const pace = createPace(() => clock.ms)
  const asked: JanitorTask[] = []
  const unmergeable: string[] = []
  const snapshots = createSnapshotMemory(1)
  const maintenance = createMaintenance(
    {
      ...{ ...limits, snapshots, copying: createSnapshotMemory(1) },
      numbers: openStoreNumbers(createStoreNumberMemory()),
      ...{ reserve, pace },
      ask: (task) => asked.push(task),
      onStorageFailure: refuse,
      onDiskFull: refuse,
      onUnmergeable: (cause) => unmergeable.push(cause),
    },
    state,
  )
  const seal = (): void => {
    const task = asked.shift()
    if (task?.kind !== 'seal') throw new Error('the janitor is asked for the file of a closed part')
    maintenance.receive({ kind: 'built', ...sealPart({ folder }, task.part) })
  }
  return {
    ...{ folder, state, maintenance, memory, snapshots, disk, reserve, pace, clock },
    ...{ asked, unmergeable, seal },
  }
}

/** A store at work, step by step, its janitor doing what it is asked. */
export type Work = {
  /** Until nothing is left to do; answers the kinds of tasks that the janitor was given. */
  readonly toTheEnd: () => readonly string[]
  /** Until the janitor is asked for this, which it does not do. */
  readonly upTo: <Kind extends JanitorTask['kind']>(kind: Kind) => TaskOf<Kind>
}

type TaskOf<Kind> = Extract<JanitorTask, { readonly kind: Kind }>

const isOf = <Kind extends JanitorTask['kind']>(
  task: JanitorTask,
  kind: Kind,
): task is TaskOf<Kind> => task.kind === kind

const stepsMax = 5_000

/** On a disk with all the room there is, unless given. */
export const workOn = (
  { folder, maintenance, asked, disk }: ThreadlessStore,
  freeBytes = 2 ** 40,
): Work => {
  disk.freeBytes = freeBytes
  const janitor = createJanitor(folder)
  const next = (): JanitorTask | undefined => {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const due = maintenance.step(threadlessNowMs)
      const task = asked.shift()
      if (task) return task
      if (due === 'idle') return undefined
    }
    throw new Error('the store never came to rest')
  }
  const carryOut = (task: JanitorTask): void => maintenance.receive(janitor(task))
  return {
    toTheEnd: () => {
      const kinds: string[] = []
      for (let task = next(); task !== undefined; task = next()) {
        kinds.push(task.kind)
        carryOut(task)
      }
      return kinds
    },
    upTo: (kind) => {
      for (let task = next(); task !== undefined; task = next()) {
        if (isOf(task, kind)) return task
        carryOut(task)
      }
      throw new Error(`the janitor is never asked to ${kind}`)
    },
  }
}

/** Adds so many events, each with this text: half of type `gone`, a tenth `rare`, the others `kept`. */
export const addThreadlessRows = ({ table }: StoreState, rows: number, text: string): void => {
  const tenant = table.tenant('t1')
  for (let n = 0; n < rows; n += 1) {
    const texts = { type: typeOf(n), text }
    const rest = { names: '', values: '', digest: null, offsetMinutes: 0 }
    const event = { source: 1, timeMs: threadlessNowMs, ...texts, ...rest }
    table.insert(table.takeId(threadlessNowMs), tenant, threadlessNowMs, event)
  }
}

const typeOf = (n: number): string => {
  if (n % 2 === 1) return 'gone'
  return n % 10 === 0 ? 'rare' : 'kept'
}

/** Begins a deletion of a tenant's events of this type; answers its number. */
export const deleteThreadlessType = (
  { commit, jobs, table }: StoreState,
  type: string,
  tenant = 't1',
): number =>
  commit(() => {
    const job = table.takeId(threadlessNowMs)
    jobs.add(job, table.tenant(tenant), JSON.stringify({ type }), threadlessNowMs)
    return job
  })
