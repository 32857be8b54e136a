import type { BelfryClient } from './belfry-client.ts'
import { decodeDeviceIds } from './decode-flights.ts'
import type { Flights } from './decode-flights.ts'
import { toEvent } from './encode-flight.ts'

const devicesAtOnce = 50
const eventsAtOnce = 500

/** Makes each airport a device; answers their ids by code. */
export const createAirports = async (
  client: BelfryClient,
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const ids: string[] = []
  while (ids.length < codes.length) {
    const some = codes.slice(ids.length, ids.length + devicesAtOnce)
    const managedObjects = some.map((code) => ({
      name: `Airport ${code}`,
      type: 'flight_Airport',
      c8y_IsDevice: {},
    }))
    const created = await client.post({
      path: '/inventory/managedObjects',
      mediaType: 'application/vnd.com.nsn.cumulocity.managedObjectCollection+json',
      body: JSON.stringify({ managedObjects }),
      wantsBody: true,
    })
    ids.push(...decodeDeviceIds(created))
  }
  return new Map(codes.map((code, index) => [code, ids[index] ?? '']))
}

/** One request after the other, so that events of the same time are stored in the order of the file. */
export const loadFlights = async (
  client: BelfryClient,
  flights: Flights,
  airports: ReadonlyMap<string, string>,
): Promise<void> => {
  for (let row = 0; row < flights.count; row += eventsAtOnce) {
    const size = Math.min(eventsAtOnce, flights.count - row)
    const events = Array.from({ length: size }, (_, index) => ({
      source: { id: airports.get(flights.origins[row + index] ?? '') },
      ...toEvent(flights, row + index),
    }))
    await client.post({
      path: '/event/events',
      mediaType: 'application/vnd.com.nsn.cumulocity.eventCollection+json',
      body: JSON.stringify({ events }),
      wantsBody: false,
    })
  }
}
