import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { openFiller } from './testing/filler-file.ts'

/** Takes the lock of writers, says so, and gives it back a moment after it was told to. */
const holder = `
  const { parentPort, workerData } = require('node:worker_threads')
  const Database = require(workerData.driver)
  const db = new Database(workerData.path)
  db.exec('begin immediate')
  parentPort.postMessage('held')
  const gate = new Int32Array(workerData.gate)
  Atomics.wait(gate, 0, 0)
  Atomics.wait(gate, 0, 1, 50)
  db.exec('commit')
  db.close()
`

it('a writer waits for a lock that somebody holds for a moment', async () => {
  const { path, fill } = openFiller()
  const gate = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const driver = import.meta.resolve('better-sqlite3').replace('file://', '')
  const worker = new Worker(holder, { eval: true, workerData: { path, gate, driver } })
  onTestFinished(async () => {
    await worker.terminate()
  })
  const ended = once(worker, 'exit')
  await once(worker, 'message')
  Atomics.store(new Int32Array(gate), 0, 1)
  Atomics.notify(new Int32Array(gate), 0)
  expect(() => {
    fill(1)
  }).not.toThrow()
  await ended
})
