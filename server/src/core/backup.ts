/** A copy of everything that the server keeps, in a folder of the server's own machine (docs/operations.md). */
export type Backup = {
  readonly id: string
  readonly folder: string
  readonly beganMs: number
  readonly state: BackupState
}

export type BackupState =
  | { readonly kind: 'running' }
  /** On disk, with the checksum of every file. */
  | {
      readonly kind: 'done'
      readonly endedMs: number
      readonly files: number
      readonly bytes: number
    }
  /** What had been written is removed again. */
  | { readonly kind: 'failed'; readonly endedMs: number; readonly problem: string }
