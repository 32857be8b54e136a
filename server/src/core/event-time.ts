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
  const dayMs = dayAt(parts)
  const timeMs = timeOfDayAt(parts)
  const offsetMinutes = parseOffset(parts[8])
  if (dayMs === undefined || timeMs === undefined || offsetMinutes === undefined) return undefined
  const ms = dayMs + timeMs - offsetMinutes * 60_000
  return ms < firstMs || ms > lastMs ? undefined : { ms, offsetMinutes }
}

/** A day's margin on both sides, so that every offset can be written with a four-digit year. */
const firstMs = Date.parse('0001-01-02T00:00:00.000Z')
const lastMs = Date.parse('9999-12-30T23:59:59.999Z')

/** The day's midnight, or undefined for a day that no calendar has. */
const dayAt = (parts: RegExpExecArray): number | undefined => {
  const [year, month, day] = [numberAt(parts, 1), numberAt(parts, 2), numberAt(parts, 3)]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const right = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return right ? date.getTime() : undefined
}

const timeOfDayAt = (parts: RegExpExecArray): number | undefined => {
  const [hour, minute, second] = [numberAt(parts, 4), numberAt(parts, 5), numberAt(parts, 6)]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const fractionMs = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'))
  return ((hour * 60 + minute) * 60 + second) * 1000 + fractionMs
}

/** An absent part counts as 0: `09:00` is `09:00:00`. */
const numberAt = (parts: RegExpExecArray, index: number): number => Number(parts[index] ?? 0)

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
