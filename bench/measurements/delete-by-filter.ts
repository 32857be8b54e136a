import { createSources } from '../create-sources.ts'
import { decodeEventList } from '../decode-answer.ts'
import { createReports } from '../event-bodies.ts'
import { createHttpClient } from '../http-client.ts'
import { loadEvents } from '../load-events.ts'
import { figure, printMeasurement } from '../measurement.ts'
import { startBelfry } from '../start-server.ts'
import { median } from '../statistics.ts'

const matchingCount = 100_000
const otherCount = 1_000
const deletionCount = 5

const server = await startBelfry()
const client = createHttpClient(server.url)
const sources = await createSources(client, deletionCount + 1)
const [keptSource = '', ...doomedSources] = sources

/** How many events a source has, exactly. */
const countEvents = async (source: string): Promise<number | undefined> => {
  const path = `/event/events?source=${source}&pageSize=1&withTotalElements=true`
  const body = await client.expect(200, { method: 'GET', path })
  return decodeEventList(body).statistics.totalElements
}

const expectCount = async (source: string, expected: number): Promise<void> => {
  const found = await countEvents(source)
  if (found !== expected)
    throw new Error(`source ${source} has ${found ?? 'no'} events, not ${expected}`)
}

/** Deletes the events of a source and looks at once whether they are gone. */
const deleteEvents = async (source: string): Promise<number> => {
  await expectCount(source, matchingCount)
  const beginMs = performance.now()
  await client.expect(204, { method: 'DELETE', path: `/event/events?source=${source}` })
  const tookMs = performance.now() - beginMs
  await expectCount(source, 0)
  await expectCount(keptSource, otherCount)
  return tookMs
}

await loadEvents([client], otherCount, createReports({ seed: 5_000, sources: [keptSource] }))
for (const [index, source] of doomedSources.entries()) {
  await loadEvents(
    [client],
    matchingCount,
    createReports({ seed: 5_001 + index, sources: [source] }),
  )
}
const tookMs: number[] = []
for (const source of doomedSources) tookMs.push(await deleteEvents(source))
client.close()
await server.stop()

const worstMs = Math.max(...tookMs)
printMeasurement({
  name: 'delete-by-filter',
  about: `DELETE /event/events?source=… until its 204, ${deletionCount} times, each with ${matchingCount.toLocaleString('en')} matching events; after each one the count was 0 at once and other events were untouched`,
  columns: ['', 'median ms', 'worst ms'],
  rows: [['204', figure(median(tookMs)), figure(worstMs)]],
  figures: { matchingCount, 'median ms': median(tookMs), 'worst ms': worstMs },
  targets: [
    {
      what: 'the slowest 204',
      value: worstMs,
      unit: 'ms',
      wanted: 'at most',
      must: 50,
      aim: 10,
    },
  ],
})
