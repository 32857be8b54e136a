import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import type { EventFilter } from '../../core/event-query.ts'
import type { MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStepClock } from '../../ports/event-samples.contract.ts'
import { decodeJanitorAnswer } from './parts/between-threads/decode-janitor.ts'
import { partPath } from './parts/tables/part-files.ts'
import { addClosedPart, addDead, markSealed, openScratchHead } from './testing/scratch-part.ts'
import { scratchRowOf } from './testing/scratch-rows.contract.ts'
import { scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import { openThreadChannel } from './thread-channel.ts'
import type { JanitorAnswer, JanitorTask } from './parts/between-threads/janitor-messages.ts'
import type { ScratchHead } from './testing/scratch-part.ts'
import type { LogProblem, ThreadChannel } from './thread-channel.ts'

let scratch: ScratchHead
let janitor: ThreadChannel
let port: MessagePort
let logProblem: LogProblem

beforeEach(async () => {
  scratch = openScratchHead(scratchFolder())
  logProblem = throwProblem
  const { port1, port2 } = new MessageChannel()
  port = port1
  janitor = await openThreadChannel(
    new URL('./janitor-thread.js', import.meta.url),
    { folder: scratch.folder, eventsBytesMax: undefined, writer: port2 },
    {
      clock: createStepClock(),
      logProblem: (message, cause) => logProblem(message, cause),
      onHealth: () => undefined,
    },
    [port2],
  )
})
afterEach(async () => {
  await janitor.close()
  port.close()
  scratch.head.close()
})

const ask = async (task: JanitorTask): Promise<JanitorAnswer> => {
  const answered = new Promise<unknown>((resolve) => port.once('message', resolve))
  port.postMessage(task)
  return decodeJanitorAnswer(await answered)
}

it('a part goes its whole way: sealed, searched, rewritten, unlinked', async () => {
  const rows = [1, 2, 3].map((id) => scratchRowOf({ id, source: id }))
  addClosedPart(scratch.head, 1, rows)
  const sealed = await ask({ kind: 'seal', part: 1 })
  expect(sealed).toMatchObject({ kind: 'built', part: 1, version: 0, summary: { rows: 3 } })
  if (sealed.kind !== 'built') return
  markSealed(scratch.head, 1, sealed.summary)

  const match = (filter: EventFilter, job: number, namedMax: number) =>
    ask({ kind: 'match', part: 1, covered: { job, tenant: 1, filter }, namedMax })
  expect(await match({}, 2, 2)).toEqual({
    kind: 'matched',
    matches: {
      kind: 'rows',
      ids: Float64Array.of(1, 2),
      times: new Float64Array(2).fill(scratchRowOf().timeMs),
      sources: Float64Array.of(1, 2),
      types: Int32Array.of(2, 2),
      shapes: Int32Array.of(2, 2),
    },
  })
  expect(await match({}, 2, 1)).toEqual({ kind: 'matched', matches: { kind: 'many', rows: 2 } })
  const all = { kind: 'all', rows: 3 }
  expect(await match({ type: 'door' }, 3, 1)).toEqual({ kind: 'matched', matches: all })

  addDead(scratch.head, 1, rows.slice(0, 1))
  expect(await ask({ kind: 'rewrite', part: 1, into: 2 })).toMatchObject({
    kind: 'built',
    part: 2,
    summary: { rows: 2, minId: 2, maxId: 3 },
  })
  expect(await ask({ kind: 'unlink', parts: [1] })).toEqual({ kind: 'unlinked' })
  expect([1, 2].map((part) => existsSync(partPath(scratch.folder, part)))).toEqual([false, true])
})

it('what the storage refuses is an answer, and the next task is done', async () => {
  expect(await ask({ kind: 'rewrite', part: 7, into: 8 })).toMatchObject({
    kind: 'refused',
    isFull: false,
  })
  expect(await ask({ kind: 'unlink', parts: [7] })).toEqual({ kind: 'unlinked' })
})

it('a bug ends the thread, and both ends hear of it', async () => {
  const problems: string[] = []
  logProblem = (message) => {
    problems.push(message)
  }
  const closed = once(port, 'close')
  // There is no such part in the head: nobody asks for that.
  port.postMessage({ kind: 'seal', part: 4711 } satisfies JanitorTask)
  await closed
  await janitor.close()
  expect(problems).toEqual(['a storage thread has died'])
  expect(janitor.isAlive()).toBe(false)
})
