import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { filesBornInBackupMax } from '../../core/limits.ts'
import type { HeldData, HoldData } from '../../ports/backups.ts'
import { attempt, codeOf, unavailable } from './file-error.ts'
import type { LogProblem } from './file-error.ts'
import { parsePlaceName, parseStagedName, shardName, shardOf, shardsInAll } from './file-names.ts'

/**
 * Keeps the files as they were at one moment while they are copied, without copying or stopping anything: a kept file
 * never changes, so that it is enough to give one that goes, or that another takes the place of, a second name below
 * `held/` first, and to remember which are new. What was held when the process died is removed at the next start.
 */
export type FileHold = {
  readonly hold: HoldData
  /** To be waited for before the file at a place goes, or another takes its place. */
  readonly beforeLeaving: (path: string) => Promise<void>
  /** To be called as soon as there is a file at a place that had none. */
  readonly onBorn: (path: string) => void
}

export type FileHoldConfig = {
  readonly kept: string
  readonly staged: string
  readonly held: string
  /** Left free when the copies go to the same disk. */
  readonly diskReserveBytes: number
  readonly logProblem: LogProblem
}

/** While something is held. */
type Holding = {
  /** Names below `held/`: their files are those of the moment. */
  readonly left: Set<string>
  /** Names of places that were empty at the moment. */
  readonly born: Set<string>
  /** What was on its way in at the moment. */
  notes: readonly string[]
  /** Something went without a second name: there is no copy to be had of the moment any more. */
  isBroken: boolean
  isReleased: boolean
}

export const createFileHold = (config: FileHoldConfig): FileHold => {
  let holding: Holding | undefined
  return {
    hold: () =>
      attempt(config.logProblem, async () => {
        if (holding !== undefined) return unavailable('busy')
        await mkdir(config.held, { recursive: true, mode: 0o700 })
        const begun: Holding = { left: new Set(), born: new Set(), notes: [], ...untouched }
        holding = begun
        const end = (): void => {
          holding = undefined
        }
        try {
          begun.notes = (await readdir(config.staged)).filter((name) => parseStagedName(name))
        } catch (error) {
          end()
          throw error
        }
        return success(toHeldData(config, begun, end))
      }),
    beforeLeaving: async (path) => {
      if (holding !== undefined) await keepSecondName(config, holding, path)
    },
    onBorn: (path) => {
      if (holding === undefined || holding.isBroken) return
      holding.born.add(basename(path))
      if (holding.born.size > filesBornInBackupMax) holding.isBroken = true
    },
  }
}

const untouched = { isBroken: false, isReleased: false } as const

/** Whatever goes wrong here is the backup's problem, not that of whoever deletes or replaces. */
const keepSecondName = async (
  { held, logProblem }: FileHoldConfig,
  holding: Holding,
  path: string,
): Promise<void> => {
  const name = basename(path)
  if (holding.left.has(name) || holding.born.has(name)) return
  try {
    await link(path, join(held, name))
    holding.left.add(name)
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    // There was nothing at the moment either: what was there then would have its second name.
    if (code === 'ENOENT') return void holding.born.add(name)
    holding.isBroken = true
    logProblem('a file that goes could not be held for the backup', String(error))
  }
}

const toHeldData = (config: FileHoldConfig, holding: Holding, end: () => void): HeldData => ({
  copyTo: (folder) =>
    attempt(config.logProblem, async () => {
      for (const each of ['kept', 'staged']) await mkdir(join(folder, each), { mode: 0o700 })
      // A note is its name: with it the start after a restore settles what was under way, as after a crash.
      for (const note of holding.notes)
        await writeFile(join(folder, 'staged', note), '', { mode: 0o600 })
      const reserve = await reserveOf(config, folder)
      for (let shard = 0; shard < shardsInAll; shard += 1) {
        const copied = await copyShard({ ...config, holding, folder, reserve }, shard)
        if (!copied.ok) return copied
      }
      return success(undefined)
    }),
  release: async () => {
    end()
    holding.isReleased = true
    await rm(config.held, { recursive: true, force: true })
  },
})

const reserveOf = async (
  { kept, diskReserveBytes }: FileHoldConfig,
  folder: string,
): Promise<number> => ((await stat(kept)).dev === (await stat(folder)).dev ? diskReserveBytes : 0)

type Copying = FileHoldConfig & {
  readonly holding: Holding
  readonly folder: string
  readonly reserve: number
}

const copyShard = async (copying: Copying, shard: number): Promise<Result<void>> => {
  const { kept, held, folder, holding } = copying
  const into = join(folder, 'kept', shardName(shard))
  await mkdir(into, { mode: 0o700 })
  const names = new Set([...(await readdir(join(kept, shardName(shard)))), ...holding.left])
  for (const name of names) {
    const place = parsePlaceName(name)
    if (place === undefined || shardOf(place.owner) !== shard) continue
    if (holding.isReleased) return unavailable('stopping')
    if (holding.isBroken) return unavailable('storage-failed')
    const [now, then] = [join(kept, shardName(shard), name), join(held, name)]
    if (!holding.left.has(name) && !holding.born.has(name)) {
      const copied = await copyIfThere(copying, now, join(into, name))
      if (!copied.ok) return copied
    }
    // It may have gone, or another may have taken its place, before or during the copy.
    if (!holding.left.has(name)) continue
    const copied = await copyIfThere(copying, then, join(into, name))
    if (!copied.ok) return copied
  }
  return success(undefined)
}

const copyIfThere = async (
  { folder, reserve }: Copying,
  from: string,
  to: string,
): Promise<Result<void>> => {
  try {
    const { size } = await stat(from)
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize - size < reserve) return unavailable('disk-full')
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return success(undefined)
}
