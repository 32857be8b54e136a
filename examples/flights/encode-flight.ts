import type { Flights } from './decode-flights.ts'

export const flightTypes = ['flight_Short', 'flight_Medium', 'flight_Long'] as const
export const flightFragments = ['flight_Distance', 'flight_Delay', 'flight_Late'] as const

/** Under 500 miles, under 1,500, or more. */
export const typeOf = ({ distances }: Flights, row: number): string => {
  const miles = distances[row] ?? 0
  if (miles < 500) return 'flight_Short'
  return miles < 1_500 ? 'flight_Medium' : 'flight_Long'
}

/** The distance always, a delay that is not 0 (early ones are negative), and a mark when it is a quarter of an hour. */
export const fragmentsOf = (
  { distances, delays }: Flights,
  row: number,
): Readonly<Record<string, Readonly<Record<string, number>>>> => {
  const minutes = delays[row] ?? 0
  return {
    flight_Distance: { miles: distances[row] ?? 0 },
    ...(minutes === 0 ? {} : { flight_Delay: { minutes } }),
    ...(minutes >= 15 ? { flight_Late: {} } : {}),
  }
}

/** What the server is to keep of a flight, whatever it adds to it. */
export const toEvent = (flights: Flights, row: number): Readonly<Record<string, unknown>> => ({
  type: typeOf(flights, row),
  text: `${flights.origins[row] ?? ''} to ${flights.destinations[row] ?? ''}`,
  time: new Date(flights.timesMs[row] ?? 0).toISOString(),
  ...fragmentsOf(flights, row),
})
