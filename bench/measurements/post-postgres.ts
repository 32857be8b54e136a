import { compareLoads } from '../compare-loads.ts'
import type { Contender } from '../compare-loads.ts'
import { createSourcesOn } from '../create-sources.ts'
import { connections } from '../drive-load.ts'
import { sourceCount } from '../event-bodies.ts'
import { printMeasurement } from '../measurement.ts'
import { startPostgres } from '../rivals/start-postgres.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startBelfry, startRival } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'

const belfry = await startBelfry()
const postgres = await startPostgres()
const rival = await startRival('postgres-server', { BENCH_POSTGRES: postgres.address })
const sources = await createSourcesOn(belfry, sourceCount)

/** Both servers get the same bytes: the seed is the round's. */
const post = (name: string, server: RunningServer): Contender => ({
  name,
  createLoad: (round) => ({
    server,
    headers: singleHeaders,
    nextRequest: createSinglePosts(8_000 + round, sources),
    requestsPerConnection: 800,
  }),
})

const { ratio, found } = await compareLoads(
  post('fastify + PostgreSQL', rival),
  post('Belfry', belfry),
)
await rival.stop()
await postgres.stop()
await belfry.stop()

printMeasurement({
  name: 'post-postgres',
  about: `POST /event/events, one durable event a request, ${connections} connections, against fastify with one insert a request into PostgreSQL 18 with the same three indexes; the processor time of the rival leaves out its database`,
  ...found,
  targets: [
    {
      what: 'requests a second, Belfry / fastify + PostgreSQL',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 3,
      aim: 4,
    },
  ],
})
