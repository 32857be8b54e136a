import { Agent, request } from 'node:http'
import type { LoadRequest } from './drive-load.ts'
import type { RunningServer } from './start-server.ts'

export type RateLoad = {
  readonly server: RunningServer
  readonly headers: Readonly<Record<string, string>>
  readonly requestsPerSecond: number
  readonly nextRequest: () => LoadRequest
}

/** Requests that come when they come, however slow the server is at the moment. */
export type RunningRate = {
  /** Sends nothing more and waits for the answers that are under way. Throws when one was not 201. */
  readonly stop: () => Promise<void>
  /**
   * Milliseconds from the instant at which each request was due until its answer was read, for those due between two
   * instants of `performance.now()`. A stall counts for every request that would have come meanwhile, sent or not.
   */
  readonly latenciesBetween: (fromMs: number, toMs: number) => readonly number[]
}

const connectionsMax = 64

/** An open loop of POSTs at a fixed rate. */
export const driveRate = (load: RateLoad): RunningRate => {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })
  const beginMs = performance.now()
  const seen: { readonly dueMs: number; readonly latencyMs: number }[] = []
  const underWay = new Set<Promise<void>>()
  let sent = 0
  const sendNext = (dueMs: number): void => {
    sent += 1
    const answered = post(load, agent).then(() => {
      seen.push({ dueMs, latencyMs: performance.now() - dueMs })
      underWay.delete(answered)
    })
    underWay.add(answered)
  }
  const timer = setInterval(() => {
    const due = ((performance.now() - beginMs) * load.requestsPerSecond) / 1000
    while (sent < due) sendNext(beginMs + (sent * 1000) / load.requestsPerSecond)
  }, 1)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.all(underWay)
      agent.destroy()
    },
    latenciesBetween: (fromMs, toMs) =>
      seen.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs).map(({ latencyMs }) => latencyMs),
  }
}

const post = ({ server, headers, nextRequest }: RateLoad, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    const { path, body } = nextRequest()
    const sent = request(
      new URL(path, server.url),
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 201) resolve()
          else reject(new Error(`an answer was ${String(response.statusCode)}, not 201`))
        })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
