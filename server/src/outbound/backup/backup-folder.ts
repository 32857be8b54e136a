import { mkdirSync, readdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { invalid, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { dataName, manifestName, sumsName } from './decode-manifest.ts'

/** A folder that a backup may be written into. */
export type BackupFolder = {
  readonly path: string
  /** Removes what the backup wrote, and the folder if it was made for it. */
  readonly clear: () => void
}

/** Makes the folder unless it is there and empty. Fails with `invalid`. */
export const makeBackupFolder = (text: string, dataFolder: string): Result<BackupFolder> => {
  if (!isAbsolute(text) || text.includes('\0')) return wrong('must be an absolute path')
  try {
    const wanted = resolve(text)
    const data = realpathSync(dataFolder)
    const named = join(realpathSync(dirname(wanted)), basename(wanted))
    if (isAround(data, named)) return aroundData
    const isMade = makeUnlessThere(named)
    // What is there already may be a link to somewhere else.
    const path = realpathSync(named)
    if (isAround(data, path)) return aroundData
    if (!isMade && readdirSync(path).length > 0) return wrong('must be empty, or not there yet')
    mkdirSync(join(path, dataName), { mode: 0o700 })
    return success({ path, clear: () => clear(path, isMade) })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    return wrong(
      code === 'ENOENT'
        ? 'must lie in a folder that is there'
        : `cannot be used by the server (${code})`,
    )
  }
}

const isAround = (data: string, path: string): boolean =>
  isWithin(data, path) || isWithin(path, data)

const wrong = (message: string): Result<never> => invalid('folder', message)

const aroundData = wrong('must not lie in the data folder or around it')

const isWithin = (outer: string, inner: string): boolean => {
  const path = relative(outer, inner)
  return path === '' || !(path === '..' || path.startsWith('../') || isAbsolute(path))
}

/** Whether it was made. */
const makeUnlessThere = (path: string): boolean => {
  try {
    mkdirSync(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

const clear = (path: string, isMade: boolean): void => {
  for (const name of [manifestName, `${manifestName}.building`, sumsName, dataName]) {
    rmSync(join(path, name), { recursive: true, force: true })
  }
  if (isMade) rmdirSync(path)
}
