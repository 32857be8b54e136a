import type { Database } from 'better-sqlite3'
import { createDatabaseBytes } from '../../log-growth.ts'
import type { DiskReserve } from '../head/disk-reserve.ts'

/** A head that keeps more than this is not written anew: the writer would stand still for too long. */
const keptBytesMax = 128 * 1024 * 1024

/** So much of the file must be won that no more is copied than in proportion to it. */
const wonFromShare = 1 / 8

/** What the WAL takes beside the pages in it, at most. */
const walOverheadShare = 1.02

/**
 * Gives space that rows have left in the head back to the disk, which otherwise only later rows would use: where
 * nothing but the head had events, their deletion would make no room. Only for a full disk. What is kept goes through
 * the WAL once, for which there must be room, and through memory; a checkpoint cuts the file afterwards, when no reader
 * needs the WAL any more. Not done when it would not be enough for events to be taken in again. Answers whether it was
 * done. Never in a transaction.
 *
 * `rowBytes` says what the rows weigh, about. How much else there is in the file shows when it has been written anew:
 * from then on only what more has been left counts, also after a try for which there was no room.
 */
export const createShrinkHead = (
  head: Database,
  reserve: DiskReserve,
  rowBytes: () => number,
): (() => boolean) => {
  const fileBytes = createDatabaseBytes(head)
  let besideRows = 0
  return () => {
    const bytes = fileBytes()
    const won = bytes - rowBytes() - besideRows
    if (won < bytes * wonFromShare || won < reserve.missingBytes()) return false
    const kept = bytes - won
    if (kept > keptBytesMax || kept * walOverheadShare > reserve.workBytesMax()) return false
    try {
      head.exec('vacuum')
    } finally {
      besideRows = fileBytes() - rowBytes()
    }
    return true
  }
}
