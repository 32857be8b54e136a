import { bulkEvents, bulkMediaType, bulkPath, encodeBulk } from './bulk-bodies.ts'
import { createReports } from './event-bodies.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client.ts'
import { readCpuMs } from './process-figures.ts'
import type { RunningServer } from './start-server.ts'

/** What was seen between the warm-up and the end of a round. */
export type BulkRound = {
  readonly eventsPerSecond: number
  /** User and system time of the whole server process. */
  readonly cpuPerEventUs: number
}

export const bulkClients = 4
const warmUpMs = 1_000
const measuredMs = 5_000
const bodyCount = 200

/** Bodies of a bulk load, made before the clock runs. */
export const createBulkBodies = (seed: number, sources: readonly string[]): readonly string[] => {
  const nextReport = createReports({ seed, sources })
  return Array.from({ length: bodyCount }, () => encodeBulk(nextReport))
}

/** One round: a few clients that send the bodies in turn, each when the one before has been answered. */
export const driveBulk = async (
  server: RunningServer,
  bodies: readonly string[],
): Promise<BulkRound> => {
  const clients = Array.from({ length: bulkClients }, () => createHttpClient(server.url))
  const nextBody = cycle(bodies)
  await drive(clients, nextBody, warmUpMs)
  const cpuMs = readCpuMs(server.pid)
  const { events, tookMs } = await drive(clients, nextBody, measuredMs)
  const cpuPerEventUs = ((readCpuMs(server.pid) - cpuMs) * 1000) / events
  for (const client of clients) client.close()
  return { eventsPerSecond: (events * 1000) / tookMs, cpuPerEventUs }
}

const cycle = (bodies: readonly string[]): (() => string) => {
  let index = 0
  return () => {
    index += 1
    return bodies[index % bodies.length] ?? ''
  }
}

/** Whole requests only: the clock stops when the last of them has been answered. */
const drive = async (
  clients: readonly HttpClient[],
  nextBody: () => string,
  forMs: number,
): Promise<{ readonly events: number; readonly tookMs: number }> => {
  const beginMs = performance.now()
  let events = 0
  const send = async (client: HttpClient): Promise<void> => {
    while (performance.now() < beginMs + forMs) {
      const request = { method: 'POST', path: bulkPath, mediaType: bulkMediaType, body: nextBody() }
      await client.expect(201, { ...request, wantsBody: false })
      events += bulkEvents
    }
  }
  await Promise.all(clients.map(send))
  return { events, tookMs: performance.now() - beginMs }
}
