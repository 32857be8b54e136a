import { closeSync, constants, copyFileSync, mkdirSync, openSync, statSync } from 'node:fs'
import { fstatSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createDiskReserve, freeBytesOf } from './parts/head/disk-reserve.ts'
import { eventsFolder, headPath, partPath } from './parts/tables/part-files.ts'

type Db = Database.Database

export type StoresToCopy = {
  /** Both in a read transaction, which is ended as soon as it is not needed. */
  readonly head: Db
  readonly registry: Db
  /** The data folder, in which no part's file goes while this runs. */
  readonly folder: string
  /** Left free when the copies go to the same disk. */
  readonly diskReserveBytes: number
  /** Asked between two steps. */
  readonly isGivenUp: () => boolean
}

/** Nobody wants the copy any more. */
export class GivenUp extends Error {}

/**
 * Copies the two databases as their snapshots have them, and the files of the parts that the head names. The databases
 * come first, the head before all: as long as its snapshot is held its WAL cannot begin anew. Throws what the storage
 * refuses.
 */
export const copyStores = async (stores: StoresToCopy, into: string): Promise<void> => {
  const { head, registry, folder } = stores
  const checkRoom = createCheckRoom(stores, into)
  const copy = { checkRoom, isGivenUp: stores.isGivenUp }
  const parts = head.prepare<[], NamedPart>(partsSql).all()
  mkdirSync(eventsFolder(into), { mode: 0o700 })
  await copyDatabase(head, headPath(into), copy)
  await copyDatabase(registry, join(into, 'registry.db'), copy)
  for (const { number, bytes } of parts) {
    if (stores.isGivenUp()) throw new GivenUp()
    checkRoom(bytes)
    copyPart(partPath(folder, number), partPath(into, number), bytes)
  }
}

type NamedPart = { readonly number: number; readonly bytes: number }

const partsSql = `select number, bytes from part where state = 'sealed' order by number`

type CheckRoom = (bytes: number) => void

const createCheckRoom = ({ folder, diskReserveBytes }: StoresToCopy, into: string): CheckRoom => {
  const reserve = statSync(folder).dev === statSync(into).dev ? diskReserveBytes : 0
  const freeBytes = freeBytesOf(into)
  return (bytes) => createDiskReserve(reserve + bytes, freeBytes).check()
}

/** Pages copied before other work of this thread may come between. */
const pagesAtOnce = 2_000

type Copy = { readonly checkRoom: CheckRoom; readonly isGivenUp: () => boolean }

const copyDatabase = async (
  db: Db,
  path: string,
  { checkRoom, isGivenUp }: Copy,
): Promise<void> => {
  const pages = Number(db.pragma('page_count', { simple: true }))
  checkRoom(pages * Number(db.pragma('page_size', { simple: true })))
  const progress = (): number => {
    if (isGivenUp()) throw new GivenUp()
    return pagesAtOnce
  }
  await db.backup(path, { progress })
  db.exec('commit')
  const copy = new Database(path)
  try {
    // So that it is one file, which can be read without anything being made beside it.
    copy.pragma('journal_mode = delete')
  } finally {
    copy.close()
  }
}

/** A copy and no link: an inode that both share would be damaged in both. Where the file system can, it shares the blocks. */
const copyPart = (from: string, to: string, bytes: number): void => {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  const copy = openSync(to, 'r')
  try {
    const { size } = fstatSync(copy)
    if (size !== bytes)
      throw new Error(`${from} has ${size} bytes, and the catalogue says ${bytes}`)
  } finally {
    closeSync(copy)
  }
}
