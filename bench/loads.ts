import { bulkMediaType, bulkPath, encodeBulk } from './bulk-bodies.ts'
import { decodeObject } from './decode-answer.ts'
import type { Load } from './drive-load.ts'
import { createLiveReports, createReports, encodeTenantDevice } from './event-bodies.ts'
import { runCommand } from './run-command.ts'
import { createSinglePosts, singleHeaders } from './single-posts.ts'
import { clientEnvironment } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

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
  const nextReport = createLiveReports(seed, sources)
  const user = clientEnvironment(server.url)
  const create = (thing: string): Promise<string> =>
    runCommand([thing, 'create', '--name', `bench-${seed}`], user)
  const appId = String(decodeObject(await create('app'))['id'])
  const key = String(decodeObject(await create('key'))['key'])
  return {
    server,
    headers: { 'x-moki-tenantapitoken': key },
    nextRequest: () => {
      const report = nextReport()
      const path = `/rest/v1/api/tenants/t1/devices/${report.source}/events`
      return { path, body: encodeTenantDevice(report, appId) }
    },
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
