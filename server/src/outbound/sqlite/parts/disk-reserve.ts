import { statfsSync } from 'node:fs'
import Database from 'better-sqlite3'

/**
 * Keeps a part of the disk free for what makes room: deletions, and the files that replace larger ones. Events
 * are refused before it is touched; when there is more again, they are taken in again.
 */
export type DiskReserve = {
  /** Looks at most every `lookEveryMs`. */
  readonly isTouched: () => boolean
  /** Looks now; throws, as the engine does on a full disk, while the reserve is touched. */
  readonly check: () => void
}

/** In this time no more is written than a small part of any sensible reserve. */
const lookEveryMs = 100

export const createDiskReserve = (
  reserveBytes: number,
  freeBytes: () => number,
  nowMs: () => number = () => performance.now(),
): DiskReserve => {
  let lookedMs = -Infinity
  let touched = false
  const look = (): boolean => {
    lookedMs = nowMs()
    touched = freeBytes() < reserveBytes
    return touched
  }
  return {
    isTouched: () => (nowMs() - lookedMs < lookEveryMs ? touched : look()),
    check: () => {
      if (!look()) return
      const message = `fewer than ${reserveBytes} bytes are free on the disk`
      throw new Database.SqliteError(message, 'SQLITE_FULL')
    },
  }
}

/** What an ordinary user may still write to the disk that has the folder. */
export const freeBytesOf =
  (folder: string): (() => number) =>
  () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
