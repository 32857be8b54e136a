import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { restoringName } from '../outbound/backup/restore-backup.ts'

/**
 * Looks whether a start can succeed before anything is touched: an address that can be listened on, and a data folder that
 * can be written. Answers one line that says what to do, or undefined when all is well.
 */
export const checkStart = async (
  host: string,
  port: number,
  dataDir: string,
): Promise<string | undefined> => checkFolder(resolve(dataDir)) ?? (await checkAddress(host, port))

const checkFolder = (folder: string): string | undefined => {
  try {
    return judgeFolder(folder)
  } catch (error) {
    return describeUnwritable(folder, error)
  }
}

/** Throws what the system says when the folder can't be written or made. */
const judgeFolder = (folder: string): string | undefined => {
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status !== undefined && !status.isDirectory()) {
    return `the data folder ${folder} is not a folder; choose another with --data-dir (BELFRY_DATA_DIR)`
  }
  if (existsSync(join(folder, restoringName))) {
    return `a restore into ${folder} did not come to its end; empty the folder and restore again`
  }
  const existing = status === undefined ? nearestFolder(folder) : folder
  accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK)
  return undefined
}

const describeUnwritable = (folder: string, error: unknown): string =>
  `the data folder ${folder} can't be written (${codeOf(error)}); make it writable for this user, or choose another with --data-dir (BELFRY_DATA_DIR)`

/** The folder in which the first missing one would be made. */
const nearestFolder = (folder: string): string => {
  const parent = dirname(folder)
  const isThere = parent === folder || statSync(parent, { throwIfNoEntry: false }) !== undefined
  return isThere ? parent : nearestFolder(parent)
}

/**
 * Makes the data folder and what is missing above it; answers one line when it can't. Step by step, because Node's own
 * recursive way never ends below folders that let nothing be made, such as /proc.
 */
export const makeFolder = (folder: string): string | undefined => {
  const parent = dirname(folder)
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) return undefined
  const obstacle = parent === folder ? undefined : makeFolder(parent)
  if (obstacle !== undefined) return obstacle
  try {
    mkdirSync(folder, { mode: 0o700 })
    return undefined
  } catch (error) {
    return describeUnwritable(folder, error)
  }
}

/** Binds and lets go again: the server itself listens only when its data are ready. */
const checkAddress = (host: string, port: number): Promise<string | undefined> =>
  new Promise((settle) => {
    const probe = createServer()
    probe.once('error', (error) => {
      settle(describeAddress(host, port, error))
    })
    probe.listen({ host, port, exclusive: true }, () => {
      probe.close(() => {
        settle(undefined)
      })
    })
  })

/** What it means that an address can't be listened on. */
export const describeAddress = (host: string, port: number, error: unknown): string => {
  const code = codeOf(error)
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${host} is in use; stop what uses it, or choose another with --port (BELFRY_PORT; 0 picks a free one)`
  }
  return `can't listen on ${host} port ${port} (${code}); choose others with --host and --port (BELFRY_HOST, BELFRY_PORT)`
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)
