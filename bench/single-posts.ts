import type { LoadRequest } from './drive-load.ts'
import { createReports, encodeCumulocity } from './event-bodies.ts'
import type { Report } from './event-bodies.ts'
import { authorization } from './start-server.ts'

/** What every POST of the Cumulocity dialect carries here: the stored event is wanted back. */
export const singleHeaders = { authorization, accept: 'application/json' }

/** One event a request, the same ones for the same seed. */
export const createSinglePosts = (seed: number, sources: readonly string[]): (() => LoadRequest) =>
  toSinglePosts(createReports({ seed, sources }))

/** A request for each report. */
export const toSinglePosts =
  (nextReport: () => Report): (() => LoadRequest) =>
  () => ({ path: '/event/events', body: encodeCumulocity(nextReport()) })
