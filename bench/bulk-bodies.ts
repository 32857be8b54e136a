import { encodeCumulocity } from './event-bodies.ts'
import type { Report } from './event-bodies.ts'

/** Events in one request of a bulk load. */
export const bulkEvents = 500

export const bulkPath = '/event/events'
export const bulkMediaType = 'application/vnd.com.nsn.cumulocity.eventcollection+json'

/** One body of up to `bulkEvents` events. */
export const encodeBulk = (nextReport: () => Report, size = bulkEvents): string =>
  `{"events":[${Array.from({ length: size }, () => encodeCumulocity(nextReport())).join(',')}]}`
