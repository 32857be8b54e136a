import { decodeEventList } from '../decode-answer.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { median, percentile } from '../statistics.ts'
import { timeRequests } from '../time-requests.ts'

const requestCount = 50
const pageSize = 100

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const server = await startOnCopy(fleet)
const client = createHttpClient(server.url)

/** Page 10,000, or in a fleet that has fewer the last but one tenth. */
const deepestPage = Math.min(10_000, Math.floor((fleet.events * 0.9) / pageSize))
let page = deepestPage
/** A page before the last one, each time, so that no answer was there before. */
const nextPath = (): string => {
  page -= 1
  return `/event/events?pageSize=${pageSize}&currentPage=${page + 1}`
}
const tookMs = await timeRequests(client, requestCount, nextPath, (body) => {
  const { events } = decodeEventList(body)
  if (events.length !== pageSize) throw new Error(`the page has ${events.length} events`)
})
client.close()
await server.stop()

printMeasurement({
  name: 'deep-page',
  about: `GET /event/events?pageSize=${pageSize}&currentPage=${deepestPage.toLocaleString('en')} and the pages before it among ${fleet.events.toLocaleString('en')} events of the tenant, ${requestCount} requests one after the other`,
  columns: ['', 'p50 ms', 'p90 ms', 'max ms'],
  rows: [['deep page', ...[0.5, 0.9, 1].map((share) => figure(percentile(tookMs, share)))]],
  figures: { events: fleet.events, deepestPage, 'median ms': median(tookMs) },
  targets: [
    {
      what: `page ${deepestPage.toLocaleString('en')}, median`,
      value: median(tookMs),
      unit: 'ms',
      wanted: 'at most',
      must: 50,
      aim: 10,
    },
  ],
})
