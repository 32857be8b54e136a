/** A moment as a device told it: the instant, and the offset in which it was written. */
export type EventTime = {
  /** Milliseconds since 1970 in UTC; finer fractions are cut off. */
  readonly ms: number
  /** Minutes east of UTC, -1439 to 1439; 0 is written as `Z`. Display only, never compared. */
  readonly offsetMinutes: number
}

/**
 * Reads an ISO 8601 date (`2026-02-01`, midnight UTC) or date-time; without a zone it is UTC
 * (docs/protocols/cumulocity.md, 1.5). Answers undefined for anything else: dates that no calendar has,
 * and moments outside the years 1 to 9999 in UTC.
 */
export const parseEventTime = (text: string): EventTime | undefined => {
  const midnightMs = readDay(text)
  if (text.length === 10) return inYears(midnightMs, 0)
  if (!dayMarks.includes(text.charAt(10))) return undefined
  const zoneAt = findZone(text)
  const offsetMinutes = readOffset(text, zoneAt)
  return inYears(midnightMs + readClock(text, zoneAt) - offsetMinutes * minuteMs, offsetMinutes)
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const dayMarks = ['T', 't', ' ']
const dash = 0x2d
const colon = 0x3a

/** Both ends can be written with a four-digit year in UTC; in its own offset a moment always can. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')

/** The readers below answer NaN for what is not there; it survives the sums and ends here. */
const inYears = (ms: number, offsetMinutes: number): EventTime | undefined =>
  ms >= firstMs && ms <= lastMs ? { ms, offsetMinutes } : undefined

const digitAt = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - 0x30
  return value >= 0 && value <= 9 ? value : NaN
}

const pairAt = (text: string, at: number): number => digitAt(text, at) * 10 + digitAt(text, at + 1)

const pairUpTo = (text: string, at: number, most: number): number => {
  const value = pairAt(text, at)
  return value <= most ? value : NaN
}

/** `Date.UTC` moves the years 0 to 99 into the 20th century; the calendar repeats after 400 years. */
const fourCenturiesMs = 146_097 * dayMs

const readDay = (text: string): number => {
  const year = pairAt(text, 0) * 100 + pairAt(text, 2)
  const month = pairUpTo(text, 5, 12)
  const day = pairAt(text, 8)
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return NaN
  if (!(year > 0 && month > 0 && day > 0 && day <= daysIn(year, month))) return NaN
  return Date.UTC(year + 400, month - 1, day) - fourCenturiesMs
}

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Where the clock's digits end: `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f…` from index 11 on. */
const findZone = (text: string): number => {
  if (text.charCodeAt(16) !== colon) return 16
  let at = 19
  if (text.charAt(at) !== '.' && text.charAt(at) !== ',') return at
  do at += 1
  while (digitAt(text, at) >= 0)
  return at
}

const fractionDigitsMax = 12

const readClock = (text: string, end: number): number => {
  if (text.charCodeAt(13) !== colon) return NaN
  const minutes = pairUpTo(text, 11, 23) * 60 + pairUpTo(text, 14, 59)
  if (end === 16) return minutes * minuteMs
  const seconds = pairUpTo(text, 17, 59)
  return minutes * minuteMs + seconds * 1000 + (end === 19 ? 0 : readFraction(text, end))
}

/** The milliseconds of the fraction between index 20 and `end`; finer digits are cut off. */
const readFraction = (text: string, end: number): number => {
  if (end === 20 || end > 20 + fractionDigitsMax) return NaN
  const tenths = digitAt(text, 20) * 100
  const hundredths = end > 21 ? digitAt(text, 21) * 10 : 0
  return tenths + hundredths + (end > 22 ? digitAt(text, 22) : 0)
}

/** Nothing, `Z`, `+hh`, `+hhmm` or `+hh:mm`. */
const readOffset = (text: string, at: number): number => {
  const sign = text.charAt(at)
  if (sign === '') return 0
  if (sign === 'Z' || sign === 'z') return text.length === at + 1 ? 0 : NaN
  if (sign !== '+' && sign !== '-') return NaN
  const offset = pairUpTo(text, at + 1, 23) * 60 + readOffsetMinutes(text, at + 3)
  return sign === '-' ? 0 - offset : offset
}

const readOffsetMinutes = (text: string, at: number): number => {
  if (text.length === at) return 0
  const digitsAt = text.charCodeAt(at) === colon ? at + 1 : at
  return text.length === digitsAt + 2 ? pairUpTo(text, digitsAt, 59) : NaN
}

/** Writes the moment in its own offset with exactly three fraction digits. */
export const formatEventTime = (time: EventTime): string => {
  if (time.offsetMinutes === 0) return formatInstant(time.ms)
  const local = formatInstant(time.ms + time.offsetMinutes * minuteMs).slice(0, -1)
  const size = Math.abs(time.offsetMinutes)
  const sign = time.offsetMinutes < 0 ? '-' : '+'
  return `${local}${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

/** Writes an instant in UTC, for example `2026-02-01T09:00:00.412Z`. */
export const formatInstant = (ms: number): string => {
  if (!(ms >= firstMs && ms <= lastMs)) return new Date(ms).toISOString()
  const days = Math.floor(ms / dayMs)
  return `${formatDay(days)}T${formatClock(ms - days * dayMs)}Z`
}

/** Days from the first of March of the year 0, when a year's odd day stands at its end, to 1970. */
const daysBefore1970 = 719_468

const formatDay = (days: number): string => {
  const day = days + daysBefore1970
  const era = Math.floor(day / 146_097)
  const ofEra = day - era * 146_097
  const leapDays =
    Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096)
  const yearOfEra = Math.floor((ofEra - leapDays) / 365)
  const startOfYear = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
  const ofYear = ofEra - startOfYear
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  const dayOfMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  return `${twoDigits(Math.floor(year / 100))}${twoDigits(year % 100)}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`
}

const formatClock = (ms: number): string => {
  const minutes = Math.floor(ms / minuteMs)
  const hour = Math.floor(minutes / 60)
  const rest = ms - minutes * minuteMs
  const second = Math.floor(rest / 1000)
  const fraction = `${rest - second * 1000}`.padStart(3, '0')
  return `${twoDigits(hour)}:${twoDigits(minutes - hour * 60)}:${twoDigits(second)}.${fraction}`
}

const pairs = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

const twoDigits = (value: number): string => pairs[value] ?? ''
