import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEventTime, formatInstant, parseEventTime } from './event-time.ts'

const firstMs = Date.parse('0001-01-01T00:00:00.000Z')
const lastMs = Date.parse('9999-12-31T23:59:59.999Z')
const instant = fc.integer({ min: firstMs, max: lastMs })
const dayMs = 86_400_000

describe('reading a time', () => {
  it.each([
    ['1970-01-01', 0, 0],
    ['2026-02-01', Date.UTC(2026, 1, 1), 0],
    ['2026-02-01T09:00', Date.UTC(2026, 1, 1, 9), 0],
    ['2026-02-01T09:00Z', Date.UTC(2026, 1, 1, 9), 0],
    ['2026-02-01T09:00+01', Date.UTC(2026, 1, 1, 8), 60],
    ['2026-02-01T09:00:07', Date.UTC(2026, 1, 1, 9, 0, 7), 0],
    ['2026-02-01t09:00:07z', Date.UTC(2026, 1, 1, 9, 0, 7), 0],
    ['2026-02-01 09:00:07Z', Date.UTC(2026, 1, 1, 9, 0, 7), 0],
    ['2026-02-01T09:00:00.4Z', Date.UTC(2026, 1, 1, 9, 0, 0, 400), 0],
    ['2026-02-01T09:00:00,41Z', Date.UTC(2026, 1, 1, 9, 0, 0, 410), 0],
    ['2026-02-01T09:00:00.412999999Z', Date.UTC(2026, 1, 1, 9, 0, 0, 412), 0],
    ['2026-02-01T09:00:00.999999999999Z', Date.UTC(2026, 1, 1, 9, 0, 0, 999), 0],
    ['2026-02-01T09:00:00.000000000001', Date.UTC(2026, 1, 1, 9), 0],
    ['1969-12-31T23:59:59.9999999Z', -1, 0],
    ['1969-12-31T23:59:59.0009Z', -1000, 0],
    ['1970-01-01T00:00:00+00:01', -60_000, 1],
    ['1970-01-01T00:00:00-00:00', 0, 0],
    ['1970-01-01T00:00:00+0530', -19_800_000, 330],
    ['1970-01-01T00:00:00-0330', 12_600_000, -210],
    ['1970-01-01T00:00:00-23:59', 86_340_000, -1439],
    ['1970-01-01T23:59:59.999+23:59', 59_999, 1439],
    ['0001-01-01', firstMs, 0],
    ['0001-01-01T01:00:00+01:00', firstMs, 60],
    ['0099-12-31T23:59:59.999Z', Date.parse('0099-12-31T23:59:59.999Z'), 0],
    ['9999-12-31T23:59:59.999Z', lastMs, 0],
    ['9999-12-31T22:59:59.999-01:00', lastMs, -60],
    ['9999-12-31', Date.parse('9999-12-31'), 0],
  ])('%s is understood', (text, ms, offsetMinutes) => {
    expect(parseEventTime(text)).toEqual({ ms, offsetMinutes })
  })

  it.each([
    ...['', ' ', 'now', '2026', '2026-02', '20260201', '2026-2-1', '26-02-01', '02026-02-01'],
    ...[
      '+2026-02-01',
      '-0001-01-01',
      '2026/02/01',
      '2026-02-01T',
      '2026-02-01Z',
      '2026-02-01T9:00',
    ],
    ...[
      '2026-02-01T09',
      '2026-02-01T09Z',
      '2026-02-01T0900',
      '2026-02-01T09:0',
      '2026-02-01T09:000',
    ],
    ...['2026-02-01T09:00:', '2026-02-01T09:00:0', '2026-02-01T09:00:000', '2026-02-01T09:00.5'],
    ...[
      '2026-02-01T09:00:00.',
      '2026-02-01T09:00:00.Z',
      '2026-02-01T09:00:00,',
      '2026-02-01T09:00:00. Z',
    ],
    ...[
      '2026-02-01T09:00:00.1234567890123Z',
      '2026-02-01T09:00:00.1.2Z',
      '2026-02-01T09:00:00.1e1',
    ],
    ...['2026-02-01T09:00:00 Z', '2026-02-01T09:00:00ZZ', '2026-02-01T09:00:00Z ', ' 2026-02-01'],
    ...['2026-02-01T09:00:00+', '2026-02-01T09:00:00+1', '2026-02-01T09:00:00+1:00'],
    ...['2026-02-01T09:00:00+01:', '2026-02-01T09:00:00+01:0', '2026-02-01T09:00:00+01:000'],
    ...['2026-02-01T09:00:00+010', '2026-02-01T09:00:00+01000', '2026-02-01T09:00:00+01:00Z'],
    ...[
      '2026-02-01T09:00:00Z+01:00',
      '2026-02-01T09:00:00 01:00',
      '2026-02-01T09:00:00\u221201:00',
    ],
    ...['2026-02-01T09:00:00+24:00', '2026-02-01T09:00:00+01:60', '2026-02-01T09:00:00+-1:00'],
    ...['2026-02-01T24:00:00Z', '2026-02-01T23:60:00Z', '2026-02-01T23:59:60Z', '2026-02-01T-1:00'],
    ...['2026-00-01', '2026-13-01', '2026-01-00', '2026-01-32', '2026-04-31', '2026-06-31'],
    ...['2026-09-31', '2026-11-31', '2026-02-29', '1900-02-29', '2100-02-29', '2024-02-30'],
    ...['0000-01-01', '0000-12-31T23:59:59Z', '0001-01-01T00:59:59.999+01:00'],
    ...['9999-12-31T23:00:00-01:00', '10000-01-01', '2026-02-01\n', '2026-02-01T09:00:00Z\n'],
    ...[
      '\u0662026-02-01',
      '２026-02-01',
      '2026-02-01X09:00',
      '2026-02-01T09-00',
      '2026-02-01\u0000',
    ],
    ...['2026-02-3a', '2026-0x-01', '2026-02-01T0x:00', '2026-02-01T09:00:00.x', '1e10-02-01'],
  ])('%j is refused', (text) => {
    expect(parseEventTime(text)).toBeUndefined()
  })

  it('knows the leap days of every year', () => {
    for (let year = 1; year <= 9999; year += 1) {
      const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
      const text = `${String(year).padStart(4, '0')}-02-29`
      expect(parseEventTime(text) !== undefined).toBe(leap)
    }
  })

  it('agrees with the calendar of Date on every day of four centuries and of the first', () => {
    const spans = [
      ['0001-01-01', 36_600],
      ['1900-01-01', 146_097],
    ] as const
    for (const [start, days] of spans) {
      const startMs = Date.parse(start)
      for (let day = 0; day < days; day += 1) {
        const ms = startMs + day * dayMs
        const text = new Date(ms).toISOString()
        if (parseEventTime(text.slice(0, 10))?.ms !== ms) expect(text).toBe('understood')
        if (formatInstant(ms) !== text) expect(formatInstant(ms)).toBe(text)
      }
    }
  })

  it('never throws, and what it reads is a whole moment in the years 1 to 9999', () => {
    const piece = fc.constantFrom(
      ...[
        '0',
        '9',
        '12',
        '31',
        '2026',
        '-',
        ':',
        '.',
        ',',
        'T',
        'Z',
        '+',
        ' ',
        '2026-02-01T',
        '09:00',
      ],
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, (given) => {
        const time = parseEventTime(given)
        if (time === undefined) return
        expect(Number.isSafeInteger(time.ms)).toBe(true)
        expect(time.ms >= firstMs && time.ms <= lastMs).toBe(true)
        expect(Math.abs(time.offsetMinutes)).toBeLessThan(1440)
        expect(parseEventTime(formatEventTime(time))).toEqual(time)
      }),
      { numRuns: 10_000 },
    )
  })

  it('refuses a text of many digits at once', () => {
    expect(parseEventTime(`2026-02-01T09:00:00.${'1'.repeat(1_000_000)}Z`)).toBeUndefined()
  })
})

describe('writing a time', () => {
  it.each([
    [0, 0, '1970-01-01T00:00:00.000Z'],
    [-1, 0, '1969-12-31T23:59:59.999Z'],
    [0, 120, '1970-01-01T02:00:00.000+02:00'],
    [0, -1, '1969-12-31T23:59:00.000-00:01'],
    [5, -570, '1969-12-31T14:30:00.005-09:30'],
    [firstMs, 1439, '0001-01-01T23:59:00.000+23:59'],
    [lastMs, -1439, '9999-12-31T00:00:59.999-23:59'],
  ])('%i at offset %i is %s', (ms, offsetMinutes, text) => {
    expect(formatEventTime({ ms, offsetMinutes })).toBe(text)
  })

  it('gives back what was read, in every offset', () => {
    for (let offsetMinutes = -1439; offsetMinutes <= 1439; offsetMinutes += 1) {
      for (const ms of [0, -1, 951_782_399_999, 1_769_936_400_412]) {
        const time = { ms, offsetMinutes }
        expect(parseEventTime(formatEventTime(time))).toEqual(time)
      }
    }
  })

  it('agrees with Date for every instant of the years 1 to 9999', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        expect(formatInstant(ms)).toBe(new Date(ms).toISOString())
        expect(parseEventTime(formatInstant(ms))).toEqual({ ms, offsetMinutes: 0 })
      }),
      { numRuns: 20_000 },
    )
  })

  it('keeps the order of instants as text', () => {
    fc.assert(
      fc.property(instant, instant, (left, right) => {
        expect(formatInstant(left) < formatInstant(right)).toBe(left < right)
      }),
    )
  })
})
