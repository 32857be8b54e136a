import { createRandom } from '../../e2e/random.ts'
import { decodeEventList } from '../decode-answer.ts'
import { commonTypeCount, rareType, typeName } from '../event-bodies.ts'
import { createHttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { median, percentile } from '../statistics.ts'
import { timeRequests } from '../time-requests.ts'

const requestCount = 100

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const server = await startOnCopy(fleet)
const client = createHttpClient(server.url)

const path = (filter: string): string =>
  `/event/events?pageSize=1&withTotalPages=true${filter === '' ? '' : `&${filter}`}`

const readCount = async (filter: string): Promise<number> =>
  pagesOf(await client.expect(200, { method: 'GET', path: path(filter) }))

/** With one event a page the number of pages is that of events. */
const pagesOf = (body: string): number => decodeEventList(body).statistics.totalPages ?? -1

const expectCount = (found: number, expected: number): void => {
  if (found !== expected) throw new Error(`counted ${found} events, there are ${expected}`)
}

/** Each event has one type, and each source has reported equally often. */
const checkCounts = async (): Promise<void> => {
  expectCount(await readCount(''), fleet.events)
  let sum = await readCount(`type=${rareType}`)
  for (let index = 0; index < commonTypeCount; index += 1) {
    sum += await readCount(`type=${typeName(index)}`)
  }
  expectCount(sum, fleet.events)
  const [source = ''] = fleet.sources
  const each = fleet.events / fleet.sources.length
  const difference = Math.abs((await readCount(`source=${source}`)) - each)
  if (difference > 1) throw new Error(`source ${source} is ${difference} off its ${each} events`)
}

await checkCounts()
const random = createRandom(5_100)
const filters: Readonly<Record<string, () => string>> = {
  tenant: () => '',
  source: () => `source=${fleet.sources[random.below(fleet.sources.length)] ?? ''}`,
  type: () => `type=${typeName(random.below(commonTypeCount))}`,
}
const found: { readonly name: string; readonly tookMs: readonly number[] }[] = []
for (const [name, filter] of Object.entries(filters)) {
  const tookMs = await timeRequests(
    client,
    requestCount,
    () => path(filter()),
    (body) => {
      if (pagesOf(body) < 1) throw new Error(`no events of this ${name}`)
    },
  )
  found.push({ name, tookMs })
}
client.close()
await server.stop()

printMeasurement({
  name: 'counts',
  about: `GET /event/events?pageSize=1&withTotalPages=true among ${fleet.events.toLocaleString('en')} events, ${requestCount} requests of each kind one after the other; the counts were compared with what was loaded`,
  columns: ['of', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
  rows: found.map(({ name, tookMs }) => [
    name,
    ...[0.5, 0.9, 0.99, 1].map((share) => figure(percentile(tookMs, share))),
  ]),
  figures: {
    events: fleet.events,
    ...Object.fromEntries(found.map(({ name, tookMs }) => [`${name}: median ms`, median(tookMs)])),
  },
  targets: found.map(({ name, tookMs }) => ({
    what: `count of a ${name}, median`,
    value: median(tookMs),
    unit: 'ms',
    wanted: 'at most',
    must: 10,
    aim: 3,
  })),
})
