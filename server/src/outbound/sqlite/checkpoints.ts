import { statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { walPagesOf, wasHeldBack } from './decode-checkpoint.ts'
import { withBusyTimeout } from './open-database.ts'

/**
 * When the WAL goes back into the database file. Too rarely, and each checkpoint stops the batches for long;
 * too often, and a page that many batches touch is written many times. The WAL begins anew when a
 * checkpoint has caught up and no reader needs it, so its size is bounded by these and by the longest read.
 */
export type Checkpoints = {
  /** Tells of a commit; checkpoints when enough has gathered. */
  readonly afterCommit: (bytes: number) => void
  /** Everything, and the space of the WAL goes back to the disk; false when a reader needs it just now. */
  readonly release: () => boolean
}

/** Near a full disk the WAL must stay small: what it has grown to is not there for what makes room. */
export type WalSpace = {
  readonly bytes: () => number
  readonly bytesMax: () => number
}

/** Of a database file, with the bound that the moment needs. */
export const walSpaceOf = (path: string, bytesMax: () => number): WalSpace => ({
  bytes: () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
  bytesMax,
})

/**
 * Rows changed, and bytes of events taken in, between two checkpoints. Twice as many halve the pages that are
 * written back twice; the WAL then holds some 100 MB when every event meets another source. `bench/measurements/post-single.ts`
 * shows the latencies.
 */
const rowsBetweenCheckpoints = 16_000
const bytesBetweenCheckpoints = 32 * 1024 * 1024

/** Pages in the WAL from which readers are waited for, and how long. */
const walPagesWaitedFrom = 32_768
const readersWaitedForMs = 100

export const createCheckpoints = (db: Database, wal: WalSpace): Checkpoints => {
  const rowsChanged = db.prepare<[], number>('select total_changes()').pluck()
  let rowsBefore = 0
  let bytes = 0
  const checkpoint = (): void => {
    const walPages = walPagesOf(db.pragma('wal_checkpoint(passive)'))
    if (walPages < walPagesWaitedFrom) return
    withBusyTimeout(db, readersWaitedForMs, () => db.pragma('wal_checkpoint(restart)'))
  }
  const release = (): boolean => {
    rowsBefore = rowsChanged.get() ?? 0
    bytes = 0
    return !wasHeldBack(withBusyTimeout(db, 0, () => db.pragma('wal_checkpoint(truncate)')))
  }
  return {
    afterCommit: (added) => {
      bytes += added
      const bytesMax = wal.bytesMax()
      if (bytesMax < Infinity && wal.bytes() > bytesMax) {
        release()
        return
      }
      const rows = rowsChanged.get() ?? 0
      if (rows - rowsBefore < rowsBetweenCheckpoints && bytes < bytesBetweenCheckpoints) return
      rowsBefore = rows
      bytes = 0
      checkpoint()
    },
    release,
  }
}
