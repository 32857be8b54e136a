import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkBackup, isBackup } from '../outbound/backup/check-backup.ts'
import { dataName } from '../outbound/backup/decode-manifest.ts'
import { restoringName } from '../outbound/backup/restore-backup.ts'
import { verifyFiles } from '../outbound/files/verify-files.ts'
import { lookAtFiles } from '../outbound/files/look-at-files.ts'
import { lookAtOwners } from '../outbound/sqlite/look-at-owners.ts'
import { findUnknownFiles, verifyStores, verifyTenants } from '../outbound/sqlite/verify-stores.ts'
import { verifyAttachments } from './verify-attachments.ts'

/** What was looked at, and a sentence for each problem; none when all is well. */
export type Verified = {
  readonly folder: string
  readonly kind: 'data' | 'backup'
  readonly problems: readonly string[]
}

/**
 * Looks through a data folder, or through a backup, whose checksums are compared first. Changes nothing, and a server may be
 * running on the folder. What only a checksum shows, such as another letter in a text, is found in backups only.
 */
export const verifyData = (dataDir: string): Verified => {
  const folder = resolve(dataDir)
  if (!isBackup(folder)) return { folder, kind: 'data', problems: findProblems(folder) }
  const checked = checkBackup(folder)
  const problems = checked.ok ? findProblems(join(folder, dataName)) : checked.problems
  return { folder, kind: 'backup', problems }
}

const findProblems = (folder: string): readonly string[] => {
  if (existsSync(join(folder, restoringName))) {
    return [`a restore into ${folder} did not come to its end`]
  }
  if (!existsSync(join(folder, 'events'))) return [`there are no data in ${folder}`]
  const stores = verifyStores(folder)
  const attachments = join(folder, 'attachments')
  return [
    ...stores,
    ...findUnknownFiles(folder),
    ...verifyFiles(attachments),
    // Stores with something wrong in them cannot be asked what they refer to.
    ...(stores.length > 0 ? [] : [...verifyTenants(folder), ...compareAttachments(folder)]),
  ]
}

const compareAttachments = (folder: string): readonly string[] => {
  const owners = lookAtOwners(folder)
  try {
    return verifyAttachments({ owners, files: lookAtFiles(join(folder, 'attachments')) })
  } finally {
    owners.close()
  }
}
