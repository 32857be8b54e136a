import { once } from 'node:events'
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { boundGarbage } from './bound-garbage.ts'

/** Keeps the last 100,000 of many small objects; answers how large its heap was at the most, in bytes. */
const program = `
  const { parentPort } = require('node:worker_threads')
  const kept = new Map()
  let most = 0
  for (let index = 0; index < 3_000_000; index += 1) {
    kept.set(index % 100_000, { index, pair: [index, index + 1], inner: { index } })
    if (index > 1_000_000 && index % 20_000 === 0) {
      most = Math.max(most, process.memoryUsage().heapTotal)
    }
  }
  parentPort.postMessage(most)
`

/** Of a machine with enough memory, whatever this one has. */
const resourceLimits = { maxOldGenerationSizeMb: 4096 }

const runHeap = async (): Promise<number> => {
  const worker = new Worker(program, { eval: true, resourceLimits })
  const answer: readonly unknown[] = await once(worker, 'message')
  await worker.terminate()
  return Number(answer[0])
}

// Elsewhere nothing is changed: V8 is as careful by itself.
const isLarge = getHeapStatistics().heap_size_limit >= 2 * 1024 ** 3

it.runIf(isLarge)('the heap of a thread grows less beyond what lives in it', async () => {
  const before = await runHeap()
  boundGarbage()
  expect(await runHeap()).toBeLessThan(0.8 * before)
})
