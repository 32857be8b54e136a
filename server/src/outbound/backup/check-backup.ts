import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { backupFormat, dataName, decodeManifest, decodeSums } from './decode-manifest.ts'
import { manifestName, sumsName } from './decode-manifest.ts'
import type { Manifest, Sum } from './decode-manifest.ts'
import { hashFile } from './hash-file.ts'
import { listFiles } from './list-files.ts'

/** A backup of which every byte is as it was written, or a sentence for each thing that is wrong with it. */
export type CheckedBackup =
  | { readonly ok: true; readonly manifest: Manifest; readonly sums: readonly Sum[] }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Whether the folder has what only a backup has, whole or not. */
export const isBackup = (folder: string): boolean =>
  isThere(join(folder, manifestName)) || isThere(join(folder, sumsName))

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

/** Reads every file. Throws what the system says when one cannot be read. */
export const checkBackup = (folder: string): CheckedBackup => {
  const path = join(folder, manifestName)
  if (!isThere(path)) {
    return wrong(
      `there is no ${manifestName}: this is no backup, or one that never came to its end`,
    )
  }
  const manifest = decodeManifest(readFileSync(path, 'utf8'))
  if (manifest === undefined) return wrong(`${manifestName} is damaged`)
  if (manifest.format > backupFormat) {
    return wrong(
      `the backup has format ${manifest.format}, and this version knows formats up to ${backupFormat}: use the version that wrote it`,
    )
  }
  const sums = readSums(folder, manifest)
  if (sums === undefined) return wrong(`${sumsName} is damaged`)
  const problems = [
    ...findStrangers(folder, sums),
    ...sums.flatMap((sum) => checkFile(folder, sum)),
  ]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, manifest, sums }
}

const wrong = (problem: string): CheckedBackup => ({ ok: false, problems: [problem] })

const readSums = (folder: string, manifest: Manifest): readonly Sum[] | undefined => {
  const path = join(folder, sumsName)
  const text = isThere(path) ? readFileSync(path) : Buffer.alloc(0)
  if (createHash('sha256').update(text).digest('hex') !== manifest.sums) return undefined
  const sums = decodeSums(text.toString('utf8'))
  return sums?.length === manifest.files ? sums : undefined
}

const findStrangers = (folder: string, sums: readonly Sum[]): readonly string[] => {
  if (!isThere(join(folder, dataName))) return []
  const known = new Set(sums.map(({ path }) => path))
  return listFiles(folder, dataName)
    .files.filter((path) => !known.has(path))
    .map((path) => `${path} is not of this backup`)
}

const checkFile = (folder: string, { path, sha256 }: Sum): readonly string[] => {
  if (!isThere(join(folder, path))) return [`${path} is missing`]
  return hashFile(join(folder, path)).sha256 === sha256 ? [] : [`${path} is damaged`]
}
