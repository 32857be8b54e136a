import { createRandom } from '../../e2e/random.ts'
import type { Flights } from './decode-flights.ts'
import { flightFragments, flightTypes, fragmentsOf, typeOf } from './encode-flight.ts'

/** Which flights are asked for: all that are given hold. */
export type Question = {
  readonly airport?: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly type?: string
  readonly fragment?: string
}

/** Random questions, the same ones for the same seed: a busy airport comes up often, a few ask for all airports. */
export const createQuestions = (flights: Flights, seed: number): (() => Question) => {
  const random = createRandom(seed)
  const randomRow = (): number => random.below(flights.count)
  const airport = (): Question => ({ airport: flights.origins[randomRow()] ?? '' })
  const window = (): Question => {
    const times = [flights.timesMs[randomRow()] ?? 0, flights.timesMs[randomRow()] ?? 0] as const
    return { fromMs: Math.min(...times), toMs: Math.max(...times) + 60_000 * random.below(2) }
  }
  const mostly = (chance: number, part: () => Question): Question =>
    random.below(10) < chance ? part() : {}
  return () => ({
    ...mostly(9, airport),
    ...mostly(7, window),
    ...mostly(5, () => ({ type: random.pick(flightTypes) })),
    ...mostly(5, () => ({ fragment: random.pick(flightFragments) })),
  })
}

/** The rows that a question is about, looked at one by one, in the order of the server: newest first. */
export const answerPlainly = (
  flights: Flights,
  rows: readonly number[],
  question: Question,
): readonly number[] => rows.filter((row) => matches(flights, row, question)).reverse()

const matches = (flights: Flights, row: number, question: Question): boolean => {
  const { airport, type, fragment } = question
  return (
    (airport === undefined || flights.origins[row] === airport) &&
    isInside(flights.timesMs[row] ?? 0, question) &&
    (type === undefined || typeOf(flights, row) === type) &&
    (fragment === undefined || fragment in fragmentsOf(flights, row))
  )
}

/** From inclusive, to exclusive; two equal bounds mean that instant. */
const isInside = (timeMs: number, { fromMs = -Infinity, toMs = Infinity }: Question): boolean =>
  timeMs === fromMs || (timeMs > fromMs && timeMs < toMs)

/** The same question to the server. */
export const encodeQuestion = (
  { airport, fromMs, toMs, type, fragment }: Question,
  airports: ReadonlyMap<string, string>,
): URLSearchParams =>
  new URLSearchParams({
    ...(airport === undefined ? {} : { source: airports.get(airport) ?? '' }),
    ...(fromMs === undefined ? {} : { dateFrom: new Date(fromMs).toISOString() }),
    ...(toMs === undefined ? {} : { dateTo: new Date(toMs).toISOString() }),
    ...(type === undefined ? {} : { type }),
    ...(fragment === undefined ? {} : { fragmentType: fragment }),
  })
