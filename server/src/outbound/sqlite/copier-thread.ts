import { parentPort, workerData } from 'node:worker_threads'
import { success } from '../../core/failure.ts'
import type { Result } from '../../core/failure.ts'
import { copyStores, GivenUp } from './copy-stores.ts'
import { headFile, registryFile } from './database-files.ts'
import { decodeCopierData, decodeToThread, portOf } from './decode-message.ts'
import { openForReading } from './open-database.ts'
import { runWhileStill } from './stand-still.ts'
import { isDiskFull, isStorageError, unavailable } from './storage-error.ts'
import { describeCause } from './thread-messages.ts'
import { yieldToWrites } from './yield-to-writes.ts'
import type { CopierData, FromThread, ToThread } from './thread-messages.ts'

/**
 * The thread that takes one backup: `hold` begins a snapshot of the head and one of the registry at the same moment,
 * `copyTo` writes them and the parts' files into a folder. It lives as long as the backup.
 */
const port = portOf(parentPort)

const post = (message: FromThread): void => port.postMessage(message)

export type CopierCalls = {
  readonly hold: () => Promise<Result<void>>
  readonly copyTo: (folder: string) => Promise<Result<void>>
}

const createCalls = (data: CopierData): CopierCalls & { readonly close: () => void } => {
  const head = openForReading(headFile(data).path)
  const registry = openForReading(registryFile(data).path)
  return {
    hold: () => {
      const isHeld = runWhileStill(data.standStill, () => {
        for (const db of [head, registry]) {
          db.exec('begin')
          // The transaction begins with the first read, not with the word.
          db.prepare('select count(*) from sqlite_schema').get()
        }
      })
      // Only now: until here the writer may have waited for this thread.
      yieldToWrites()
      return Promise.resolve(isHeld ? success(undefined) : unavailable('busy'))
    },
    copyTo: async (folder) => {
      const givenUp = new Int32Array(data.givenUp)
      const isGivenUp = (): boolean => Atomics.load(givenUp, 0) !== 0
      await copyStores({ ...data, head, registry, isGivenUp }, folder)
      return success(undefined)
    },
    close: () => {
      head.close()
      registry.close()
    },
  }
}

const start = (data: CopierData): void => {
  const calls = createCalls(data)
  let last: Promise<void> = Promise.resolve()
  port.on('message', (message: unknown) => {
    const received = decodeToThread(message)
    last = last.then(async () => {
      if (received.kind === 'call') return post(await answer(calls, received))
      calls.close()
      port.close()
    })
  })
  post({ kind: 'ready' })
}

type Call = Extract<ToThread, { kind: 'call' }>

const answer = async (calls: CopierCalls, { name, args }: Call): Promise<FromThread> => {
  try {
    const result = await (name === 'hold' ? calls.hold() : calls.copyTo(String(args[0])))
    return { kind: 'answer', result }
  } catch (error) {
    if (error instanceof GivenUp) return { kind: 'answer', result: unavailable('stopping') }
    const cause = describeCause(error)
    if (!isStorageError(error)) return { kind: 'bug', message: cause }
    post({ kind: 'log', message: 'a backup could not be written', cause })
    return {
      kind: 'answer',
      result: unavailable(isDiskFull(error) ? 'disk-full' : 'storage-failed'),
    }
  }
}

try {
  start(decodeCopierData(workerData))
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : describeCause(error) })
}
