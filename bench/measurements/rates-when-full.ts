import { compareLoads } from '../compare-loads.ts'
import type { Contender } from '../compare-loads.ts'
import { createSourcesOn } from '../create-sources.ts'
import { createBulkBodies, driveBulk } from '../drive-bulk.ts'
import { connections, driveLoad } from '../drive-load.ts'
import type { Load } from '../drive-load.ts'
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

const startEmpty = async (): Promise<Started> => {
  const server = await startBelfry()
  return { server, sources: await createSourcesOn(server, fleet.sources.length) }
}

const emptyStore = await startEmpty()
const fullStore: Started = { server: await startOnCopy(fleet), sources: fleet.sources }

const singlePosts = ({ server, sources }: Started, round: number): Load => ({
  server,
  headers: singleHeaders,
  nextRequest: createSinglePosts(9_000 + round, sources),
  requestsPerConnection: 800,
})

const single = (name: string, started: Started): Contender => ({
  name,
  createLoad: (round) => singlePosts(started, round),
})

const runBulk = async ({ server, sources }: Started): Promise<number> => {
  const { eventsPerSecond } = await driveBulk(server, createBulkBodies(9_100, sources))
  console.log(`bulk: ${figure(eventsPerSecond)} events/s`)
  return eventsPerSecond
}

// Both are warm, and build files of parts as they go on, before anything is measured.
const warmUpRound = 50
await driveLoad(singlePosts(emptyStore, warmUpRound))
await driveLoad(singlePosts(fullStore, warmUpRound))

const { ratio, found } = await compareLoads(
  single('nothing stored', emptyStore),
  single('fleet stored', fullStore),
)
const bulk: { readonly empty: number; readonly full: number }[] = []
while (bulk.length < bulkRounds) {
  bulk.push({ empty: await runBulk(emptyStore), full: await runBulk(fullStore) })
}
await emptyStore.server.stop()
await fullStore.server.stop()
const bulkRatio = median(bulk.map(({ empty, full }) => full / empty))
const emptyRate = median(bulk.map(({ empty }) => empty))
const fullRate = median(bulk.map(({ full }) => full))

printMeasurement({
  name: 'rates-when-full',
  about: `single POST over ${connections} connections and bulk create with ${fleet.events.toLocaleString('en')} events stored and with none but what the measurement itself sends, after a round that is not counted; bulk: ${figure(emptyRate)} events/s with nothing stored, ${figure(fullRate)} with the fleet`,
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
