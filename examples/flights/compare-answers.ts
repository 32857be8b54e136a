import { isDeepStrictEqual } from 'node:util'
import { createRandom } from '../../e2e/random.ts'
import type { BelfryClient } from './belfry-client.ts'
import { decodeEventPage, sourceIdOf } from './decode-flights.ts'
import type { Flights } from './decode-flights.ts'
import { toEvent } from './encode-flight.ts'
import { answerPlainly, createQuestions, encodeQuestion } from './question.ts'

export type LoadedFlights = {
  readonly client: BelfryClient
  readonly flights: Flights
  /** The id of the device of an airport. */
  readonly airports: ReadonlyMap<string, string>
  /** Rows of an airport, in the order of the file. */
  readonly rowsOf: ReadonlyMap<string, readonly number[]>
}

const seed = 2_001
const pageSize = 100

/** How many airports have as many events as the file has flights from there. */
export const compareCounts = async (loaded: LoadedFlights): Promise<number> => {
  let equal = 0
  for (const [code, rows] of loaded.rowsOf) {
    const filter = new URLSearchParams({ source: loaded.airports.get(code) ?? '' })
    const { statistics } = await readPage(loaded, filter, 1)
    if (statistics.totalElements === rows.length) equal += 1
    else console.log(`${code}: ${String(statistics.totalElements)} events, ${rows.length} flights`)
  }
  return equal
}

/** How many of so many questions have the answer that going through the file gives: the number, and a page at random. */
export const compareAnswers = async (loaded: LoadedFlights, count: number): Promise<number> => {
  const nextQuestion = createQuestions(loaded.flights, seed)
  const random = createRandom(seed)
  const allRows = Array.from({ length: loaded.flights.count }, (_, row) => row)
  let equal = 0
  for (let asked = 0; asked < count; asked += 1) {
    const question = nextQuestion()
    const { airport } = question
    const rows = airport === undefined ? allRows : (loaded.rowsOf.get(airport) ?? [])
    const expected = answerPlainly(loaded.flights, rows, question)
    const page = 1 + random.below(Math.max(1, Math.ceil(expected.length / pageSize)))
    const filter = encodeQuestion(question, loaded.airports)
    if (await hasAnswer(loaded, filter, page, expected)) equal += 1
    else console.log(`another answer: ${filter.toString()}, page ${page}`)
  }
  return equal
}

const hasAnswer = async (
  loaded: LoadedFlights,
  filter: URLSearchParams,
  page: number,
  expected: readonly number[],
): Promise<boolean> => {
  const { events, statistics } = await readPage(loaded, filter, page)
  const rows = expected.slice((page - 1) * pageSize, page * pageSize)
  return (
    statistics.totalElements === expected.length &&
    events.length === rows.length &&
    rows.every((row, index) => isFlight(loaded, row, events[index]))
  )
}

/** Whether an event is of the airport of a flight and says what was sent, whatever the server added. */
const isFlight = (
  { flights, airports }: LoadedFlights,
  row: number,
  event: Readonly<Record<string, unknown>> = {},
): boolean => {
  const { id: _id, self: _self, creationTime: _created, lastUpdated: _updated, ...kept } = event
  const { source: _source, ...said } = kept
  return (
    sourceIdOf(event) === airports.get(flights.origins[row] ?? '') &&
    isDeepStrictEqual(said, toEvent(flights, row))
  )
}

const readPage = async ({ client }: LoadedFlights, filter: URLSearchParams, page: number) => {
  const paging = { pageSize: String(pageSize), currentPage: String(page) }
  const parameters = new URLSearchParams([...filter, ...Object.entries(paging)])
  parameters.set('withTotalElements', 'true')
  return decodeEventPage(await client.get(`/event/events?${parameters.toString()}`))
}
