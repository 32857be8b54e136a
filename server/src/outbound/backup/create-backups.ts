import { Worker } from 'node:worker_threads'
import { join } from 'node:path'
import type { Backup, BackupState } from '../../core/backup.ts'
import { conflict, failed, notFound, success } from '../../core/failure.ts'
import type { Failure, Result } from '../../core/failure.ts'
import { backupsRememberedMax, retryAfterS } from '../../core/limits.ts'
import type { Backups, HeldData, HoldData } from '../../ports/backups.ts'
import type { Clock } from '../../ports/clock.ts'
import { makeBackupFolder } from './backup-folder.ts'
import type { BackupFolder } from './backup-folder.ts'
import { dataName } from './decode-manifest.ts'
import { decodeSealAnswer } from './decode-seal.ts'
import type { SealAnswer } from './decode-seal.ts'

export type BackupsConfig = {
  readonly dataFolder: string
  readonly hold: HoldData
  readonly clock: Clock
  readonly logProblem: (message: string, cause: string) => void
}

/**
 * Backups into folders of this machine. States of one: held (the moment is fixed; what is refused until here is the
 * answer), copied (from now on the server keeps nothing back for it), sealed by its checksums. At the end it is `done` or
 * `failed`; a process that dies leaves a folder without a manifest, which nothing accepts.
 */
export const createBackups = (config: BackupsConfig): Backups => {
  const known = new Map<string, Backup>()
  let running: Running | undefined
  let isOpen = true
  const begin = async (folder: BackupFolder): Promise<Result<Backup>> => {
    const held = await holdOrClear(config, folder)
    if (!held.ok) return held
    const beganMs = config.clock.nowMs()
    const id = `${beganMs}-${known.size + 1}`
    const remember = (state: BackupState): Backup => {
      const backup = { id, folder: folder.path, beganMs, state }
      known.set(id, backup)
      return backup
    }
    const backup = remember({ kind: 'running' })
    running = takeBackup(config, { folder, held: held.value, beganMs }, (state) => {
      remember(state)
      running = undefined
    })
    forgetOldest(known)
    return success(backup)
  }
  let beginning: Promise<unknown> | undefined
  return {
    begin: async (text) => {
      if (!isOpen) return stopping
      if (running !== undefined || beginning !== undefined) return conflict('backup', 'one')
      const folder = makeBackupFolder(text, config.dataFolder)
      if (!folder.ok) return folder
      const begun = begin(folder.value)
      beginning = begun
      try {
        return await begun
      } finally {
        beginning = undefined
      }
    },
    read: (id) => {
      const backup = known.get(id)
      return Promise.resolve(backup ? success(backup) : notFound('backup', id))
    },
    close: async () => {
      isOpen = false
      await Promise.allSettled([beginning])
      await running?.giveUp()
    },
  }
}

/** Without data in hand there is nothing to put into the folder, whatever the reason. */
const holdOrClear = async (
  { hold, logProblem }: BackupsConfig,
  folder: BackupFolder,
): Promise<Result<HeldData>> => {
  let held: Result<HeldData> | undefined
  try {
    held = await hold()
  } finally {
    if (held?.ok !== true) clearAnyhow(folder, logProblem)
  }
  return held
}

const stopping: Result<never> = failed({ kind: 'unavailable', reason: 'stopping', retryAfterS })

const forgetOldest = (known: Map<string, Backup>): void => {
  const [oldest] = known.keys()
  if (known.size > backupsRememberedMax && oldest !== undefined) known.delete(oldest)
}

type Running = { readonly giveUp: () => Promise<void> }

type Taking = {
  readonly folder: BackupFolder
  readonly held: HeldData
  readonly beganMs: number
}

const takeBackup = (
  { clock, logProblem }: BackupsConfig,
  { folder, held, beganMs }: Taking,
  onEnd: (state: BackupState) => void,
): Running => {
  let sealing: Sealing | undefined
  let isGivenUp = false
  const copyAndSeal = async (): Promise<BackupState> => {
    const copied = await copyHeld(held, join(folder.path, dataName))
    if (!copied.ok) return failedState(clock, describeFailure(copied.failure))
    if (isGivenUp) return failedState(clock, stopped)
    sealing = startSealing(folder.path, beganMs)
    const sealed = await sealing.answer
    if (!sealed.ok) return failedState(clock, sealed.code)
    const { files, bytes } = sealed.manifest
    return { kind: 'done', endedMs: clock.nowMs(), files, bytes }
  }
  const ended = copyAndSeal()
    .catch((error: unknown) => {
      logProblem('a backup failed', error instanceof Error ? String(error.stack) : String(error))
      return failedState(clock, 'the log of the server has more')
    })
    .then((state) => {
      if (state.kind !== 'done') clearAnyhow(folder, logProblem)
      onEnd(state)
    })
  return {
    giveUp: async () => {
      isGivenUp = true
      await held.release()
      await sealing?.stop()
      await ended
    },
  }
}

/** Whatever becomes of the copy, what was held back for it goes on. */
const copyHeld = async (held: HeldData, folder: string): Promise<Result<void>> => {
  try {
    return await held.copyTo(folder)
  } finally {
    await held.release()
  }
}

const stopped = 'the server was stopped'

const failedState = (clock: Clock, problem: string): BackupState => ({
  kind: 'failed',
  endedMs: clock.nowMs(),
  problem,
})

const describeFailure = (failure: Failure): string => {
  if (failure.kind !== 'unavailable') return failure.kind
  return failure.reason === 'stopping' ? stopped : failure.reason
}

/** What stays behind has no manifest. */
const clearAnyhow = (folder: BackupFolder, logProblem: BackupsConfig['logProblem']): void => {
  try {
    folder.clear()
  } catch (error) {
    logProblem('what a failed backup wrote could not be removed', String(error))
  }
}

type Sealing = { readonly answer: Promise<SealAnswer>; readonly stop: () => Promise<unknown> }

const startSealing = (folder: string, takenMs: number): Sealing => {
  const worker = new Worker(new URL('./seal-thread.js', import.meta.url), {
    workerData: { folder, takenMs },
  })
  const answer = new Promise<SealAnswer>((resolve, reject) => {
    worker.once('message', (message: unknown) => resolve(decodeSealAnswer(message)))
    worker.once('error', reject)
    worker.once('exit', () => resolve({ ok: false, code: stopped }))
  })
  return { answer, stop: () => worker.terminate() }
}
