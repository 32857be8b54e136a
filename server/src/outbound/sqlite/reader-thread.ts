import { parentPort, workerData } from 'node:worker_threads'
import { eventsFile, registryFile } from './database-files.ts'
import { decodeThreadData, decodeToThread, portOf } from './decode-message.ts'
import { createEventReads } from './events/event-reads.ts'
import { openForReading } from './open-database.ts'
import { createRegistryReads } from './registry/registry-operations.ts'
import { createRunOperation } from './run-operation.ts'
import { unavailable, unavailableReasonOf } from './storage-error.ts'
import { describeCause } from './thread-messages.ts'
import type { RunOperation } from './run-operation.ts'
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts'

/** One of the threads that read both files: each call in one snapshot, which ends with the call. */
const port = portOf(parentPort)

const post = (message: FromThread): void => port.postMessage(message)

const start = (data: ThreadData): void => {
  const events = openForReading(eventsFile(data).path)
  const registry = openForReading(registryFile(data).path)
  const runEvents = createRunOperation(events, createEventReads(events), 'read')
  const runRegistry = createRunOperation(registry, createRegistryReads(registry), 'read')
  const run: RunOperation = (name, args) => runEvents(name, args) ?? runRegistry(name, args)
  port.on('message', (message: unknown) => {
    const received = decodeToThread(message)
    if (received.kind === 'call') return post(answer(run, received))
    events.close()
    registry.close()
    port.close()
  })
  post({ kind: 'ready' })
}

const answer = (
  run: RunOperation,
  { name, args }: Extract<ToThread, { kind: 'call' }>,
): FromThread => {
  try {
    const result = run(name, args)
    return result
      ? { kind: 'answer', result }
      : { kind: 'bug', message: `no operation is named ${name}` }
  } catch (error) {
    const cause = describeCause(error)
    const reason = unavailableReasonOf(error)
    if (reason === undefined) return { kind: 'bug', message: cause }
    post({ kind: 'log', message: 'a read has failed', cause })
    return { kind: 'answer', result: unavailable(reason) }
  }
}

try {
  start(decodeThreadData(workerData))
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : describeCause(error) })
}
