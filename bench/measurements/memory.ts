import { setTimeout } from 'node:timers/promises'
import { bulkEvents, bulkMediaType, bulkPath } from '../bulk-bodies.ts'
import { bulkClients, createBulkBodies } from '../drive-bulk.ts'
import { connections, floodLoad } from '../drive-load.ts'
import type { Flood } from '../drive-load.ts'
import { frequentWord, rareType, rareWords } from '../event-bodies.ts'
import { windowOfFleet } from '../fleet-queries.ts'
import { hasJobs } from '../has-jobs.ts'
import { createHttpClient } from '../http-client.ts'
import type { HttpClient } from '../http-client.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { openFleet, startOnCopy } from '../open-fleet.ts'
import { readResidentMb, readResidentPeakMb } from '../process-figures.ts'
import { readMetrics } from '../read-metric.ts'
import { readRunOptions } from '../run-options.ts'
import { createSinglePosts, singleHeaders } from '../single-posts.ts'
import { startQueryClients } from '../start-server.ts'

const loadForMs = 60_000
const lookEveryMs = 250
/** As `Retry-After` of a 503 says. */
const retryAfterMs = 1_000
/** Each deletion takes a hundredth of the time that the fleet has reported for: one of every so many, then their neighbours. */
const hundredthsApart = 4

const options = readRunOptions()
const fleet = await openFleet(options, options.events)
const server = await startOnCopy(fleet)
const startedMb = readResidentMb(server.pid)
const bulkBodies = createBulkBodies(9_400, fleet.sources)
const metrics = ['belfry_deleted_events_total', 'belfry_event_part_rewrites_total'] as const
const [deletedBefore = 0, rewrittenBefore = 0] = await readMetrics(server, metrics)
let isOn = true

/** Calls it again and again until the load is over; answers what the calls answered. */
const whileOn = async <T>(call: (index: number) => Promise<T>): Promise<readonly T[]> => {
  const answers: T[] = []
  while (isOn) answers.push(await call(answers.length))
  return answers
}

const withClient = async <T>(use: (client: HttpClient) => Promise<T>): Promise<T> => {
  const client = createHttpClient(server.url)
  const used = await use(client)
  client.close()
  return used
}

const postSingly = (): Promise<Flood> =>
  floodLoad(
    {
      server,
      headers: singleHeaders,
      nextRequest: createSinglePosts(9_300, fleet.sources),
      requestsPerConnection: 2_000,
    },
    loadForMs,
  )

/** A bulk that is refused comes again when the server has asked for it. Answers how many events have been taken. */
const createInBulk =
  (client: HttpClient) =>
  async (index: number): Promise<number> => {
    const { status } = await client.send({
      ...{ method: 'POST', path: bulkPath, mediaType: bulkMediaType, wantsBody: false },
      body: bulkBodies[index % bulkBodies.length] ?? '',
    })
    if (status === 201) return bulkEvents
    if (status !== 503) throw new Error(`a bulk create was answered ${status}`)
    await setTimeout(retryAfterMs)
    return 0
  }

/** Words of nearly every event, of few, and of none, which all of them are looked through for, until the server gives up. */
const searchTexts =
  (client: HttpClient) =>
  async (index: number): Promise<number> => {
    const text =
      [frequentWord, rareWords[index % rareWords.length] ?? '', 'nobody'][index % 3] ?? ''
    const path = `/event/events?${new URLSearchParams({ text, pageSize: '100' }).toString()}`
    const { status } = await client.send({ method: 'GET', path })
    if (status !== 200 && status !== 422) throw new Error(`GET ${path} answered ${status}`)
    return status
  }

/** First of what is spread over all parts, then of times: parts go, and those with a part of these are written anew. */
const filterOf = (index: number): Readonly<Record<string, string>> =>
  index === 0
    ? { type: rareType, dateFrom: '1970-01-01' }
    : windowOfFleet(hundredthOf(index) / 100, 0.01)

const hundredthOf = (index: number): number =>
  ((index * hundredthsApart) % 100) +
  (Math.floor((index * hundredthsApart) / 100) % hundredthsApart)

/** One after the other; the last one may be under way when the load is over. */
const deleteByFilter =
  (client: HttpClient) =>
  async (index: number): Promise<void> => {
    const path = `/event/events?${new URLSearchParams(filterOf(index)).toString()}`
    await client.expect(204, { method: 'DELETE', path })
    while (isOn && (await hasJobs(client))) await setTimeout(lookEveryMs)
  }

const queries = await startQueryClients(server, fleet.sources)
const untilEnd = async (): Promise<Flood> => {
  const flood = await postSingly()
  isOn = false
  return flood
}
const [singles, bulks, searches, deletions] = await Promise.all([
  untilEnd(),
  Promise.all(
    Array.from({ length: bulkClients }, () =>
      withClient((client) => whileOn(createInBulk(client))),
    ),
  ),
  withClient((client) => whileOn(searchTexts(client))),
  withClient((client) => whileOn(deleteByFilter(client))),
])
const loadedMb = readResidentMb(server.pid)
const peakMb = readResidentPeakMb(server.pid)
const [deletedAfter = 0, rewrittenAfter = 0] = await readMetrics(server, metrics)
await queries.stop()
await server.stop()

const deleted = deletedAfter - deletedBefore
const rewritten = rewrittenAfter - rewrittenBefore
const singleRate = (singles.taken * 1000) / loadForMs
const taken = bulks.flat()
const bulkRate = (taken.reduce((sum, events) => sum + events, 0) * 1000) / loadForMs
const refused = singles.refused + taken.filter((events) => events === 0).length
const givenUp = searches.filter((status) => status === 422).length

printMeasurement({
  name: 'memory',
  about: `resident memory of the server with ${fleet.events.toLocaleString('en')} events under everything at once for ${loadForMs / 1000} s: POST over ${connections} connections as fast as they can (${figure(singleRate)} a second), bulk creates (${figure(bulkRate)} events a second, ${bulkClients} connections), 8 clients that ask for pages, one that searches for texts (${searches.length} searches, of which the server gave up ${givenUp}), and deletions by filter of 1 % of the fleet each, one after the other (${deletions.length} of them; ${deleted.toLocaleString('en')} events removed, with those that were posted meanwhile and match, and ${rewritten} files of parts written anew). ${refused.toLocaleString('en')} requests were refused with 503, to come again`,
  columns: ['', 'MB'],
  rows: [
    ['after the start', figure(startedMb)],
    ['at the end of the load', figure(loadedMb)],
    ['at the most', figure(peakMb)],
  ],
  figures: {
    ...{ events: fleet.events, startedMb, loadedMb, peakMb },
    ...{ singleRate, bulkRate, deleted, rewritten, refused },
    ...{ searches: searches.length, givenUp, deletions: deletions.length },
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
