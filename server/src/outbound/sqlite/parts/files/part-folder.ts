import { closeSync, fstatSync, openSync, readSync, readdirSync, rmSync } from 'node:fs'
import { statSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'
import { cutBytesMax, cutRestMs } from '../../../../core/limits.ts'
import { syncFolder } from './build-part.ts'
import { eventsFolder, partPath } from '../tables/part-files.ts'
import { partFileFormat } from '../tables/part-schema.ts'

/**
 * Removes files of parts that nobody reads any more, safely; those that are not there are no matter. They are emptied
 * first, because an idle reader may still have them open, and their space would come back only with its next call. That
 * happens in pieces with a rest between them, so that a commit never waits for the file system to let go of a whole file.
 * A crash leaves a file that no catalogue names, whole or not, and the next start removes it.
 */
export const unlinkParts = (
  folder: string,
  parts: readonly number[],
  rest: () => void = restOfThread,
): void => {
  for (const part of parts) {
    const path = partPath(folder, part)
    emptyFile(path, rest)
    rmSync(path, { force: true })
  }
  if (parts.length > 0) syncFolder(eventsFolder(folder))
}

const emptyFile = (path: string, rest: () => void): void => {
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  while (bytes > 0) {
    bytes = Math.max(0, bytes - cutBytesMax)
    truncateSync(path, bytes)
    if (bytes > 0) rest()
  }
}

/** Nobody wakes it. */
const alarm = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** The calling thread, which is the janitor's, does nothing else meanwhile. */
const restOfThread = (): void => {
  Atomics.wait(alarm, 0, 0, cutRestMs)
}

/**
 * At a start: removes what a crash left of files that were never in force or are no more, and looks at the head of
 * each file that the catalogue names (`sealed`). Throws an error that says what to do when one is missing, cut short,
 * or of another format. Answers the names of the files that it removed.
 */
export const removeStrangers = (folder: string, sealed: readonly number[]): readonly string[] => {
  for (const part of sealed) checkPartFile(partPath(folder, part))
  const named = new Set(sealed.map((part) => basename(partPath(folder, part))))
  const strangers = readdirSync(eventsFolder(folder)).filter(
    (name) => partFileName.test(name) && !named.has(name),
  )
  for (const name of strangers) rmSync(join(eventsFolder(folder), name))
  if (strangers.length > 0) syncFolder(eventsFolder(folder))
  return strangers
}

/** Ours, under way or not, with what the engine may have put beside it. Other files are not ours to remove. */
const partFileName = /^\d{8,}\.part(\.building)?(-journal|-wal|-shm)?$/

const headerBytes = 100
const magic = 'SQLite format 3\u0000'
const formatAt = 60
const pageBytesAt = 16
const pagesAt = 28

/** Reads the file's header only: a folder may have thousands of parts, and a start must be quick. */
const checkPartFile = (path: string): void => {
  const { header, bytes } = readHeader(path)
  const isWhole = bytes >= header.readUInt16BE(pageBytesAt) * header.readUInt32BE(pagesAt)
  if (!header.toString('latin1').startsWith(magic) || !isWhole) {
    throw new Error(`${path} is damaged: restore the whole data folder from a backup`)
  }
  const format = header.readUInt32BE(formatAt)
  if (format !== partFileFormat) {
    throw new Error(
      `${path} has format ${format}, and this server knows format ${partFileFormat}: use the server version that wrote it`,
    )
  }
}

const readHeader = (path: string): { readonly header: Buffer; readonly bytes: number } => {
  const file = openPart(path)
  try {
    const header = Buffer.alloc(headerBytes)
    readSync(file, header, 0, headerBytes, 0)
    return { header, bytes: fstatSync(file).size }
  } finally {
    closeSync(file)
  }
}

const openPart = (path: string): number => {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw new Error(
      `${path} cannot be opened, and events of the store are in it: restore the whole data folder from a backup`,
      { cause },
    )
  }
}
