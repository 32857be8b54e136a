import { describe, expect, it } from 'vitest'
import { gatherBytes } from './gather-bytes.ts'

const textOf = (pieces: readonly string[], expectedBytes: number): string => {
  const gathered = gatherBytes(expectedBytes)
  for (const piece of pieces) gathered.add(Buffer.from(piece))
  return gathered.bytes().toString()
}

describe('bytes that come in pieces', () => {
  it.each([[[]], [['one']], [['', 'one']], [['a', 'bc', '', 'def', 'ghijklmnopqrstuvw', 'x']]])(
    'are put together in their order: %j',
    (pieces) => {
      for (const expected of [0, 1, 7, 1_000]) {
        expect(textOf(pieces, expected)).toBe(pieces.join(''))
      }
    },
  )

  it('leave the pieces as they were', () => {
    const whole = Buffer.from('abcdef')
    const gathered = gatherBytes(0)
    gathered.add(whole.subarray(0, 2))
    gathered.add(Buffer.from('XY'))
    expect([gathered.bytes().toString(), whole.toString()]).toEqual(['abXY', 'abcdef'])
  })

  it('take at most twice their size, however small they are', () => {
    const gathered = gatherBytes(0)
    const count = 100_000
    for (let nth = 0; nth < count; nth += 1) gathered.add(Buffer.from([nth % 251]))
    expect(gathered.bytes()).toHaveLength(count)
    expect(gathered.bytes().buffer.byteLength).toBeLessThanOrEqual(2 * count)
    expect(gathered.bytes().every((byte, nth) => byte === nth % 251)).toBe(true)
  })
})
