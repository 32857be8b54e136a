import { bulkMediaType, bulkPath, encodeBulk } from './bulk-bodies.ts'
import type { Load } from './drive-load.ts'
import { createReports } from './event-bodies.ts'
import { createSinglePosts, singleHeaders } from './single-posts.ts'
import type { RunningServer } from './start-server.ts'
import { createReporter, createTenantDevicePosts } from './tenant-device-posts.ts'

export type LoadOf = (
  server: RunningServer,
  sources: readonly string[],
  seed: number,
) => Promise<Load>

/** One event a request in the Cumulocity dialect. */
const single: LoadOf = (server, sources, seed) =>
  Promise.resolve({
    server,
    headers: singleHeaders,
    nextRequest: createSinglePosts(seed, sources),
    requestsPerConnection: 800,
  })

/** One event a request in the tenant-device dialect; enough of them, because one that comes twice is a duplicate. */
const tenantDevice: LoadOf = async (server, sources, seed) => {
  const reporter = await createReporter(server, `bench-${seed}`)
  return {
    server,
    headers: reporter.headers,
    nextRequest: createTenantDevicePosts(seed, sources, reporter),
    requestsPerConnection: 2_000,
  }
}

/** Few connections: what waits for the writer is bounded in events. */
const bulk: LoadOf = (server, sources, seed) => {
  const nextReport = createReports({ seed, sources })
  return Promise.resolve({
    server,
    headers: { ...singleHeaders, 'content-type': bulkMediaType },
    nextRequest: () => ({ path: bulkPath, body: encodeBulk(nextReport) }),
    requestsPerConnection: 20,
    connections: 8,
  })
}

export const loads: Readonly<Record<string, LoadOf>> = {
  single,
  'tenant-device': tenantDevice,
  bulk,
}
