import { createFleetQueries } from './fleet-queries.ts'
import { createHttpClient } from './http-client.ts'

/**
 * A program: clients that ask the questions of `fleet-queries.ts` one after the other, in a process of their own so that
 * they do not slow down the clock of the measurement. The address is its argument, the sources are in `BENCH_SOURCES`.
 * Ends at SIGTERM.
 */
const clientCount = 8

const [, , url = ''] = process.argv
const sources = (process.env['BENCH_SOURCES'] ?? '').split(',')
let isAsked = true
let answered = 0
process.once('SIGTERM', () => {
  isAsked = false
})

const ask = async (seed: number): Promise<void> => {
  const client = createHttpClient(url)
  const queries = createFleetQueries(sources, seed)
  while (isAsked) {
    for (const { nextPath } of queries) {
      await client.expect(200, { method: 'GET', path: nextPath() })
      answered += 1
    }
  }
  client.close()
}

console.log(`${clientCount} clients ready on ${url}`)
const beginMs = performance.now()
await Promise.all(Array.from({ length: clientCount }, (_, index) => ask(6_000 + index)))
const perSecond = (answered * 1000) / (performance.now() - beginMs)
console.error(`${clientCount} clients had ${Math.round(perSecond)} answers a second`)
