import { parentPort, workerData } from 'node:worker_threads'
import { decodeJanitorData, decodeToThread, portOf } from './decode-message.ts'
import { decodeJanitorTask } from './parts/between-threads/decode-janitor.ts'
import { createJanitor } from './parts/files/janitor.ts'
import { yieldToWrites } from './yield-to-writes.ts'
import type { JanitorAnswer } from './parts/between-threads/janitor-messages.ts'
import type { FromThread, JanitorData } from './thread-messages.ts'

/**
 * The thread that builds files of parts and looks through them for the writer, which has a port to it. It keeps no
 * file open between two tasks, so that it can start before there are any. The main thread only starts and ends it.
 */
const port = portOf(parentPort)

const start = ({ folder, writer }: JanitorData): void => {
  yieldToWrites()
  const janitor = createJanitor(folder)
  writer.on('message', (message: unknown) => {
    const answer = janitor(decodeJanitorTask(message))
    writer.postMessage(answer, transferOf(answer))
  })
  port.on('message', (message: unknown) => {
    if (decodeToThread(message).kind !== 'close') return
    writer.close()
    port.close()
  })
  const ready: FromThread = { kind: 'ready' }
  port.postMessage(ready)
}

/** What was found is handed over, not copied. */
const transferOf = (answer: JanitorAnswer): readonly ArrayBuffer[] => {
  return arraysOf(answer)
    .map(({ buffer }) => buffer)
    .filter((buffer) => buffer instanceof ArrayBuffer)
}

const arraysOf = (answer: JanitorAnswer): readonly NodeJS.TypedArray[] => {
  if (answer.kind === 'sifted') return [answer.filter]
  if (answer.kind !== 'matched' || answer.matches.kind !== 'rows') return []
  const { ids, times, sources, types, shapes } = answer.matches
  return [ids, times, sources, types, shapes]
}

start(decodeJanitorData(workerData))
