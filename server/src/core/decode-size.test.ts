import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSize } from './decode-size.ts'

describe('decodeSize', () => {
  it.each([
    ['0', 0],
    ['100B', 100],
    ['512KB', 524_288],
    ['256MB', 268_435_456],
    ['1.5GB', 1_610_612_736],
    ['2TB', 2_199_023_255_552],
  ])('reads %s', (text, bytes) => {
    expect(decodeSize(text)).toBe(bytes)
  })

  it.each(['', '10', 'MB', '-1MB', '10 MB', '1e3MB', '10mb', '10MiB', '1MB2', '9999999TB'])(
    'refuses %j',
    (text) => {
      expect(decodeSize(text)).toBeUndefined()
    },
  )

  it('answers a whole, safe number or undefined for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = decodeSize(text)
        expect(bytes === undefined || Number.isSafeInteger(bytes)).toBe(true)
      }),
    )
  })
})
