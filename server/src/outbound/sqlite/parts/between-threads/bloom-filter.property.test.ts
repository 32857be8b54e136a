import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  addHash,
  bloomFilterBytes,
  createBloomFilter,
  mayHaveHash,
  shrinkFilter,
} from './bloom-filter.ts'

const hashes = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 200 })

it('a hash that was added is never forgotten', () => {
  fc.assert(
    fc.property(hashes, (added) => {
      const filter = createBloomFilter(added.length)
      for (const hash of added) addHash(filter, hash)
      expect(added.every((hash) => mayHaveHash(filter, hash))).toBe(true)
    }),
  )
})

/** Numbers spread over all 32 bits, each another. */
const spread = (n: number): number => {
  const mixed = Math.imul(n ^ (n >>> 16), 0x85ebca6b)
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16)
}

it.each([1_000, 125_000, 131_072])(
  'of hashes beside %i that were added it holds one in fifty, about',
  (count) => {
    const filter = createBloomFilter(count)
    for (let n = 0; n < count; n += 1) addHash(filter, spread(n))
    const others = Array.from({ length: 20_000 }, (_, n) => spread(1_000_000 + n))
    const held = others.filter((hash) => mayHaveHash(filter, hash)).length
    expect(held / others.length).toBeLessThan(0.03)
  },
)

it('takes one byte for a hash, and less than two', () => {
  for (const count of [32, 1_000, 125_000, 1_000_000]) {
    expect(bloomFilterBytes(count)).toBeGreaterThanOrEqual(count)
    expect(bloomFilterBytes(count)).toBeLessThan(2 * count)
  }
})

it('is what it would have been when it is made smaller', () => {
  fc.assert(
    fc.property(hashes, fc.integer({ min: 1, max: 5_000 }), (added, capacity) => {
      const small = createBloomFilter(added.length)
      const large = createBloomFilter(Math.max(capacity, added.length))
      for (const hash of added) {
        addHash(small, hash)
        addHash(large, hash)
      }
      expect(shrinkFilter(large, added.length)).toEqual(small)
    }),
  )
})

it('is not made larger, because what it holds would not become fewer', () => {
  expect(shrinkFilter(createBloomFilter(100), 10_000)).toBeUndefined()
})
