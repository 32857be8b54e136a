import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
} from 'node:fs'
import { writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dataName } from './decode-manifest.ts'
import type { Sum } from './decode-manifest.ts'
import { hashFile } from './hash-file.ts'
import { listFiles } from './list-files.ts'
import { syncFile } from './sync-file.ts'

/** As long as a data folder has this below it, a restore into it has not come to its end, and no server starts on it. */
export const restoringName = 'restoring'

/**
 * Copies what a checked backup has into an empty data folder, and checks it again on the way. Everything is below
 * `restoring/` until it is on the disk; a crash leaves a folder that no server accepts. Throws what the system says, and
 * when a file has changed since it was checked.
 */
export const restoreBackup = (backup: string, sums: readonly Sum[], into: string): void => {
  const restoring = join(into, restoringName)
  mkdirSync(restoring, { mode: 0o700 })
  syncFile(into)
  for (const sum of sums) {
    copyFile(join(backup, sum.path), join(into, placeOf(sum.path)), sum.sha256)
  }
  for (const folder of listFiles(into, restoringName).folders) syncFile(join(into, folder))
  for (const name of readdirSync(restoring)) renameSync(join(restoring, name), join(into, name))
  syncFile(into)
  rmdirSync(restoring)
  syncFile(into)
  syncFile(dirname(into))
}

const placeOf = (path: string): string => restoringName + path.slice(dataName.length)

const copyFile = (from: string, to: string, sha256: string): void => {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  const copy = openSync(to, 'wx', 0o600)
  try {
    const hashed = hashFile(from, (chunk) => writeAll(copy, chunk))
    if (hashed.sha256 !== sha256) throw new Error(`${from} has changed while it was restored`)
    fsyncSync(copy)
  } finally {
    closeSync(copy)
  }
}

const writeAll = (file: number, chunk: Buffer): void => {
  for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at)
}
