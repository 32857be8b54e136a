import { bulkEvents, bulkMediaType, bulkPath, encodeBulk } from './bulk-bodies.ts'
import type { Report } from './event-bodies.ts'
import type { HttpClient } from './http-client.ts'

/** Loads `count` events in bulk, a request at a time on each client, and answers how long it took, in seconds. */
export const loadEvents = async (
  clients: readonly HttpClient[],
  count: number,
  nextReport: () => Report,
): Promise<number> => {
  const beginMs = performance.now()
  let left = count
  const send = async (client: HttpClient): Promise<void> => {
    while (left > 0) {
      const size = Math.min(bulkEvents, left)
      left -= size
      await client.expect(201, {
        method: 'POST',
        path: bulkPath,
        mediaType: bulkMediaType,
        body: encodeBulk(nextReport, size),
        wantsBody: false,
      })
    }
  }
  await Promise.all(clients.map(send))
  return (performance.now() - beginMs) / 1000
}
