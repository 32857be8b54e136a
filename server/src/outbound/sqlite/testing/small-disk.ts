import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { isDiskFull } from '../storage-error.ts'

/** A disk of its own, in memory. It is there until the test has ended and all that was opened on it is closed. */
export const mountSmallDisk = (bytes: number): string => {
  const folder = mountDisk(bytes)
  if (folder === undefined) throw new Error('no disk can be mounted here')
  onTestFinished(() => unmount(folder))
  return folder
}

export const canMount = (): boolean => {
  const folder = mountDisk(1024 * 1024)
  if (folder !== undefined) unmount(folder)
  return folder !== undefined
}

const mountDisk = (bytes: number): string | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-disk-'))
  const options = ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]
  if (spawnSync('mount', options).status === 0) return folder
  rmdirSync(folder)
  return undefined
}

const unmount = (folder: string): void => {
  spawnSync('umount', [folder])
  rmdirSync(folder)
}

/** To the last byte, by a file of somebody else. */
export const fillDisk = (folder: string): void => {
  const file = openSync(join(folder, 'filler'), 'w')
  try {
    for (const bytes of [1024 * 1024, 4_096, 1]) while (hasWritten(file, Buffer.alloc(bytes)));
  } finally {
    closeSync(file)
  }
}

const hasWritten = (file: number, chunk: Buffer): boolean => {
  try {
    return writeSync(file, chunk) > 0
  } catch (error) {
    if (isDiskFull(error)) return false
    throw error
  }
}
