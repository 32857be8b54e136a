import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

export type DataFolderLock = { readonly release: () => void }

/**
 * Keeps every other server off this data folder. The lock is that of an exclusively locked SQLite
 * file: the system lets go of it when the process dies, however it dies. Creates the folder when it is
 * not there. Throws an error that names the folder when another server has it.
 */
export const lockDataFolder = (folder: string): DataFolderLock => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const db = new Database(join(folder, 'lock.db'), { timeout: 0 })
  try {
    db.pragma('journal_mode = delete')
    db.pragma('locking_mode = exclusive')
    db.exec('begin exclusive')
  } catch (cause) {
    db.close()
    throw new Error(
      `another server is using the data folder ${folder}; stop it, or choose another folder with --data-dir (BELFRY_DATA_DIR)`,
      { cause },
    )
  }
  return { release: () => db.close() }
}
