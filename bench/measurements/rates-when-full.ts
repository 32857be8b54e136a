import { compareLoads } from '../compare-loads.ts'
import type { Contender } from '../compare-loads.ts'
import { createSources } from '../create-sources.ts'
import { createBulkBodies, driveBulk } from '../drive-bulk.ts'
import { connections } from '../drive-load.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startBelfry } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'
import { median } from '../statistics.ts'

const bulkRounds = 3

const options = readRunOptions()
const fleet = await openFleet(options, options.events)

type Started = { readonly server: RunningServer; readonly sources: readonly string[] }

/** Started anew for each round, as the other one is, so that both have had equally long to warm up. */
const startFull = async (): Promise<Started> => ({
  server: await startOnCopy(fleet),
  sources: fleet.sources,
})

const startEmpty = async (): Promise<Started> => {
  const server = await startBelfry()
  const client = createHttpClient(server.url)
  const sources = await createSources(client, fleet.sources.length)
  client.close()
  return { server, sources }
}

const single = (name: string, start: () => Promise<Started>): Contender => ({
  name,
  createLoad: async (round) => {
    const { server, sources } = await start()
    return {
      server,
      headers: singleHeaders,
      nextRequest: createSinglePosts(9_000 + round, sources),
      requestsPerConnection: 800,
    }
  },
  endRound: ({ server }) => server.stop(),
})

const runBulk = async (start: () => Promise<Started>): Promise<number> => {
  const { server, sources } = await start()
  const { eventsPerSecond } = await driveBulk(server, createBulkBodies(9_100, sources))
  await server.stop()
  console.log(`bulk: ${figure(eventsPerSecond)} events/s`)
  return eventsPerSecond
}

const { ratio, found } = await compareLoads(
  single('nothing stored', startEmpty),
  single('fleet stored', startFull),
)
const bulk: { readonly empty: number; readonly full: number }[] = []
while (bulk.length < bulkRounds) {
  bulk.push({ empty: await runBulk(startEmpty), full: await runBulk(startFull) })
}
const bulkRatio = median(bulk.map(({ empty, full }) => full / empty))
const emptyRate = median(bulk.map(({ empty }) => empty))
const fullRate = median(bulk.map(({ full }) => full))

printMeasurement({
  name: 'rates-when-full',
  about: `single POST over ${connections} connections and bulk create with ${fleet.events.toLocaleString('en')} events stored and with none, servers started anew for each round; bulk: ${figure(emptyRate)} events/s with nothing stored, ${figure(fullRate)} with the fleet`,
  ...found,
  figures: { ...found.figures, events: fleet.events, emptyRate, fullRate, bulkRatio },
  targets: [
    {
      what: 'requests a second, fleet / nothing',
      value: ratio,
      unit: '',
      wanted: 'at least',
      must: 0.9,
      aim: 1,
    },
    {
      what: `bulk, events a second, fleet / nothing, median of ${bulkRounds} rounds`,
      value: bulkRatio,
      unit: '',
      wanted: 'at least',
      must: 0.9,
      aim: 1,
    },
  ],
})
