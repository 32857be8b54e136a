import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { success } from '../core/failure.ts'
import type { Result } from '../core/failure.ts'
import type { HeldData, HoldData } from '../ports/backups.ts'

/**
 * Takes hold of the stores and of the files at one moment, to be called while no file is being given to its owner or taken
 * away: the files first, because from then on none of them is lost, then the stores, whose moment it is. A file whose
 * event or object is deleted in between is in the backup without its owner, and the sweep after a restore removes it.
 */
export const createHoldData =
  (holdStores: HoldData, holdFiles: HoldData): HoldData =>
  async () => {
    const files = await holdFiles()
    if (!files.ok) return files
    let stores: Result<HeldData> | undefined
    try {
      stores = await holdStores()
    } finally {
      if (stores?.ok !== true) await files.value.release()
    }
    return stores.ok ? success(both(stores.value, files.value)) : stores
  }

const both = (stores: HeldData, files: HeldData): HeldData => ({
  copyTo: async (folder): Promise<Result<void>> => {
    const copied = await stores.copyTo(folder)
    if (!copied.ok) return copied
    const attachments = join(folder, 'attachments')
    await mkdir(attachments, { mode: 0o700 })
    return files.copyTo(attachments)
  },
  release: async () => {
    await stores.release()
    await files.release()
  },
})
