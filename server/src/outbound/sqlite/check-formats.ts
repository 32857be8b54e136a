import { closeSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { headFile, registryFile } from './database-files.ts'
import { eventsFolder } from './parts/tables/part-files.ts'
import { partFileFormat } from './parts/tables/part-schema.ts'

/** The files of a data folder that a newer server has written, a sentence for each. Reads their heads only. */
export const findNewerFormats = (folder: string): readonly string[] => {
  const data = { folder, eventsBytesMax: undefined }
  const databases = [headFile(data), registryFile(data)].map(({ path, migrations }) => ({
    path,
    newest: Math.max(...migrations.map(({ format }) => format)),
  }))
  const parts = readdirSync(eventsFolder(folder))
    .filter((name) => name.endsWith('.part'))
    .map((name) => ({ path: join(eventsFolder(folder), name), newest: partFileFormat }))
  return [...databases, ...parts]
    .map((file) => ({ ...file, found: readFormat(file.path) }))
    .filter(({ found, newest }) => found > newest)
    .map(
      ({ path, found, newest }) =>
        `${path} has format ${found}, and this version knows formats up to ${newest}: use the version that wrote it`,
    )
}

const headerBytes = 100
/** Where SQLite has `user_version` in a file's header. */
const formatAt = 60

const readFormat = (path: string): number => {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(headerBytes)
    readSync(file, header, 0, headerBytes, 0)
    return header.readUInt32BE(formatAt)
  } finally {
    closeSync(file)
  }
}
