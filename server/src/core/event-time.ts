/** A moment as a device told it: the instant, and the offset in which it was written. */
export type EventTime = {
  /** Milliseconds since 1970 in UTC; finer fractions are cut off. */
  readonly ms: number
  /** Minutes east of UTC, -1439 to 1439; 0 is written as `Z`. Display only, never compared. */
  readonly offsetMinutes: number
}

const datePattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * Reads an ISO 8601 date (`2026-02-01`, midnight UTC) or date-time; without a zone it is UTC
 * (docs/protocols/cumulocity.md, 1.5). Answers undefined for anything else: dates that no calendar has,
 * and moments outside the years 1 to 9999.
 */
export const parseEventTime = (text: string): EventTime | undefined => {
  const parts = datePattern.exec(text)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const offsetMinutes = parseOffset(parts[8])
  const date = new Date(Date.UTC(2000, 0, 1, hour, minute, second))
  date.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day)
  const rightDay = date.getUTCMonth() === (month ?? 0) - 1 && date.getUTCDate() === day
  const rightTime = (hour ?? 0) < 24 && (minute ?? 0) < 60 && (second ?? 0) < 60
  if (offsetMinutes === undefined || !rightDay || !rightTime || year === 0) return undefined
  const fractionMs = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  const ms = date.getTime() + fractionMs - offsetMinutes * 60_000
  return ms < firstMs || ms > lastMs ? undefined : { ms, offsetMinutes }
}

/** A day's margin on both sides, so that every offset can be written with a four-digit year. */
const firstMs = Date.parse('0001-01-02T00:00:00.000Z')
const lastMs = Date.parse('9999-12-30T23:59:59.999Z')

const parseOffset = (zone: string | undefined): number | undefined => {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(3).replace(':', '') || 0)
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) + 0
}

/** Writes the moment in its own offset with exactly three fraction digits. */
export const formatEventTime = (time: EventTime): string => {
  if (time.offsetMinutes === 0) return formatInstant(time.ms)
  const local = formatInstant(time.ms + time.offsetMinutes * 60_000).slice(0, -1)
  const size = Math.abs(time.offsetMinutes)
  const sign = time.offsetMinutes < 0 ? '-' : '+'
  return `${local}${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

/** Writes an instant in UTC, for example `2026-02-01T09:00:00.412Z`. */
export const formatInstant = (ms: number): string => new Date(ms).toISOString()

const twoDigits = (value: number): string => String(value).padStart(2, '0')
