import { statfs } from 'node:fs/promises'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { diskLookBytes } from '../../core/limits.ts'
import { unavailable } from './file-error.ts'

/**
 * Whether files may take more of the disk. They stop where the reserve begins: what it is kept for, deleting above all,
 * must not find that files have taken it.
 */
export type DiskRoom = {
  /** To be called before so many bytes are written. Throws what the system says when it cannot be asked. */
  readonly takeRoom: (bytes: number) => Promise<Result<void>>
}

export type DiskRoomConfig = {
  readonly folder: string
  /** Nothing is looked at when it is 0. */
  readonly diskReserveBytes?: number
  /** What others on the disk leave to files, the reserve not counted; as much as is free unless set. */
  readonly roomBytes?: () => Promise<Result<number>>
}

/** Looks once for every `diskLookBytes` that are asked for: others write to the disk too. */
export const createDiskRoom = (config: DiskRoomConfig): DiskRoom => {
  const { diskReserveBytes = 0 } = config
  let leftBytes = 0
  return {
    takeRoom: async (bytes) => {
      if (diskReserveBytes === 0) return success(undefined)
      if (leftBytes < bytes) {
        const room = await lookForRoom(config, diskReserveBytes)
        if (!room.ok) return room
        leftBytes = Math.min(room.value, Math.max(diskLookBytes, bytes))
      }
      leftBytes -= bytes
      return leftBytes >= 0 ? success(undefined) : unavailable('disk-full')
    },
  }
}

/** The folder may lie on a disk of its own, of which whoever answers `roomBytes` knows nothing. */
const lookForRoom = async (
  { folder, roomBytes }: DiskRoomConfig,
  diskReserveBytes: number,
): Promise<Result<number>> => {
  const { bavail, bsize } = await statfs(folder)
  const freeBytes = bavail * bsize - diskReserveBytes
  if (roomBytes === undefined) return success(freeBytes)
  const room = await roomBytes()
  return room.ok ? success(Math.min(freeBytes, room.value)) : room
}
