import { driveRate } from './drive-rate.ts'
import type { RunningRate } from './drive-rate.ts'
import { createSinglePosts, singleHeaders } from './single-posts.ts'
import type { RunningServer } from './start-server.ts'

/** Far from what the server can do, so that the tail shows what comes in between and not a queue. */
export const steadyRate = 1_000

/** One event a request at a fixed rate, until it is stopped. */
export const driveSteadyPosts = (
  server: RunningServer,
  sources: readonly string[],
  seed: number,
): RunningRate =>
  driveRate({
    server,
    headers: singleHeaders,
    requestsPerSecond: steadyRate,
    nextRequest: createSinglePosts(seed, sources),
  })
