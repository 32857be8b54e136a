import { exactNumber } from './decode-earthquakes.ts'
import type { Earthquake } from './decode-earthquakes.ts'

/** What is sent, and what is to be found afterwards, server-made members apart. */
export type Sent = {
  readonly body: Readonly<Record<string, unknown>>
  readonly stored: Readonly<Record<string, unknown>>
}

/** Each measure is a fragment of its own; the time is the local one of the place. */
export const toCumulocity = (quake: Earthquake, source: string): Sent => {
  const body = {
    source: { id: source },
    type: typeOf(quake),
    text: quake.title,
    time: localTime(quake),
    ...quake.measures,
  }
  return { body, stored: body }
}

/** The measures are the `data`; the server tells them apart from a second quake by all of it. */
export const toTenantDevice = (quake: Earthquake, source: string, appId: string): Sent => {
  const shared = { appId, severity: exactNumber(severityOf(quake)), data: quake.measures }
  const type = typeOf(quake)
  return {
    body: {
      typeId: type,
      description: quake.title,
      timestamp: exactNumber(quake.timeMs),
      ...shared,
    },
    stored: {
      source: { id: source },
      type,
      text: quake.title,
      time: new Date(quake.timeMs).toISOString(),
      ...shared,
    },
  }
}

/** A type has no spaces in the tenant-device dialect, and at most 24 characters. */
const typeOf = ({ kind }: Earthquake): string => `usgs_${kind.replaceAll(' ', '_')}`

/** The magnitude without its fraction, from 1 to 5. */
export const severityOf = ({ magnitude }: Earthquake): number =>
  Math.min(5, Math.max(1, Math.floor(magnitude)))

const localTime = ({ timeMs, zoneMinutes }: Earthquake): string => {
  const local = new Date(timeMs + zoneMinutes * 60_000).toISOString()
  return zoneMinutes === 0 ? local : local.replace('Z', offsetOf(zoneMinutes))
}

const offsetOf = (minutes: number): string => {
  const digits = (value: number): string => String(value).padStart(2, '0')
  const distance = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${digits(Math.floor(distance / 60))}:${digits(distance % 60)}`
}
