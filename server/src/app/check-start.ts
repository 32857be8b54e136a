import { accessSync, constants, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'

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
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status !== undefined && !status.isDirectory()) {
    return `the data folder ${folder} is not a folder; choose another with --data-dir (BELFRY_DATA_DIR)`
  }
  const existing = status === undefined ? nearestFolder(folder) : folder
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return describeUnwritable(folder, error)
  }
}

/** What a data folder that can't be made or written means, whoever found out. */
export const describeUnwritable = (folder: string, error: unknown): string =>
  `the data folder ${folder} can't be written (${codeOf(error)}); make it writable for this user, or choose another with --data-dir (BELFRY_DATA_DIR)`

/** A path below a file has no status either: the answer is then that file, which the caller can't enter. */
const nearestFolder = (folder: string): string => {
  const parent = dirname(folder)
  const isThere = parent === folder || statSync(parent, { throwIfNoEntry: false }) !== undefined
  return isThere ? parent : nearestFolder(parent)
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
