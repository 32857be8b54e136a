import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { eventsFolder } from './part-files.ts'

/**
 * Makes the folder of the events when it is not there, safely. Throws an error that says what to do when the data
 * folder is of the time when all events lay in one file.
 */
export const prepareEventsFolder = (folder: string): void => {
  const oldFile = join(folder, 'events.db')
  if (existsSync(oldFile)) {
    throw new Error(
      `${oldFile} is of a format that this server does not know: use the server version that wrote it, or choose another folder with --data-dir (BELFRY_DATA_DIR)`,
    )
  }
  const events = eventsFolder(folder)
  if (existsSync(events)) return
  mkdirSync(events, { mode: 0o700 })
  const opened = openSync(folder, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
