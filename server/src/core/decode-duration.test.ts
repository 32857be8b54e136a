import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeDuration } from './decode-duration.ts'

describe('decodeDuration', () => {
  it.each([
    ['250ms', 250],
    ['10s', 10_000],
    ['1.5s', 1_500],
    ['5m', 300_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['0s', 0],
  ])('reads %s', (text, ms) => {
    expect(decodeDuration(text)).toBe(ms)
  })

  it.each(['', '10', 's', '-1s', '10 s', '1e3s', '10S', '10sec', '1s2', '9999999999d'])(
    'refuses %j',
    (text) => {
      expect(decodeDuration(text)).toBeUndefined()
    },
  )

  it('answers a whole, safe number or undefined for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = decodeDuration(text)
        expect(ms === undefined || Number.isSafeInteger(ms)).toBe(true)
      }),
    )
  })
})
