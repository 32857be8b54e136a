import { mkdirSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { headFile } from '../database-files.ts'
import { openForWriting } from '../open-database.ts'
import { sealPart } from '../parts/build-part.ts'
import { columnSlots, createColumnMemory } from '../parts/columns.ts'
import { createDiskReserve } from '../parts/disk-reserve.ts'
import type { DiskReserve } from '../parts/disk-reserve.ts'
import { createMaintenance } from '../parts/maintenance.ts'
import type { Maintenance } from '../parts/maintenance.ts'
import { createPartConnections } from '../parts/part-connections.ts'
import { eventsFolder } from '../parts/part-files.ts'
import { endlessPatience } from '../parts/patience.ts'
import { createSnapshotMemory } from '../parts/snapshots.ts'
import { createStoreNumberMemory, openStoreNumbers } from '../parts/store-numbers.ts'
import { openStoreState } from '../parts/store-state.ts'
import type { JanitorTask } from '../parts/janitor-messages.ts'
import type { StoreState } from '../parts/store-state.ts'
import { scratchFolder, throwProblem } from './scratch-store.contract.ts'

/** The writer's side of a store, one step at a time. */
export type ThreadlessStore = {
  readonly folder: string
  readonly state: StoreState
  readonly maintenance: Maintenance
  readonly disk: { freeBytes: number }
  readonly reserve: DiskReserve
  /** What the janitor was asked; it does nothing by itself. */
  readonly asked: JanitorTask[]
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
  const memory = Array.from({ length: columnSlots }, () => createColumnMemory(1_000))
  const limits = { partRows: threadlessPartRows, tenantBytesMax }
  const state = openStoreState(head, { memory, connections, ...limits })
  const disk = { freeBytes: 0 }
  const reserve = createDiskReserve(threadlessReserveBytes, () => disk.freeBytes)
  const asked: JanitorTask[] = []
  const maintenance = createMaintenance(
    {
      ...{ ...limits, snapshots: createSnapshotMemory(1), copying: createSnapshotMemory(1) },
      numbers: openStoreNumbers(createStoreNumberMemory()),
      reserve,
      ask: (task) => asked.push(task),
      onStorageFailure: refuse,
      onDiskFull: refuse,
    },
    state,
  )
  const seal = (): void => {
    const task = asked.shift()
    if (task?.kind !== 'seal') throw new Error('the janitor is asked for the file of a closed part')
    maintenance.receive({ kind: 'built', ...sealPart({ folder }, task.part) })
  }
  return { folder, state, maintenance, disk, reserve, asked, seal }
}

/** Adds so many events, each with this text; every other one is of type `gone`. */
export const addThreadlessRows = ({ table }: StoreState, rows: number, text: string): void => {
  const tenant = table.tenant('t1')
  for (let n = 0; n < rows; n += 1) {
    const texts = { type: n % 2 === 0 ? 'kept' : 'gone', text }
    const rest = { names: '', values: '', digest: null, offsetMinutes: 0 }
    const event = { source: 1, timeMs: threadlessNowMs, ...texts, ...rest }
    table.insert(table.takeId(threadlessNowMs), tenant, threadlessNowMs, event)
  }
}
