import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes a file, or the names in a folder, safe on the disk. */
export const syncFile = (path: string): void => {
  const opened = openSync(path, 'r')
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
