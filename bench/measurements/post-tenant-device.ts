import { compareLoads } from '../compare-loads.ts'
import { createSourcesOn } from '../create-sources.ts'
import { connections } from '../drive-load.ts'
import { createLiveReports, sourceCount } from '../event-bodies.ts'
import { printMeasurement } from '../measurement.ts'
import { singleHeaders, toSinglePosts } from '../single-posts.ts'
import { startBelfry } from '../start-server.ts'
import { createReporter, createTenantDevicePosts } from '../tenant-device-posts.ts'

const server = await startBelfry()
const sources = await createSourcesOn(server, sourceCount)
const reporter = await createReporter(server, 'bench')

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
    createLoad: (round) => ({
      server,
      headers: reporter.headers,
      nextRequest: createTenantDevicePosts(3_000 + round, sources, reporter),
      requestsPerConnection,
    }),
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
