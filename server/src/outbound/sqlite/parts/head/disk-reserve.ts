import { statfsSync } from 'node:fs'
import Database from 'better-sqlite3'

/**
 * Keeps a part of the disk free for what makes room: deletions, and the files that replace larger ones. Events
 * are refused from where it is touched until it is whole again and an eighth of it besides, so that what comes back
 * at once, the WAL for one, does not make them come and go.
 */
export type DiskReserve = {
  /** Looks at most every `lookEveryMs`, or after so much that it could have changed the answer. */
  readonly isTouched: () => boolean
  /** Looks now; throws, as the engine does on a full disk, while the reserve is touched. */
  readonly check: () => void
  /** To be told of what is written, so that the next look does not come too late. */
  readonly wrote: (bytes: number) => void
  /** From what size on a WAL should give its space back: as large as it likes while the reserve is far away. */
  readonly walBytesMax: () => number
  /** Looks now: what a new file may take, so that deletions can go on beside it. */
  readonly buildBytesMax: () => number
  /** A file of so many bytes is being built; 0 when it has ended. Until then others must not take that space. */
  readonly promise: (bytes: number) => void
  /** What else work in the background may write; the rest is for calls that delete. Looks now while it is touched. */
  readonly workBytesMax: () => number
  /** Looks now: what may be written that makes no room, until the reserve is touched; not above 0 while it is. */
  readonly roomBytes: () => number
  /** Looks now: what has to become free until the reserve is not touched any more; 0 when it is not. */
  readonly missingBytes: () => number
}

/** In this time no more is written than a small part of any sensible reserve. */
const lookEveryMs = 100

/** Of the reserve: what may be written, and what a WAL may grow to near it, before anybody looks; and what must come on top. */
const slackShare = 1 / 8

/** Of the reserve: what stays free beside a file that is being built. */
const keptShare = 1 / 4

/** Of the reserve: what nothing but calls that delete may take. A call takes some pages of a log. */
const lastShare = 1 / 8

/** So many reserves are free where it begins to be near. */
const nearReserves = 2

/** `freeBytes` is what is left when everything that has been written is where it stays (log-growth.ts). */
export const createDiskReserve = (
  reserveBytes: number,
  freeBytes: () => number,
  nowMs: () => number = () => performance.now(),
): DiskReserve => {
  let lookedMs = -Infinity
  let written = 0
  let free = 0
  let touched = false
  let promised = 0
  const neededBytes = (): number =>
    Math.max(
      reserveBytes * (touched ? 1 + slackShare : 1),
      promised > 0 ? promised + reserveBytes * keptShare : 0,
    )
  const look = (): number => {
    lookedMs = nowMs()
    written = 0
    free = freeBytes()
    touched = free < neededBytes()
    return free
  }
  const lookSometimes = (): number => {
    const isMuch = reserveBytes > 0 && written > reserveBytes * slackShare
    return nowMs() - lookedMs < lookEveryMs && !isMuch ? free : look()
  }
  return {
    isTouched: () => {
      lookSometimes()
      return touched
    },
    check: () => {
      look()
      if (!touched) return
      const message = `fewer than ${neededBytes()} bytes are free on the disk`
      throw new Database.SqliteError(message, 'SQLITE_FULL')
    },
    wrote: (bytes) => {
      written += bytes
    },
    walBytesMax: () =>
      lookSometimes() < nearReserves * reserveBytes ? reserveBytes * slackShare : Infinity,
    buildBytesMax: () => look() - reserveBytes * keptShare,
    promise: (bytes) => {
      promised = reserveBytes > 0 ? bytes : 0
      look()
    },
    workBytesMax: () => (touched ? look() : lookSometimes()) - promised - reserveBytes * lastShare,
    roomBytes: () => look() - neededBytes(),
    missingBytes: () => Math.max(0, neededBytes() - look()),
  }
}

/**
 * What a reserve should have, for one deletion to get through on a full disk: room for the smaller file that takes the
 * place of a part's, while the list of what is dead in it grows. With less, deletions may have to reach further before
 * anything comes back.
 */
export const leastReserveBytes = (partRows: number): number =>
  1024 * 1024 + partRows * reservedRowBytes

/** Of an event of 300 bytes: some 400 in a file, 100 in the list, and as much again for what is kept free beside them. */
const reservedRowBytes = 1_024

/** What an ordinary user may still write to the disk that has the folder. */
export const freeBytesOf =
  (folder: string): (() => number) =>
  () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
