import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextId, parseEventId, parseId, parseManagedObjectId } from './event-id.ts'

const firstYearMs = Date.UTC(2025, 0, 1)
const safe = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 })

describe('the next id', () => {
  it('is 1 at the start of time and before it', () => {
    expect(nextId(0, firstYearMs)).toBe(1)
    expect(nextId(0, firstYearMs - 1)).toBe(1)
    expect(nextId(0, 0)).toBe(1)
    expect(nextId(0, -1)).toBe(1)
  })

  it('begins a block of 4096 with each millisecond', () => {
    expect(nextId(0, firstYearMs + 1)).toBe(4096)
    expect(nextId(4096, firstYearMs + 1)).toBe(4097)
    expect(nextId(8191, firstYearMs + 1)).toBe(8192)
    expect(nextId(8192, firstYearMs + 2)).toBe(8193)
    expect(nextId(8191, firstYearMs + 3)).toBe(12_288)
  })

  it('rises strictly whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: Date.UTC(2093, 0, 1) })), (moments) => {
        let last = 0
        for (const nowMs of moments) {
          const id = nextId(last, nowMs)
          expect(id).toBeGreaterThan(last)
          expect(Number.isSafeInteger(id)).toBe(true)
          expect(parseId(String(id))).toBe(id)
          last = id
        }
      }),
    )
  })

  it('stays a safe number until 2094', () => {
    expect(Number.isSafeInteger(nextId(0, Date.UTC(2094, 0, 1)))).toBe(true)
  })
})

describe('an id in a text', () => {
  it.each([
    ...['', '0', '00', '01', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '1\n', '0x1', '1_0', '１', '٣'],
    ...['9007199254740992', '9999999999999999', '10000000000000000', 'abc', 'null', '1,2', '1/2'],
    '1'.repeat(1_000_000),
  ])('is not %j', (text) => {
    expect(parseId(text)).toBeUndefined()
    expect(parseEventId(text)).toBeUndefined()
    expect(parseManagedObjectId(text)).toBeUndefined()
  })

  it('is every positive safe integer as it is written', () => {
    expect(parseId('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER)
    fc.assert(
      fc.property(safe, (value) => {
        expect(parseEventId(String(value + 1))).toBe(value + 1)
      }),
    )
  })

  it('has one spelling', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.e+-]{1,18}$/)), (text) => {
        const id = parseId(text)
        if (id !== undefined) expect(String(id)).toBe(text)
      }),
    )
  })
})
