import { compareLoads } from '../compare-loads.ts'
import type { Contender } from '../compare-loads.ts'
import { createSourcesOn } from '../create-sources.ts'
import { connections } from '../drive-load.ts'
import { sourceCount, typeCount } from '../event-bodies.ts'
import { printMeasurement } from '../measurement.ts'
import { readResidentMb } from '../process-figures.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startBelfry, startRival } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'

const belfry = await startBelfry()
const nullServer = await startRival('null-server')
const sources = await createSourcesOn(belfry, sourceCount)

/** Both servers get the same bytes: the seed is the round's. */
const post = (name: string, server: RunningServer): Contender => ({
  name,
  createLoad: (round) => ({
    server,
    headers: singleHeaders,
    nextRequest: createSinglePosts(1_000 + round, sources),
    requestsPerConnection: 800,
  }),
})

const idleMb = readResidentMb(belfry.pid)
const { ratio, cpuRatio, found } = await compareLoads(
  post('null server', nullServer),
  post('Belfry', belfry),
)
const loadedMb = readResidentMb(belfry.pid)
await nullServer.stop()
await belfry.stop()

printMeasurement({
  name: 'post-single',
  about: `POST /event/events, one durable event a request, ${connections} connections, ${sourceCount.toLocaleString('en')} sources, ${typeCount} types, against a fastify server that parses, echoes and keeps nothing`,
  ...found,
  figures: { ...found.figures, 'Belfry: MB before': idleMb, 'Belfry: MB after': loadedMb },
  targets: [
    {
      what: 'requests a second, Belfry / null server',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 0.55,
      aim: 0.72,
    },
    {
      what: 'CPU a request, Belfry / null server',
      value: cpuRatio,
      unit: '',
      wanted: 'at most',
      must: 2,
      aim: 1.4,
    },
  ],
})
