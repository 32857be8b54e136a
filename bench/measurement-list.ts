/** What is measured, in the order in which it is run and reported. */
export type ListedMeasurement = {
  /** The file in `bench/measurements/`, without its ending. */
  readonly name: string
  /** Needs a loaded fleet (`--events`), so that it is run only when it is asked for by name or with `--all`. */
  readonly needsFleet: boolean
  readonly about: string
}

export const measurementList: readonly ListedMeasurement[] = [
  small('post-single', 'one durable POST a request against a server that keeps nothing'),
  small('post-tenant-device', 'the tenant-device dialect against the Cumulocity dialect'),
  small('bulk-create', '500 events a request against appending the same rows with better-sqlite3'),
  small('post-postgres', 'one POST a request against fastify and PostgreSQL with three indexes'),
  small('delete-by-filter', 'how soon a deletion by filter is answered'),
  small('seal-part', 'building the files of full parts beside a bulk load'),
  small('log-in-storm', '200 clients with a user each against 200 clients of one user'),
  large('disk-bytes', 'bytes on disk for each event of the fleet, indexes included'),
  large('queries', 'pages by source, by type in a time window, by fragment; against a small fleet'),
  large('text-search', 'what a full-text index would cost, and how long the search without takes'),
  large('counts', 'the number of events of a tenant, a source, a type'),
  large('deep-page', 'page 10,000 of 100'),
  large('rates-when-full', 'single and bulk rate with the fleet stored and with nothing stored'),
  large('post-while-queried', 'POST while 8 clients query'),
  large('memory', 'resident memory with the fleet stored, under everything at once'),
  large('restart', 'ready again after kill -9'),
  large('retention', 'the oldest tenth of the fleet expires; POST meanwhile'),
  large('spread-deletion', 'a deletion of 1 % of the events, spread over all; POST meanwhile'),
]

function small(name: string, about: string): ListedMeasurement {
  return { name, about, needsFleet: false }
}

function large(name: string, about: string): ListedMeasurement {
  return { name, about, needsFleet: true }
}
