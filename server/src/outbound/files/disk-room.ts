import { statfs } from 'node:fs/promises'
import { diskLookBytes } from '../../core/limits.ts'

/**
 * Whether files may take more of the disk. They stop where the reserve begins: what it is kept for, deleting above all,
 * must not find that files have taken it.
 */
export type DiskRoom = {
  /** To be asked before so many bytes are written; throws what the system says when it cannot be asked. */
  readonly hasRoomFor: (bytes: number) => Promise<boolean>
}

/** Looks once for every `diskLookBytes` that are asked for: others write to the disk too. */
export const createDiskRoom = (folder: string, reserveBytes: number): DiskRoom => {
  let leftBytes = 0
  return {
    hasRoomFor: async (bytes) => {
      if (reserveBytes === 0) return true
      if (leftBytes < bytes) {
        const { bavail, bsize } = await statfs(folder)
        leftBytes = Math.min(bavail * bsize - reserveBytes, Math.max(diskLookBytes, bytes))
      }
      leftBytes -= bytes
      return leftBytes >= 0
    },
  }
}
