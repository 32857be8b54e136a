import type { Result } from '../../core/failure.ts'
import type { HeldData, HoldData } from '../../ports/backups.ts'
import { openSnapshotMark } from './parts/between-threads/snapshots.ts'
import type { SnapshotMemory } from './parts/between-threads/snapshots.ts'
import { standStillCall } from './stand-still.ts'
import type { StandStillMemory } from './stand-still.ts'
import { openThreadChannel } from './thread-channel.ts'
import type { ThreadChannel, ThreadListeners } from './thread-channel.ts'
import type { CopierData, ThreadData } from './thread-messages.ts'

export type HoldStoresParts = {
  readonly files: ThreadData
  readonly diskReserveBytes: number
  readonly standStill: StandStillMemory
  /** Where whoever copies parts says so: their files stay. */
  readonly copying: SnapshotMemory
  readonly writer: ThreadChannel
  readonly listeners: ThreadListeners
}

/**
 * Takes hold of the head and the registry at one moment between two calls of the writer, with a thread of its own. What
 * is held back until the release: files of parts that go, and for as long as the copy of the databases takes, their WALs
 * from beginning anew. One at a time.
 */
export const createHoldStores =
  (parts: HoldStoresParts): HoldData =>
  async () => {
    const { files, diskReserveBytes, standStill, writer, listeners } = parts
    const mark = openSnapshotMark(parts.copying, 0)
    mark.begin()
    const givenUp = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    const data = { ...files, diskReserveBytes, standStill, givenUp }
    const thread = await openCopier(data, listeners, mark.end)
    const release = async (): Promise<void> => {
      Atomics.store(new Int32Array(givenUp), 0, 1)
      await thread.close()
      mark.end()
    }
    let outcome: Result<unknown> | undefined
    try {
      const [held, stood] = await Promise.all([
        thread.call('hold', []),
        writer.call(standStillCall, []),
      ])
      outcome = held.ok ? stood : held
    } finally {
      if (outcome?.ok !== true) await release()
    }
    return outcome.ok ? { ok: true, value: toHeldData(thread, release) } : outcome
  }

const openCopier = async (
  data: CopierData,
  listeners: ThreadListeners,
  onRefused: () => void,
): Promise<ThreadChannel> => {
  try {
    // What becomes of a backup says nothing about the health of the store.
    const silent = { ...listeners, onHealth: () => undefined }
    return await openThreadChannel(new URL('./copier-thread.js', import.meta.url), data, silent)
  } catch (error) {
    onRefused()
    throw error
  }
}

const toHeldData = (thread: ThreadChannel, release: () => Promise<void>): HeldData => ({
  copyTo: async (folder): Promise<Result<void>> => {
    const copied = await thread.call('copyTo', [folder])
    return copied.ok ? { ok: true, value: undefined } : copied
  },
  release,
})
