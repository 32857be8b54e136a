import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkBackup } from '../outbound/backup/check-backup.ts'
import { dataName } from '../outbound/backup/decode-manifest.ts'
import { restoreBackup, restoringName } from '../outbound/backup/restore-backup.ts'
import { findNewerFormats } from '../outbound/sqlite/check-formats.ts'
import { makeFolder } from './check-start.ts'

/** What was restored, or lines that say why nothing was and what to do. */
export type Restored =
  | {
      readonly ok: true
      readonly folder: string
      readonly taken: string
      readonly files: number
      readonly bytes: number
    }
  | { readonly ok: false; readonly lines: readonly string[] }

/**
 * Puts a backup into an empty data folder, after every checksum has been found right. When anything is wrong nothing is
 * written; a restore that is cut short leaves a folder that no server starts on.
 */
export const restoreData = (backup: string, dataDir: string): Restored => {
  try {
    return restore(resolve(backup), resolve(dataDir))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const refuse = (...lines: readonly string[]): Restored => ({ ok: false, lines })

const restore = (backup: string, folder: string): Restored => {
  const full = describeUnusable(folder)
  if (full !== undefined) return refuse(full)
  const checked = checkBackup(backup)
  if (!checked.ok) return refuse(...describe(backup, checked.problems))
  const newer = findNewerFormats(join(backup, dataName))
  if (newer.length > 0) return refuse(...newer)
  const unmade = makeFolder(folder)
  if (unmade !== undefined) return refuse(unmade)
  restoreBackup(backup, checked.sums, folder)
  const { taken, files, bytes } = checked.manifest
  return { ok: true, folder, taken, files, bytes }
}

const describeUnusable = (folder: string): string | undefined => {
  const status = statSync(folder, { throwIfNoEntry: false })
  if (status === undefined) return undefined
  if (!status.isDirectory()) return `${folder} is not a folder`
  const names = readdirSync(folder)
  if (names.includes(restoringName)) {
    return `a restore into ${folder} did not come to its end; empty the folder and restore again`
  }
  return names.length === 0
    ? undefined
    : `the data folder ${folder} is not empty; restore into another one with --data-dir (BELFRY_DATA_DIR)`
}

/** Of many problems the first few are enough to see what has happened. */
const problemsShownMax = 20

const describe = (backup: string, problems: readonly string[]): readonly string[] => {
  const more = problems.length - problemsShownMax
  return [
    `${backup} can't be restored, and nothing was written:`,
    ...problems.slice(0, problemsShownMax),
    ...(more > 0 ? [`and ${more} more problems`] : []),
  ]
}
