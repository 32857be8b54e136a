import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A disk of its own, in memory. It must be unmounted before anything removes its folder. */
export type SmallDisk = {
  readonly folder: string
  readonly freeBytes: () => number
  readonly unmount: () => void
}

export const mountSmallDisk = (bytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-disk-'))
  const { status, stderr } = mount(folder, bytes)
  if (status !== 0) {
    rmdirSync(folder)
    throw new Error(`no disk can be mounted: ${stderr}`)
  }
  return {
    folder,
    freeBytes: () => {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
    unmount: () => unmount(folder),
  }
}

/** Whether tests that need one are left out: where nobody may mount. Never in CI, where that is a failure. */
export const isMountMissing = (): boolean => {
  if (process.env['CI'] !== undefined) return false
  try {
    mountSmallDisk(1024 * 1024).unmount()
    return false
  } catch {
    return true
  }
}

const mount = (folder: string, bytes: number) =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { encoding: 'utf8' })

const unmount = (folder: string): void => {
  const { status, stderr } = spawnSync('umount', [folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${folder} stays mounted: ${stderr}`)
  rmdirSync(folder)
}
