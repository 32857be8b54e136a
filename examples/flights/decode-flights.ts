/** The flights of the file, column by column: a row is a flight, in the order of the file, which is that of time. */
export type Flights = {
  readonly count: number
  /** Departure; the file has no zone, it is taken for UTC. */
  readonly timesMs: Float64Array
  readonly delays: Int16Array
  readonly distances: Int16Array
  /** Codes of airports. */
  readonly origins: readonly string[]
  readonly destinations: readonly string[]
}

export type FlightColumns = Omit<Flights, 'count'> & {
  readonly origins: string[]
  readonly destinations: string[]
}

/** Puts a stretch of one column of the file in its place. The reader gives whole pages, also behind the last row. */
export const decodeChunk = (
  columns: FlightColumns,
  name: string,
  values: ArrayLike<unknown>,
  rowStart: number,
): void => {
  const put = decoders[name]
  if (put === undefined) throw new Error(`the file has an unknown column ${name}`)
  const size = Math.min(values.length, columns.timesMs.length - rowStart)
  for (let index = 0; index < size; index += 1) {
    put(columns, rowStart + index, values[index])
  }
}

const decoders: Readonly<
  Record<string, (columns: FlightColumns, row: number, value: unknown) => void>
> = {
  date: ({ timesMs }, row, value) => (timesMs[row] = (value as Date).getTime()),
  delay: ({ delays }, row, value) => (delays[row] = Number(value)),
  distance: ({ distances }, row, value) => (distances[row] = Number(value)),
  origin: ({ origins }, row, value) => (origins[row] = value as string),
  destination: ({ destinations }, row, value) => (destinations[row] = value as string),
}

export type EventPage = {
  readonly events: readonly Readonly<Record<string, unknown>>[]
  readonly statistics: { readonly totalElements?: number }
}

export const decodeEventPage = (text: string): EventPage => JSON.parse(text) as EventPage

/** The ids of managed objects that were created together. */
export const decodeDeviceIds = (text: string): readonly string[] =>
  (JSON.parse(text) as { managedObjects: readonly { id: string }[] }).managedObjects.map(
    ({ id }) => id,
  )

/** The `id` of the source of an event. */
export const sourceIdOf = (event: Readonly<Record<string, unknown>>): string =>
  (event['source'] as { id: string }).id
