import { performance } from 'node:perf_hooks'
import autocannon from 'autocannon'
import type { Options, Result } from 'autocannon'
import { readThreadsMs } from './process-figures.ts'
import { percentile } from './statistics.ts'
import type { RunningServer } from './start-server.ts'

export type LoadRequest = {
  readonly path: string
  readonly body: string
}

export type Load = {
  readonly server: RunningServer
  readonly headers: Readonly<Record<string, string>>
  /** Asked for all requests before the clock runs, in the order in which they are to arrive. */
  readonly nextRequest: () => LoadRequest
  /** A connection that has sent all of its own begins anew. */
  readonly requestsPerConnection: number
  /** `connections` unless given. */
  readonly connections?: number
}

/** What was seen between the warm-up and the end of a round. */
export type Round = {
  readonly requests: number
  readonly requestsPerSecond: number
  readonly latencyMs: Latency
  /** User and system time of the whole server process. */
  readonly cpuPerRequestUs: number
  /** The same of its main thread alone, and of its busiest other one: under a load of writes the writer. */
  readonly mainPerRequestUs: number
  readonly busiestPerRequestUs: number
}

export type Latency = {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
}

export const connections = 128
const warmUpMs = 2_000
const measuredMs = 6_000

/**
 * One round: as many requests as `connections` connections can make, each waiting for its answer. Throws when an answer
 * is not 201.
 */
export const driveLoad = async (load: Load): Promise<Round> => {
  const watch = createWatch(load.server.pid)
  const result = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(toOptions(load), (error: unknown, found) => {
      if (error instanceof Error) reject(error)
      else resolve(found)
    })
    instance.on('response', (_client, status, _bytes, latencyMs) => {
      watch.see(status, latencyMs)
    })
  })
  if (result.errors > 0) throw new Error(`${result.errors} requests had no answer`)
  return watch.finish()
}

/** What a load that is more than the server may take has come to. */
export type Flood = { readonly taken: number; readonly refused: number }

/** The same for a given time, when any answer may be a 503. Throws when an answer is neither that nor 201. */
export const floodLoad = async (load: Load, forMs: number): Promise<Flood> => {
  let taken = 0
  let refused = 0
  const result = await new Promise<Result>((resolve, reject) => {
    const options = { ...toOptions(load), duration: forMs / 1000 }
    const instance = autocannon(options, (error: unknown, found) => {
      if (error instanceof Error) reject(error)
      else resolve(found)
    })
    instance.on('response', (_client, status) => {
      if (status === 201) taken += 1
      else if (status === 503) refused += 1
      else throw new Error(`an answer was ${status}, neither 201 nor 503`)
    })
  })
  if (result.errors > 0) throw new Error(`${result.errors} requests had no answer`)
  return { taken, refused }
}

const toOptions = (load: Load): Options => {
  const shares = shareOut(load)
  return {
    url: load.server.url,
    connections: shares.length,
    // The clock of autocannon starts before the first request: a second more leaves the watch its whole time.
    duration: (warmUpMs + measuredMs) / 1000 + 1,
    timeout: 30,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...load.headers },
    setupClient: (client) => {
      const requests = shares.pop() ?? []
      client.setRequests(requests.map((request) => ({ method: 'POST', ...request })))
    },
  }
}

/** Dealt out like cards, so that what is under way at one time also belongs together in time, as with real devices. */
const shareOut = (load: Load): LoadRequest[][] => {
  const { nextRequest, requestsPerConnection } = load
  const shares = Array.from({ length: load.connections ?? connections }, (): LoadRequest[] => [])
  for (let turn = 0; turn < requestsPerConnection; turn += 1) {
    for (const share of shares) share.push(nextRequest())
  }
  return shares
}

/** Counts the answers between two instants, with the processor time spent between them. */
const createWatch = (
  pid: number,
): {
  readonly see: (status: number, latencyMs: number) => void
  readonly finish: () => Round
} => {
  const latenciesMs: number[] = []
  let firstMs: number | undefined
  let begin: Instant | undefined
  let end: Instant | undefined
  return {
    see: (status, latencyMs) => {
      if (status !== 201) throw new Error(`an answer was ${status}, not 201`)
      const nowMs = performance.now()
      firstMs ??= nowMs
      if (nowMs < firstMs + warmUpMs || end !== undefined) return
      begin ??= readInstant(nowMs, pid)
      latenciesMs.push(latencyMs)
      if (nowMs >= begin.nowMs + measuredMs) end = readInstant(nowMs, pid)
    },
    finish: () => {
      if (begin === undefined || end === undefined) throw new Error('the round was cut short')
      return summarise(pid, latenciesMs, begin, end)
    },
  }
}

type Instant = { readonly nowMs: number; readonly threadsMs: ReadonlyMap<number, number> }

const readInstant = (nowMs: number, pid: number): Instant => ({
  nowMs,
  threadsMs: readThreadsMs(pid),
})

const summarise = (
  pid: number,
  latenciesMs: readonly number[],
  begin: Instant,
  end: Instant,
): Round => {
  const requests = latenciesMs.length
  const spentMs = spentByThread(begin, end)
  const others = [...spentMs].flatMap(([thread, ms]) => (thread === pid ? [] : [ms]))
  const perRequestUs = (ms: number): number => (ms * 1000) / requests
  return {
    requests,
    requestsPerSecond: (requests * 1000) / (end.nowMs - begin.nowMs),
    latencyMs: {
      p50: percentile(latenciesMs, 0.5),
      p90: percentile(latenciesMs, 0.9),
      p99: percentile(latenciesMs, 0.99),
      p999: percentile(latenciesMs, 0.999),
    },
    cpuPerRequestUs: perRequestUs([...spentMs.values()].reduce((sum, ms) => sum + ms, 0)),
    mainPerRequestUs: perRequestUs(spentMs.get(pid) ?? 0),
    busiestPerRequestUs: perRequestUs(Math.max(0, ...others)),
  }
}

/** A thread that was born in between has spent nothing before. */
const spentByThread = (begin: Instant, end: Instant): ReadonlyMap<number, number> =>
  new Map(
    [...end.threadsMs].map(([thread, ms]) => [thread, ms - (begin.threadsMs.get(thread) ?? 0)]),
  )
