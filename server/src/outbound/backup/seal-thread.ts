import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { decodeSealTask } from './decode-seal.ts'
import type { SealAnswer } from './decode-seal.ts'
import { sealBackup } from './seal-backup.ts'

/** The thread that reads a whole backup for its checksums. It steps back behind what devices wait for. */
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

const seal = (): SealAnswer => {
  const { folder, takenMs } = decodeSealTask(workerData)
  try {
    return { ok: true, manifest: sealBackup(folder, takenMs) }
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error
    return { ok: false, code: 'code' in error ? String(error.code) : error.message }
  }
}

parentPort?.postMessage(seal())
