import { createRandom } from '../e2e/random.ts'
import { commonTypeCount, firstTimeMs, noteNames, typeName } from './event-bodies.ts'
import { fleetSpanMs } from './open-fleet.ts'

export const queryPageSize = 100

/** A kind of question, and how to ask it once more: at random, with an answer that fills its page. */
export type FleetQuery = {
  readonly name: string
  readonly nextPath: () => string
}

/** The questions that a fleet is asked, the same ones for the same seed. */
export const createFleetQueries = (
  sources: readonly string[],
  seed: number,
): readonly FleetQuery[] => {
  const random = createRandom(seed)
  const path = (filter: Readonly<Record<string, string>>): string =>
    `/event/events?${new URLSearchParams({ ...filter, pageSize: String(queryPageSize) }).toString()}`
  return [
    {
      name: 'newest of a source',
      nextPath: () => path({ source: sources[random.below(sources.length)] ?? '' }),
    },
    {
      name: 'of a type in a time window',
      nextPath: () =>
        path({
          type: typeName(random.below(commonTypeCount)),
          ...window(random.below(windowCount - 1)),
        }),
    },
    {
      name: 'with a fragment',
      nextPath: () => path({ fragmentType: noteNames[random.below(noteNames.length)] ?? '' }),
    },
  ]
}

/** Two neighbours of so many equal parts of the time are a window: a tenth of it. */
const windowCount = 20

const window = (index: number): Readonly<Record<string, string>> => {
  const fromMs = firstTimeMs + (index * fleetSpanMs) / windowCount
  return {
    dateFrom: new Date(fromMs).toISOString(),
    dateTo: new Date(fromMs + (2 * fleetSpanMs) / windowCount).toISOString(),
  }
}
