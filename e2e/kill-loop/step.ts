/**
 * A kind of system call that begins or ends a step of the store. The process dies as one of its threads makes the nth of
 * them, which then does not happen: everything before it has, nothing after it.
 */
export type Step = {
  readonly name: string
  /** Each a place of its own; chance picks one. */
  readonly cuts: readonly [Cut, ...Cut[]]
  /**
   * What the server is at: under load or just rid of it, as chance has it; rid of it with nearly all of a few parts being
   * deleted; ending in an orderly way; or alone with a merge, whose parts have just been looked for.
   */
  readonly during: 'load' | 'deletion' | 'end' | 'merge'
}

export type Cut = {
  readonly calls: string
  /** Only calls that touch one of these. */
  readonly files: CutFiles
  /** The nth is at most this one. */
  readonly nthMax: number
}

/** Names in the folder of the events, the files of parts there, or those that are to become files of parts. */
export type CutFiles = readonly string[] | 'any' | 'parts' | 'parts being built'

const renames = '?rename,?renameat,?renameat2'
const unlinks = '?unlink,?unlinkat'
/** Which of the two it is depends on how the engine was built. */
const syncs = 'fsync,fdatasync'
const log = 'head.db-wal'

/** Seal, rewrite, merge, unlink and the commits that put them into force, cut everywhere. */
export const steps: readonly [Step, ...Step[]] = [
  {
    name: 'a file is opened',
    cuts: [{ calls: 'openat', files: 'any', nthMax: 40 }],
    during: 'load',
  },
  {
    name: 'the file of a part is synced',
    cuts: [{ calls: syncs, files: 'parts being built', nthMax: 6 }],
    during: 'load',
  },
  {
    name: 'the file of a part gets its name',
    cuts: [{ calls: renames, files: 'parts being built', nthMax: 6 }],
    during: 'load',
  },
  {
    name: 'the folder is synced',
    cuts: [{ calls: 'openat,fsync,close', files: ['.'], nthMax: 12 }],
    during: 'load',
  },
  {
    name: 'a merged file is not in force yet',
    cuts: [
      { calls: 'openat,fsync', files: ['.'], nthMax: 1 },
      { calls: 'pwrite64', files: [log], nthMax: 1 },
    ],
    during: 'merge',
  },
  {
    name: 'a file of a part is emptied',
    cuts: [{ calls: 'ftruncate', files: 'parts', nthMax: 4 }],
    during: 'deletion',
  },
  {
    name: 'a file of a part is removed',
    cuts: [{ calls: unlinks, files: 'parts', nthMax: 4 }],
    during: 'deletion',
  },
  {
    name: 'a commit',
    cuts: [{ calls: `pwrite64,${syncs}`, files: [log], nthMax: 200 }],
    during: 'load',
  },
  {
    name: 'the log goes back into the head',
    cuts: [
      {
        calls: `pwrite64,${syncs},ftruncate,${unlinks}`,
        files: ['head.db', log],
        nthMax: 40,
      },
    ],
    during: 'end',
  },
  {
    name: 'files that have been merged are still there',
    cuts: [
      { calls: syncs, files: [log], nthMax: 1 },
      { calls: 'ftruncate', files: 'parts', nthMax: 1 },
    ],
    during: 'merge',
  },
]
