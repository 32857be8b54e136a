import { link, open, rename, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { AttachmentOwner } from '../../core/attachment.ts'
import { conflict, failed, success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { attachmentBytesMax } from '../../core/limits.ts'
import type { KeepMode, StagedAttachment } from '../../ports/attachments.ts'
import { encodeTrailer } from './decode-trailer.ts'
import type { DiskRoom } from './disk-room.ts'
import { attempt, codeOf } from './file-error.ts'
import type { LogProblem } from './file-error.ts'
import type { FileHold } from './hold-files.ts'
import { syncFolder } from './sync-folder.ts'

export type Staging = {
  /** Where the file is staged; its name is the note that something was begun. */
  readonly path: string
  readonly pathOf: (owner: AttachmentOwner) => string
  readonly logProblem: LogProblem
  /** Is told what becomes of places, for a backup under way. */
  readonly files: Pick<FileHold, 'beforeLeaving' | 'onBorn'>
  readonly room: DiskRoom
  /** Called once, when it is over: `left` when its note must be answered by `listUnsettled`. */
  readonly onEnd: (outcome: 'released' | 'left') => void
}

/** What a file that replaces another is called for a moment. */
export const readySuffix = '.ready'

/** Creates the staged file and makes its name durable, so that the note is there whatever is done next. */
export const stageAttachment = async (staging: Staging): Promise<StagedAttachment> => {
  const handle = await open(staging.path, 'wx', 0o600)
  try {
    await syncFolder(dirname(staging.path))
  } catch (error) {
    await handle.close()
    await unlink(staging.path)
    throw error
  }
  return createStaged(staging, handle)
}

const createStaged = (staging: Staging, handle: FileHandle): StagedAttachment => {
  const { path, pathOf, logProblem, room, onEnd } = staging
  let length = 0
  let isOpen = true
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await handle.close()
  }
  const end = (outcome: 'released' | 'left'): void => {
    onEnd(outcome)
  }
  return {
    length: () => length,
    write: (chunk) =>
      attempt(logProblem, async () => {
        if (length + chunk.length > attachmentBytesMax) return tooLarge
        const taken = await room.takeRoom(chunk.length)
        if (!taken.ok) return taken
        await writeAll(handle, chunk, length)
        length += chunk.length
        return success(undefined)
      }),
    rewind: (to) => {
      length = to
      return Promise.resolve(success(undefined))
    },
    keep: (owner, { name, type }, mode) =>
      attempt(logProblem, async () => {
        const attachment = { name, type, length }
        const trailer = encodeTrailer(attachment)
        await writeAll(handle, trailer, length)
        await handle.truncate(length + trailer.length)
        await handle.sync()
        await close()
        const placed = await place(staging, pathOf(owner), mode)
        return placed === 'taken' ? conflict('attachment', owner.id) : success(attachment)
      }),
    release: async () => {
      const released = await attempt(logProblem, async () => {
        await close()
        await unlink(path)
        return success(undefined)
      })
      end(released.ok ? 'released' : 'left')
    },
    leave: async () => {
      await attempt(logProblem, async () => {
        await close()
        return success(undefined)
      })
      end('left')
    },
  }
}

const tooLarge: Result<never> = failed({ kind: 'too-large', bytesMax: attachmentBytesMax })

const writeAll = async (handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

/**
 * The staged name stays until all is settled, so that the file gets its place by a second name: a link fails when there
 * is one, and a renamed link takes the place of the old file in one step.
 */
const place = async (
  { path: staged, files }: Staging,
  target: string,
  mode: KeepMode,
): Promise<'placed' | 'taken'> => {
  if (mode === 'replace') {
    const ready = `${staged}${readySuffix}`
    await link(staged, ready)
    await files.beforeLeaving(target)
    await rename(ready, target)
  } else if (await linkNew(staged, target)) {
    files.onBorn(target)
  } else {
    return 'taken'
  }
  await syncFolder(dirname(target))
  return 'placed'
}

const linkNew = async (staged: string, target: string): Promise<boolean> => {
  try {
    await link(staged, target)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
