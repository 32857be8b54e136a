import { parseArgs } from 'node:util'
import { createBelfryClient } from './belfry-client.ts'
import { compareAnswers, compareCounts } from './compare-answers.ts'
import type { Flights } from './decode-flights.ts'
import { createAirports, loadFlights } from './load-flights.ts'
import { readFlights } from './read-flights.ts'

/**
 * Six months of flights, stored and asked for: see README.md. Needs a server that has none of them yet. Ends with code 1
 * when an answer differs from what the file says.
 */
const { values } = parseArgs({
  options: { flights: { type: 'string' }, questions: { type: 'string', default: '1000' } },
})
const questionCount = Number(values.questions)

const run = async (): Promise<boolean> => {
  const flights = await timed('read', () => readFlights(Number(values.flights ?? Infinity)))
  const rowsOf = groupByOrigin(flights)
  const client = createBelfryClient()
  const airports = await createAirports(client, [...rowsOf.keys()].sort())
  await timed('loaded', () => loadFlights(client, flights, airports))
  const loaded = { client, flights, airports, rowsOf }
  const counts = await timed('counted', () => compareCounts(loaded))
  const answers = await timed('asked', () => compareAnswers(loaded, questionCount))
  client.close()
  console.log(`flights: ${flights.count}`)
  console.log(`airports: ${airports.size}, of them with as many events as flights: ${counts}`)
  console.log(`questions: ${questionCount}, of them answered as from the file: ${answers}`)
  return counts === airports.size && answers === questionCount
}

const groupByOrigin = ({ origins }: Flights): ReadonlyMap<string, readonly number[]> => {
  const rowsOf = new Map<string, number[]>()
  for (const [row, origin] of origins.entries()) {
    const rows = rowsOf.get(origin)
    if (rows === undefined) rowsOf.set(origin, [row])
    else rows.push(row)
  }
  return rowsOf
}

/** How long a step took differs from run to run: it is told beside the result. */
const timed = async <Value>(what: string, step: () => Promise<Value>): Promise<Value> => {
  const beginMs = performance.now()
  const value = await step()
  console.error(`${what} in ${((performance.now() - beginMs) / 1000).toFixed(1)} s`)
  return value
}

process.exitCode = (await run()) ? 0 : 1
