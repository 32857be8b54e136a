import type { LoadRequest } from './drive-load.ts'
import { createReports, encodeCumulocity } from './event-bodies.ts'
import { authorization } from './start-server.ts'

/** What every POST of the Cumulocity dialect carries here: the stored event is wanted back. */
export const singleHeaders = { authorization, accept: 'application/json' }

/** One event a request, the same ones for the same seed. */
export const createSinglePosts = (
  seed: number,
  sources: readonly string[],
): (() => LoadRequest) => {
  const nextReport = createReports({ seed, sources })
  return () => ({ path: '/event/events', body: encodeCumulocity(nextReport()) })
}
