import { isAbsolute } from 'node:path'
import type { Backup } from '../../core/backup.ts'
import { failed, invalid, notFound, success } from '../../core/failure.ts'
import { retryAfterS } from '../../core/limits.ts'
import type { Backups } from '../../ports/backups.ts'
import type { Clock } from '../../ports/clock.ts'

/** Writes nothing: each backup is done as soon as it is asked about, and its folder has been used. */
export const createMemoryBackups = (clock: Clock): Backups => {
  const known = new Map<string, Backup>()
  let isOpen = true
  return {
    begin: (folder) => {
      if (!isOpen) {
        return Promise.resolve(
          failed({ kind: 'unavailable', reason: 'stopping', retryAfterS } as const),
        )
      }
      if (!isAbsolute(folder)) {
        return Promise.resolve(invalid('folder', 'must be an absolute path'))
      }
      if ([...known.values()].some((each) => each.folder === folder)) {
        return Promise.resolve(invalid('folder', 'must be empty, or not there yet'))
      }
      const beganMs = clock.nowMs()
      const begun = { id: `${beganMs}-${known.size + 1}`, folder, beganMs }
      known.set(begun.id, {
        ...begun,
        state: { kind: 'done', endedMs: beganMs, files: 0, bytes: 0 },
      })
      return Promise.resolve(success({ ...begun, state: { kind: 'running' } }))
    },
    read: (id) => {
      const backup = known.get(id)
      return Promise.resolve(backup ? success(backup) : notFound('backup', id))
    },
    close: () => {
      isOpen = false
      return Promise.resolve()
    },
  }
}
