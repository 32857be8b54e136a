import { compareLoads } from '../compare-loads.ts'
import { createSources } from '../create-sources.ts'
import { decodeObject } from '../decode-answer.ts'
import { connections } from '../drive-load.ts'
import { createLiveReports, encodeTenantDevice, sourceCount } from '../event-bodies.ts'
import { createHttpClient } from '../http-client.ts'
import { printMeasurement } from '../measurement.ts'
import { runCommand } from '../run-command.ts'
import { singleHeaders, toSinglePosts } from '../single-posts.ts'
import { clientEnvironment, startBelfry } from '../start-server.ts'

const server = await startBelfry()
const client = createHttpClient(server.url)
const sources = await createSources(client, sourceCount)
client.close()
const user = clientEnvironment(server.url)
const appId = String(
  decodeObject(await runCommand(['app', 'create', '--name', 'bench'], user))['id'],
)
const key = String(
  decodeObject(await runCommand(['key', 'create', '--name', 'bench'], user))['key'],
)

/** Enough for a round without an end: a report that comes twice is a duplicate here and answered 409. */
const requestsPerConnection = 1_500

const { ratio, found } = await compareLoads(
  {
    name: 'Cumulocity',
    createLoad: (round) => ({
      server,
      headers: singleHeaders,
      nextRequest: toSinglePosts(createLiveReports(2_000 + round, sources)),
      requestsPerConnection,
    }),
  },
  {
    name: 'tenant-device',
    createLoad: (round) => {
      const nextReport = createLiveReports(3_000 + round, sources)
      return {
        server,
        headers: { 'x-moki-tenantapitoken': key },
        nextRequest: () => {
          const report = nextReport()
          const path = `/rest/v1/api/tenants/t1/devices/${report.source}/events`
          return { path, body: encodeTenantDevice(report, appId) }
        },
        requestsPerConnection,
      }
    },
  },
)
await server.stop()

printMeasurement({
  name: 'post-tenant-device',
  about: `the same load through both dialects, one durable event a request, ${connections} connections; the tenant-device dialect looks for duplicates as well`,
  ...found,
  targets: [
    {
      what: 'requests a second, tenant-device / Cumulocity',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 0.85,
      aim: 0.95,
    },
  ],
})
