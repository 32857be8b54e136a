import { createSources } from './create-sources.ts'
import { decodeEventList } from './decode-answer.ts'
import { createReports, sourceCount } from './event-bodies.ts'
import { createHttpClient } from './http-client.ts'
import { loadEvents } from './load-events.ts'
import { figure, printMeasurement } from './measurement.ts'
import { createRandom } from '../e2e/random.ts'
import { startBelfry } from './start-server.ts'
import { median, percentile } from './statistics.ts'

const eventCount = 1_000_000
const requestCount = 1_000
const pageSize = 100
const medianMsMax = 5

const server = await startBelfry()
const clients = [createHttpClient(server.url), createHttpClient(server.url)] as const
const [client] = clients
const sources = await createSources(client, sourceCount)
const loadS = await loadEvents(clients, eventCount, createReports(4_000, sources))

/** The newest events of one source; the answer is checked after the clock has stopped. */
const readNewest = async (source: string): Promise<number> => {
  const beginMs = performance.now()
  const body = await client.expect(200, {
    method: 'GET',
    path: `/event/events?source=${source}&pageSize=${pageSize}`,
  })
  const tookMs = performance.now() - beginMs
  checkPage(body, source)
  return tookMs
}

const checkPage = (body: string, source: string): void => {
  const { events } = decodeEventList(body)
  const times = events.map(({ time }) => Date.parse(time))
  const isNewestFirst = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0))
  if (
    events.length !== pageSize ||
    !isNewestFirst ||
    !events.every((event) => event.source.id === source)
  ) {
    throw new Error(
      `this is not a page of the newest ${pageSize} of source ${source}: ${body.slice(0, 500)}`,
    )
  }
}

const random = createRandom(4_001)
const readSome = async (count: number): Promise<readonly number[]> => {
  const tookMs: number[] = []
  while (tookMs.length < count) {
    tookMs.push(await readNewest(sources[random.below(sources.length)] ?? ''))
  }
  return tookMs
}

await readSome(requestCount / 10)
const tookMs = await readSome(requestCount)
for (const each of clients) each.close()
await server.stop()

const medianMs = median(tookMs)
printMeasurement({
  name: 'newest-of-source',
  about: `GET /event/events?source=…&pageSize=${pageSize}, one after the other, ${requestCount.toLocaleString('en')} requests for random sources among ${eventCount.toLocaleString('en')} events of ${sourceCount.toLocaleString('en')} sources`,
  columns: ['', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
  rows: [
    [
      `newest ${pageSize} of one source`,
      figure(medianMs),
      figure(percentile(tookMs, 0.9)),
      figure(percentile(tookMs, 0.99)),
      figure(percentile(tookMs, 1)),
    ],
  ],
  figures: {
    eventCount,
    requestCount,
    'p50 ms': medianMs,
    'p90 ms': percentile(tookMs, 0.9),
    'p99 ms': percentile(tookMs, 0.99),
    'bulk load, events per second': eventCount / loadS,
  },
  verdicts: [
    {
      promise: `under ${medianMsMax} ms in the median`,
      found: `${figure(medianMs)} ms; the load before it took in ${figure(eventCount / loadS)} events/s in bulk`,
      holds: medianMs < medianMsMax,
    },
  ],
})
