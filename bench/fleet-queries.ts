import { createRandom } from '../e2e/random.ts'
import { commonTypeCount, firstTimeMs, noteNames, rareNoteNames, typeName } from './event-bodies.ts'
import { fleetSpanMs } from './open-fleet.ts'

export const queryPageSize = 100

/** A kind of question, and how to ask it once more: at random, with an answer that fills its page. */
export type FleetQuery = {
  readonly name: string
  readonly nextPath: () => string
  readonly pageSize: number
  /** In a fleet of so many events and more each answer fills its page. */
  readonly fullFrom: number
  /** Whether fleets of different sizes have answers of the same length, so that their times can be compared. */
  readonly isComparable: boolean
}

/** From here on a fleet has enough events of each type, and from there on of each rare fragment. */
const fullFrom = 100_000
const hundredRareFrom = 2_000_000

/** So many events a fleet of `fullFrom` has with each rare fragment. */
const rarePageSize = 10

/** The questions that a fleet is asked, the same ones for the same seed. */
export const createFleetQueries = (
  sources: readonly string[],
  seed: number,
): readonly FleetQuery[] => {
  const random = createRandom(seed)
  const path = (filter: Readonly<Record<string, string>>, pageSize = queryPageSize): string =>
    `/event/events?${new URLSearchParams({ ...filter, pageSize: String(pageSize) }).toString()}`
  const rareNote = (): string => rareNoteNames[random.below(rareNoteNames.length)] ?? ''
  const full = { pageSize: queryPageSize, fullFrom, isComparable: true }
  return [
    {
      name: 'newest of a source',
      nextPath: () => path({ source: sources[random.below(sources.length)] ?? '' }),
      ...full,
    },
    {
      name: 'of a type in a time window',
      nextPath: () =>
        path({
          type: typeName(random.below(commonTypeCount)),
          ...window(random.below(windowCount - 1)),
        }),
      ...full,
    },
    {
      name: 'with a fragment',
      nextPath: () => path({ fragmentType: noteNames[random.below(noteNames.length)] ?? '' }),
      ...full,
    },
    {
      name: `${rarePageSize} with a rare fragment`,
      nextPath: () => path({ fragmentType: rareNote() }, rarePageSize),
      pageSize: rarePageSize,
      fullFrom,
      isComparable: true,
    },
    {
      name: `${queryPageSize} with a rare fragment`,
      nextPath: () => path({ fragmentType: rareNote() }),
      pageSize: queryPageSize,
      fullFrom: hundredRareFrom,
      isComparable: false,
    },
  ]
}

/** Two neighbours of so many equal parts of the time are a window: a tenth of it. */
const windowCount = 20

const window = (index: number): Readonly<Record<string, string>> =>
  windowOfFleet(index / windowCount, 2 / windowCount)

/** From a share of the time that a fleet has reported for, a share of it long. */
export const windowOfFleet = (from: number, length: number): Readonly<Record<string, string>> => {
  const fromMs = firstTimeMs + from * fleetSpanMs
  return {
    dateFrom: new Date(fromMs).toISOString(),
    dateTo: new Date(fromMs + length * fleetSpanMs).toISOString(),
  }
}
