import { compareLoads } from './compare-loads.ts'
import type { Contender } from './compare-loads.ts'
import { createSources } from './create-sources.ts'
import { connections } from './drive-load.ts'
import { createReports, encodeCumulocity, sourceCount, typeCount } from './event-bodies.ts'
import { createHttpClient } from './http-client.ts'
import { figure, printMeasurement } from './measurement.ts'
import { readResidentMiB } from './process-cpu.ts'
import { authorization, startBelfry, startNullServer } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

/** One durable event a request, against a server that only parses and echoes. */
const ratioMin = 0.35

const belfry = await startBelfry()
const nullServer = await startNullServer()
const client = createHttpClient(belfry.url)
const sources = await createSources(client, sourceCount)
client.close()

/** Both servers get the same bytes: the seed is the round's. */
const post = (name: string, server: RunningServer): Contender => ({
  name,
  createLoad: (round) => {
    const nextReport = createReports(1_000 + round, sources)
    return {
      server,
      headers: { authorization, accept: 'application/json' },
      nextRequest: () => ({ path: '/event/events', body: encodeCumulocity(nextReport()) }),
      requestsPerConnection: 800,
    }
  },
})

const idleMiB = readResidentMiB(belfry.pid)
const { ratio, ...comparison } = await compareLoads(
  post('null server', nullServer),
  post('Belfry', belfry),
)
const loadedMiB = readResidentMiB(belfry.pid)
await nullServer.stop()
await belfry.stop()

printMeasurement({
  name: 'post-single',
  about: `POST /event/events, one durable event a request, ${connections} connections, ${sourceCount.toLocaleString('en')} sources, ${typeCount} types, against a fastify server that parses, echoes and keeps nothing`,
  ...comparison,
  figures: { ...comparison.figures, 'Belfry: MiB before': idleMiB, 'Belfry: MiB after': loadedMiB },
  verdicts: [
    {
      promise: `at least ${ratioMin} of the requests of the null server`,
      found: `${figure(ratio)} of them`,
      holds: ratio >= ratioMin,
    },
  ],
})
