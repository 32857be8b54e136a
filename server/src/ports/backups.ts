import type { Backup } from '../core/backup.ts'
import type { Result } from '../core/failure.ts'

/** Backups taken while everything else goes on. One at a time. */
export type Backups = {
  /**
   * Begins a backup into a folder of this machine, which is made, or is there and empty. Everything that was acknowledged
   * before this call is in it. Fails with `invalid` when the folder is no absolute path, has something in it, cannot be
   * made, or lies in the data folder or around it, with `conflict` (backup) while another one runs, and with
   * `unavailable`.
   */
  readonly begin: (folder: string) => Promise<Result<Backup>>

  /** One of the last `backupsRememberedMax` of this process. Fails with `not-found` (backup). */
  readonly read: (id: string) => Promise<Result<Backup>>

  /** Gives up what is under way and removes what it wrote. Later calls answer `stopping`. */
  readonly close: () => Promise<void>
}

/** Data as they were at one moment. Must be released; until then what they need is kept, whatever is deleted. */
export type HeldData = {
  /** Copies them into a folder that is there and empty. */
  readonly copyTo: (folder: string) => Promise<Result<void>>
  /** Also gives up a copy under way, which then fails with `unavailable` (stopping). */
  readonly release: () => Promise<void>
}

/** Takes hold of the data as they are now. Fails with `unavailable`. */
export type HoldData = () => Promise<Result<HeldData>>
