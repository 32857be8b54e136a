import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { eventsFolder } from '../tables/part-files.ts'

/**
 * Makes the folder of the events when it is not there, and the data folder's own name, safe on the disk. Throws an error that says what to do when the data
 * folder is of the time when all events lay in one file.
 */
export const prepareEventsFolder = (folder: string): void => {
  const oldFile = join(folder, 'events.db')
  if (existsSync(oldFile)) {
    throw new Error(
      `${oldFile} is of a format that this server does not know: use the server version that wrote it, or choose another folder with --data-dir (BELFRY_DATA_DIR)`,
    )
  }
  mkdirSync(eventsFolder(folder), { recursive: true, mode: 0o700 })
  // At every start: the one that made a folder may have ended before it could.
  syncFolder(folder)
  syncFolder(dirname(resolve(folder)))
}

const syncFolder = (folder: string): void => {
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
