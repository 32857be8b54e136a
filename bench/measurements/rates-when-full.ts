import { compareLoads } from '../compare-loads.ts'
import type { Contender } from '../compare-loads.ts'
import { createSourcesOn } from '../create-sources.ts'
import { decodeEventList } from '../decode-answer.ts'
import { createBulkBodies, driveBulk } from '../drive-bulk.ts'
import { connections, driveLoad } from '../drive-load.ts'
import type { Load } from '../drive-load.ts'
import { createHttpClient } from '../http-client.ts'
import { inTurn } from '../in-turn.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startBelfry } from '../start-server.ts'
import type { RunningServer } from '../start-server.ts'
import { median } from '../statistics.ts'

const bulkRounds = 7

/**
 * Two processes of the same server differ by up to a tenth, from their start to their end. So both are started anew after
 * some rounds.
 */
const singleRounds = 15
const roundsOfProcess = 5

const options = readRunOptions()
const fleet = await openFleet(options, options.events)

type Started = { readonly server: RunningServer; readonly sources: readonly string[] }

const startEmpty = async (): Promise<Started> => {
  const server = await startBelfry()
  return { server, sources: await createSourcesOn(server, fleet.sources.length) }
}

const startFull = async (): Promise<Started> => ({
  server: await startOnCopy(fleet),
  sources: fleet.sources,
})

const singlePosts = ({ server, sources }: Started, round: number): Load => ({
  server,
  headers: singleHeaders,
  nextRequest: createSinglePosts(9_000 + round, sources),
  requestsPerConnection: 800,
})

// A new one is warm, and builds files of parts as it goes on, before anything is measured.
const warmUpRound = 50

/** Of the process that is running, or of a new one when that has had its rounds. */
const single = (name: string, start: () => Promise<Started>) => {
  let running: Started | undefined
  const renew = async (): Promise<Started> => {
    await running?.server.stop()
    running = await start()
    await driveLoad(singlePosts(running, warmUpRound))
    return running
  }
  const createLoad: Contender['createLoad'] = async (round) => {
    const isDue = round % roundsOfProcess === 0
    return singlePosts(isDue || !running ? await renew() : running, round)
  }
  return { name, createLoad, last: () => running }
}

const runBulk = async (name: string, { server, sources }: Started): Promise<number> => {
  const { eventsPerSecond } = await driveBulk(server, createBulkBodies(9_100, sources))
  console.log(`bulk, ${name}: ${figure(eventsPerSecond)} events/s`)
  return eventsPerSecond
}

/** With one event a page the number of pages is that of events. */
const countEvents = async ({ server }: Started): Promise<number> => {
  const client = createHttpClient(server.url)
  const path = '/event/events?pageSize=1&withTotalPages=true'
  const { statistics } = decodeEventList(await client.expect(200, { method: 'GET', path }))
  client.close()
  return statistics.totalPages ?? Number.NaN
}

const empty = single('nothing stored', startEmpty)
const full = single('fleet stored', startFull)
const { ratio, found } = await compareLoads(empty, full, singleRounds)
const [emptyStore, fullStore] = [empty.last(), full.last()]
if (!emptyStore || !fullStore) throw new Error('both have been measured')
const emptyRates: number[] = []
const fullRates: number[] = []
for (let round = 0; round < bulkRounds; round += 1) {
  await inTurn(
    round,
    async () => emptyRates.push(await runBulk('nothing stored', emptyStore)),
    async () => fullRates.push(await runBulk('fleet stored', fullStore)),
  )
}
const [emptyEvents, fullEvents] = [await countEvents(emptyStore), await countEvents(fullStore)]
await emptyStore.server.stop()
await fullStore.server.stop()
const bulkRatio = median(fullRates.map((rate, round) => rate / (emptyRates[round] ?? rate)))
const emptyRate = median(emptyRates)
const fullRate = median(fullRates)

printMeasurement({
  name: 'rates-when-full',
  about: `single POST over ${connections} connections and bulk create with ${fleet.events.toLocaleString('en')} events stored and with none but what the measurement itself sends, after a round that is not counted, in turn, who begins changing from round to round, both started anew every ${roundsOfProcess} rounds; by the end the one that began with nothing had ${emptyEvents.toLocaleString('en')} events, the other one ${fullEvents.toLocaleString('en')}; bulk: ${figure(emptyRate)} events/s with nothing stored, ${figure(fullRate)} with the fleet`,
  ...found,
  figures: {
    ...found.figures,
    events: fleet.events,
    emptyEvents,
    fullEvents,
    emptyRate,
    fullRate,
    bulkRatio,
  },
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
