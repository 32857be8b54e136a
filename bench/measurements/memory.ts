import { connections, driveLoad } from '../drive-load.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readResidentMb, readResidentPeakMb } from '../process-figures.ts'
import { readRunOptions } from '../run-options.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startQueryClients } from '../start-server.ts'

const roundCount = 3

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const server = await startOnCopy(fleet)
const startedMb = readResidentMb(server.pid)
const queries = await startQueryClients(server, fleet.sources)
const rates: number[] = []
while (rates.length < roundCount) {
  const round = await driveLoad({
    server,
    headers: singleHeaders,
    nextRequest: createSinglePosts(9_300 + rates.length, fleet.sources),
    requestsPerConnection: 800,
  })
  rates.push(round.requestsPerSecond)
}
const loadedMb = readResidentMb(server.pid)
const peakMb = readResidentPeakMb(server.pid)
await queries.stop()
await server.stop()

printMeasurement({
  name: 'memory',
  about: `resident memory of the server with ${fleet.events.toLocaleString('en')} events, ${roundCount} rounds of POST over ${connections} connections as fast as they can while 8 clients query`,
  columns: ['', 'MB'],
  rows: [
    ['after the start', figure(startedMb)],
    ['at the end of the load', figure(loadedMb)],
    ['at the most', figure(peakMb)],
  ],
  figures: {
    events: fleet.events,
    startedMb,
    loadedMb,
    peakMb,
    postsPerSecond: Math.max(...rates),
  },
  targets: [
    {
      what: 'resident memory at the most',
      value: peakMb,
      unit: 'MB',
      wanted: 'at most',
      must: 500,
      aim: 250,
    },
  ],
})
