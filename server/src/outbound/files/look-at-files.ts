import { closeSync, existsSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachment, AttachmentPlace } from '../../core/attachment.ts'
import { decodeTrailer, trailerBytesMax } from './decode-trailer.ts'
import { codeOf } from './file-error.ts'
import {
  parsePlaceName,
  parseStagedName,
  placeName,
  shardName,
  shardOf,
  shardsInAll,
} from './file-names.ts'
import type { StagedName } from './file-names.ts'

/** A file that is in its place; two that are equal in this are the same. */
export type SeenFile = {
  readonly inode: bigint
  /** Undefined when it is damaged. */
  readonly attachment: Attachment | undefined
}

/** The files below `attachments/` as another process than the server sees them. */
export type FileLook = {
  /** Of all kept files; names that the server does not make are left out. */
  readonly places: () => Generator<AttachmentPlace, void>
  /** As it is now; undefined when there is none. */
  readonly read: (place: AttachmentPlace) => SeenFile | undefined
  /** What is on its way, or was left by a crash and is settled by the next start (open-attachments.ts). */
  readonly notes: () => readonly StagedName[]
}

export const lookAtFiles = (folder: string): FileLook => ({
  places: () => walkShards(join(folder, 'kept')),
  read: ({ tenant, owner }) =>
    readKept(join(folder, 'kept', shardName(shardOf(owner)), placeName(tenant, owner))),
  notes: () => namesIn(join(folder, 'staged')).flatMap((name) => parseStagedName(name) ?? []),
})

/** A data folder that has never had a file has not all folders either. */
export const namesIn = (path: string): readonly string[] =>
  existsSync(path) ? readdirSync(path) : []

function* walkShards(kept: string): Generator<AttachmentPlace, void> {
  for (let shard = 0; shard < shardsInAll; shard += 1) {
    for (const name of namesIn(join(kept, shardName(shard)))) {
      const place = parsePlaceName(name)
      if (place && shardOf(place.owner) === shard) yield place
    }
  }
}

/** Undefined when there is none. */
export const readKept = (path: string): SeenFile | undefined => {
  const file = openIfThere(path)
  if (file === undefined) return undefined
  try {
    const { ino: inode, size } = fstatSync(file, { bigint: true })
    const bytes = Number(size)
    const last = Buffer.alloc(Math.min(bytes, trailerBytesMax))
    const isRead = readSync(file, last, 0, last.length, bytes - last.length) === last.length
    return { inode, attachment: isRead ? decodeTrailer(last, bytes) : undefined }
  } finally {
    closeSync(file)
  }
}

const openIfThere = (path: string): number | undefined => {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
