import { parentPort, workerData } from 'node:worker_threads'
import { headFile, registryFile } from './database-files.ts'
import { decodeArguments, decodeReaderData, decodeToThread, portOf } from './decode-message.ts'
import { openForReading } from './open-database.ts'
import { createRegistryReads } from './registry/registry-operations.ts'
import { createRunOperation } from './run-operation.ts'
import { createEventReads } from './parts/reading/event-reads.ts'
import { createPatience, OutOfPatience } from './parts/tables/patience.ts'
import { openSnapshotMark } from './parts/between-threads/snapshots.ts'
import { unavailable, unavailableReasonOf } from './storage-error.ts'
import { describeCause } from './thread-messages.ts'
import { yieldToWrites } from './yield-to-writes.ts'
import type { Operation, Operations } from './calls.ts'
import type { RunOperation } from './run-operation.ts'
import type { FromThread, ReaderData, ToThread } from './thread-messages.ts'

/** One of the threads that read: each call in one snapshot, which ends with the call. */
const port = portOf(parentPort)

const post = (message: FromThread): void => port.postMessage(message)

const start = (data: ReaderData): void => {
  yieldToWrites()
  const head = openForReading(headFile(data).path)
  const registry = openForReading(registryFile(data).path)
  const patience = createPatience()
  const events = createEventReads({
    head,
    patience,
    folder: data.folder,
    memory: data.columns,
    mark: openSnapshotMark(data.snapshots, data.reader),
  })
  const runEvents = runAsIs(events)
  const runRegistry = createRunOperation(registry, createRegistryReads(registry, patience), 'read')
  const run: RunOperation = (name, args) => runEvents(name, args) ?? runRegistry(name, args)
  port.on('message', (message: unknown) => {
    const received = decodeToThread(message)
    if (received.kind === 'call') {
      patience.begin(received.budgetMs ?? Infinity)
      return post(answer(run, received))
    }
    head.close()
    registry.close()
    port.close()
  })
  post({ kind: 'ready' })
}

/** Operations that begin and end their snapshot themselves. */
const runAsIs = (operations: Operations): RunOperation => {
  const byName = new Map<string, Operation>(Object.entries(operations))
  return (name, args) => byName.get(name)?.(...decodeArguments(args))
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
    if (error instanceof OutOfPatience) return { kind: 'too-long' }
    const cause = describeCause(error)
    const reason = unavailableReasonOf(error)
    if (reason === undefined) return { kind: 'bug', message: cause }
    post({ kind: 'log', message: 'a read has failed', cause })
    return { kind: 'answer', result: unavailable(reason) }
  }
}

try {
  start(decodeReaderData(workerData))
} catch (error) {
  post({ kind: 'refused', message: error instanceof Error ? error.message : describeCause(error) })
}
