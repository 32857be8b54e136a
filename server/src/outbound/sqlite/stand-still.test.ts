import { expect, it } from 'vitest'
import { Worker } from 'node:worker_threads'
import { createStandStillMemory, runWhileStill, standStill } from './stand-still.ts'

const module = new URL('./stand-still.js', import.meta.url).href

/** A thread that stands still once, as the writer does. */
const startWriter = (memory: SharedArrayBuffer): Promise<unknown> =>
  new Promise((resolve) => {
    const code = `import(${JSON.stringify(module)}).then(({ standStill }) => {
      const { parentPort, workerData } = require('node:worker_threads')
      parentPort.postMessage(standStill(workerData))
    })`
    new Worker(code, { eval: true, workerData: memory }).once('message', resolve)
  })

it('both sides agree that it ran', async () => {
  const memory = createStandStillMemory()
  for (let round = 0; round < 3; round += 1) {
    const answer = startWriter(memory)
    let runs = 0
    let isTaken = false
    while (!isTaken) isTaken = runWhileStill(memory, () => (runs += 1))
    expect(await answer).toBe(true)
    expect(runs).toBe(1)
  }
})

it('neither side waits for ever for the other', () => {
  const memory = createStandStillMemory()
  let runs = 0
  expect(runWhileStill(memory, () => (runs += 1))).toBe(false)
  expect(standStill(memory)).toBe(false)
  expect(runs).toBe(0)
})
