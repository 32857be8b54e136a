import { createHash } from 'node:crypto'
import { decodeJsonObject } from '../../core/decode-json-object.ts'

/**
 * What a backup says of itself, in `backup.json`. That file is written last, when everything else is on the disk: a folder
 * without it is no backup.
 */
export type Manifest = {
  readonly format: number
  /** When the data were as the backup has them, as RFC 3339. */
  readonly taken: string
  readonly files: number
  readonly bytes: number
  /** The SHA-256 of the list of files and their checksums. */
  readonly sums: string
}

export const manifestName = 'backup.json'
export const sumsName = 'SHA256SUMS'
/** Below it lies a whole data folder. */
export const dataName = 'data'

/** The newest format of a backup that this server knows, and the one that it writes. */
export const backupFormat = 1

/** JSON whose last member is the checksum of all others, so that a damaged manifest is noticed too. */
export const encodeManifest = (manifest: Manifest): string =>
  `${JSON.stringify({ ...manifest, check: checkOf(manifest) }, undefined, 2)}\n`

const checkOf = ({ format, taken, files, bytes, sums }: Manifest): string =>
  createHash('sha256')
    .update(JSON.stringify([format, taken, files, bytes, sums]))
    .digest('hex')

/** Undefined when it is damaged. One of a newer format need have nothing else that is known here. */
export const decodeManifest = (text: string): Manifest | undefined => {
  const { format, taken, files, bytes, sums, check } = decodeJsonObject(text)
  if (typeof format !== 'number') return undefined
  if (format > backupFormat) return { format, taken: '', files: 0, bytes: 0, sums: '' }
  if (typeof taken !== 'string' || typeof sums !== 'string') return undefined
  if (typeof files !== 'number' || typeof bytes !== 'number') return undefined
  const manifest = { format, taken, files, bytes, sums }
  return check === checkOf(manifest) && text === encodeManifest(manifest) ? manifest : undefined
}

/** A line of `SHA256SUMS`, as `sha256sum --check` reads it. `path` is relative to the backup. */
export type Sum = { readonly sha256: string; readonly path: string }

export const encodeSum = ({ sha256, path }: Sum): string => `${sha256}  ${path}\n`

/** Undefined when a line is none, or names what lies outside of the data. */
export const decodeSums = (text: string): readonly Sum[] | undefined => {
  const lines = text.split('\n')
  if (lines.pop() !== '') return undefined
  const sums = lines.map(decodeSum)
  return sums.every((sum) => sum !== undefined) ? sums : undefined
}

const decodeSum = (line: string): Sum | undefined => {
  const [, sha256, path] = /^([0-9a-f]{64}) {2}(data(?:\/[\w~@+-][\w.~@+-]*)+)$/.exec(line) ?? []
  return sha256 === undefined || path === undefined ? undefined : { sha256, path }
}
