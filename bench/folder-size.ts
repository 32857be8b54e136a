import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Bytes of all files below a folder. A file that goes meanwhile counts nothing. */
export const readFolderBytes = (folder: string): Promise<number> => sumBytes(folder, () => true)

/** The same without write-ahead logs, which grow and shrink with the load. */
export const readKeptBytes = (folder: string): Promise<number> =>
  sumBytes(folder, (entry) => !entry.endsWith('-wal'))

/** Those of the files of parts alone. */
export const readPartBytes = (folder: string): Promise<number> =>
  sumBytes(folder, (entry) => entry.endsWith('.part'))

const sumBytes = async (folder: string, counts: (entry: string) => boolean): Promise<number> => {
  const entries = (await readdir(folder, { recursive: true })).filter(counts)
  const sizes = await Promise.all(entries.map((entry) => readFileBytes(join(folder, entry))))
  return sizes.reduce((sum, size) => sum + size, 0)
}

const steadyMs = 3_000
const steadyDeadlineMs = 300_000

/** Waits until the size has not changed for three seconds, because nothing is built or tidied any more. */
export const waitForSteadySize = async (folder: string): Promise<number> => {
  const endMs = performance.now() + steadyDeadlineMs
  let bytes = await readFolderBytes(folder)
  let sinceMs = performance.now()
  while (performance.now() < sinceMs + steadyMs) {
    await setTimeout(100)
    const now = await readFolderBytes(folder)
    if (now !== bytes) sinceMs = performance.now()
    bytes = now
    if (performance.now() > endMs) throw new Error('the data folder never comes to rest')
  }
  return bytes
}

const readFileBytes = async (path: string): Promise<number> => {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : 0
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
