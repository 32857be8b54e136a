import { digitsOf, numberMark, parseExact } from './exact-json.ts'

/** One record of the catalogue, as an event of the network that located it. */
export type Earthquake = {
  readonly network: string
  /** What kind of shaking: `earthquake`, `explosion`, `quarry blast`. */
  readonly kind: string
  readonly title: string
  readonly timeMs: number
  /** Minutes by which the clocks at the place are ahead of UTC. */
  readonly zoneMinutes: number
  readonly magnitude: number
  /** Everything that was measured and noted, with the digits and nulls of the catalogue. */
  readonly measures: Readonly<Record<string, unknown>>
}

type Feature = {
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly geometry: { readonly coordinates: readonly [unknown, unknown, unknown] }
}

/** Reads the GeoJSON of the United States Geological Survey. */
export const decodeEarthquakes = (text: string): readonly Earthquake[] =>
  (parseExact(text) as { readonly features: readonly Feature[] }).features.map(toEarthquake)

const toEarthquake = ({ id, properties, geometry }: Feature): Earthquake => {
  const { type, time, title, ...others } = properties
  const [lng, lat, depthKm] = geometry.coordinates
  return {
    network: String(properties['net']),
    kind: String(type),
    title: String(title),
    timeMs: Number(digitsOf(time)),
    zoneMinutes: Number(digitsOf(properties['tz'])),
    magnitude: Number(digitsOf(properties['mag'])),
    measures: { c8y_Position: { lat, lng }, depthKm, kind: type, usgsId: id, ...others },
  }
}

/** A number as `parseExact` reads it. */
export const exactNumber = (value: number): string => `${numberMark}${value}`

export type EventPage = {
  readonly events: readonly Readonly<Record<string, unknown>>[]
  readonly next?: string
}

/** A page of events, numbers with their digits. */
export const decodeEventPage = (text: string): EventPage => parseExact(text) as EventPage

/** The document that a `belfry` command prints. */
export const decodeDocument = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text) as Readonly<Record<string, unknown>>

/** The `id` of an event or of its source. */
export const idOf = (value: unknown): string => (value as { readonly id: string }).id
