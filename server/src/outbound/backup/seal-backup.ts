import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { backupFormat, dataName, encodeManifest, encodeSum } from './decode-manifest.ts'
import { manifestName, sumsName, type Manifest } from './decode-manifest.ts'
import { hashFile } from './hash-file.ts'
import { listFiles } from './list-files.ts'
import { syncFile } from './sync-file.ts'

/**
 * Makes a backup of the data that have been copied into a folder: every file is read again, counted and made safe, then
 * all folders, then the list of checksums, and with the manifest, last of all, it is one.
 */
export const sealBackup = (folder: string, takenMs: number): Manifest => {
  const { files, folders } = listFiles(folder, dataName)
  const counted = writeSums(folder, files)
  for (const each of folders) syncFile(join(folder, each))
  const manifest = {
    format: backupFormat,
    taken: new Date(takenMs).toISOString(),
    files: files.length,
    ...counted,
  }
  const path = join(folder, manifestName)
  const building = `${path}.building`
  writeFileSync(building, encodeManifest(manifest), { mode: 0o600 })
  syncFile(building)
  syncFile(folder)
  renameSync(building, path)
  syncFile(folder)
  syncFile(dirname(folder))
  return manifest
}

const writeSums = (folder: string, files: readonly string[]): Pick<Manifest, 'bytes' | 'sums'> => {
  const list = openSync(join(folder, sumsName), 'wx', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for (const path of files) {
      const hashed = hashFile(join(folder, path), undefined, fsyncSync)
      const line = encodeSum({ sha256: hashed.sha256, path })
      hash.update(line)
      writeSync(list, line)
      bytes += hashed.bytes
    }
    fsyncSync(list)
    return { bytes, sums: hash.digest('hex') }
  } finally {
    closeSync(list)
  }
}
