import { parentPort } from 'node:worker_threads'

/** A storage thread that dies of its second call. */
let calls = 0

parentPort?.on('message', () => {
  calls += 1
  if (calls === 2) throw new Error('this thread dies as asked')
})
parentPort?.postMessage({ kind: 'ready' })
