import { decodeEventList } from '../decode-answer.ts'
import { createFleetQueries, queryPageSize } from '../fleet-queries.ts'
import type { FleetQuery } from '../fleet-queries.ts'
import { createHttpClient } from '../http-client.ts'
import type { HttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import type { Target } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readRunOptions } from '../run-options.ts'
import { median, percentile } from '../statistics.ts'
import { timeRequests } from '../time-requests.ts'

const roundCount = 5
const requestsPerRound = 200
const warmUpRequests = 100

const options = readRunOptions()
const large = await openFleet(options, options.events)
const small = await openFleet(options, options.events / 100)

const checkPage = (body: string, path: string, pageSize: number | undefined): void => {
  const page = decodeEventList(body).events
  const times = page.map(({ time }) => Date.parse(time))
  const isNewestFirst = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? 0))
  const isFull = pageSize === undefined || page.length === pageSize
  if (!isNewestFirst || !isFull) throw new Error(`not the newest page of its size: GET ${path}`)
}

type Seen = {
  readonly name: string
  readonly isComparable: boolean
  readonly largeMs: readonly number[][]
  readonly smallMs: readonly number[][]
}

const [largeServer, smallServer] = [await startOnCopy(large), await startOnCopy(small)]
const largeClient = createHttpClient(largeServer.url)
const smallClient = createHttpClient(smallServer.url)
const smallQueries = createFleetQueries(small.sources, 5_001)

const ask = async (
  client: HttpClient,
  query: FleetQuery,
  events: number,
  count = requestsPerRound,
): Promise<number[]> => [
  ...(await timeRequests(client, count, query.nextPath, (body, path) => {
    checkPage(body, path, events >= query.fullFrom ? query.pageSize : undefined)
  })),
]

/** Round by round in turn, so that what else the machine does hits both alike. */
const compare = async (largeQuery: FleetQuery, smallQuery: FleetQuery): Promise<Seen> => {
  await ask(smallClient, smallQuery, small.events, warmUpRequests)
  await ask(largeClient, largeQuery, large.events, warmUpRequests)
  const largeMs: number[][] = []
  const smallMs: number[][] = []
  for (let round = 0; round < roundCount; round += 1) {
    smallMs.push(await ask(smallClient, smallQuery, small.events))
    largeMs.push(await ask(largeClient, largeQuery, large.events))
  }
  const { name, isComparable } = largeQuery
  return { name, isComparable, largeMs, smallMs }
}

const found: Seen[] = []
for (const [index, query] of createFleetQueries(large.sources, 5_000).entries()) {
  const smallQuery = smallQueries[index]
  if (smallQuery !== undefined) found.push(await compare(query, smallQuery))
}
largeClient.close()
smallClient.close()
await largeServer.stop()
await smallServer.stop()

const ratioOf = ({ largeMs, smallMs }: Seen): number =>
  median(largeMs.map((round, index) => median(round) / median(smallMs[index] ?? round)))

const toTargets = (seen: Seen): readonly Target[] => [
  ...(seen.isComparable ? [ratioTarget(seen)] : []),
  {
    what: `${seen.name}: 99th percentile`,
    value: percentile(seen.largeMs.flat(), 0.99),
    unit: 'ms',
    wanted: 'at most',
    must: 20,
    aim: 5,
  },
]

const ratioTarget = (seen: Seen): Target => ({
  what: `${seen.name}: median, large / small`,
  value: ratioOf(seen),
  unit: '',
  wanted: 'at most',
  must: 2,
  aim: 1.2,
})

const count = (events: number): string => events.toLocaleString('en')

printMeasurement({
  name: 'queries',
  about: `GET /event/events with ${queryPageSize} events a page unless said otherwise, one request after the other, ${roundCount} rounds of ${requestsPerRound} on a fleet of ${count(small.events)} events and on one of ${count(large.events)} in turn; the small fleet has fewer sources, which reported as often. A fragment is on 2 % of the events, a rare one on 0.01 %, which is on ${count(Math.round(small.events / 10_000))} events of the small fleet: it fills a page of 10 in both, so that these can be compared, and one of 100 in the large fleet only`,
  columns: ['', 'small p50 ms', 'large p50 ms', 'large p90 ms', 'large p99 ms', 'large max ms'],
  rows: found.map(({ name, largeMs, smallMs }) => [
    name,
    figure(median(smallMs.flat())),
    ...[0.5, 0.9, 0.99, 1].map((share) => figure(percentile(largeMs.flat(), share))),
  ]),
  figures: {
    largeEvents: large.events,
    smallEvents: small.events,
    ...Object.fromEntries(
      found.map((seen) => [`${seen.name}: median ms`, median(seen.largeMs.flat())]),
    ),
  },
  targets: found.flatMap(toTargets),
})
