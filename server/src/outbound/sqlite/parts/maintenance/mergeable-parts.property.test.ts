import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partBytesMax } from '../../../../core/limits.ts'
import type { Part } from '../tables/catalogue.ts'
import { findMergeable } from './mergeable-parts.ts'

const partRows = 3_200
/** What a part counts at least. */
const leastRows = partRows / 32

const partOf = (number: number, rows: number, given: Partial<Part> = {}): Part => ({
  ...{ number, state: 'sealed', slot: 0, rows, uniqueRows: 0, bytes: rows, deadRows: 0 },
  ...{ minId: number * 10, maxId: number * 10 + 9, maxChanged: 0 },
  ...{ minCreationMs: 0, maxCreationMs: 0, minTimeMs: 0, maxTimeMs: 0 },
  ...{ outliers: new Set<number>(), goneTenants: new Set<number>() },
  ...given,
})

const numbersOf = (parts: readonly Part[]): readonly number[] => parts.map(({ number }) => number)

const weigh = (parts: readonly Part[]): number =>
  parts.reduce((sum, { rows }) => sum + Math.max(rows, leastRows), 0)

type Merges = { readonly parts: readonly Part[]; readonly copied: number }

/** Until nothing is left to merge. */
const mergeAll = (all: readonly Part[]): Merges => {
  let [parts, copied, number] = [all, 0, 1_000_000]
  for (;;) {
    const merged = findMergeable(parts, partRows)
    const [newest] = merged.toReversed()
    if (newest === undefined) return { parts, copied }
    const rows = merged.reduce((sum, part) => sum + part.rows, 0)
    expect(merged.length).toBeGreaterThan(1)
    expect(merged.length).toBeLessThanOrEqual(16)
    expect(rows).toBeLessThanOrEqual(partRows / 2)
    number += 1
    copied += weigh(merged)
    const { minId, maxId } = { minId: merged[0]?.minId ?? 0, maxId: newest.maxId }
    const gone = new Set(merged)
    parts = [...parts.filter((part) => !gone.has(part)), partOf(number, rows, { minId, maxId })]
  }
}

const someRows = fc.oneof(
  fc.integer({ min: 1, max: leastRows }),
  fc.integer({ min: 1, max: partRows }),
)

describe('parts that are to become one', () => {
  it('are neighbours, and leave few behind when all is merged', () => {
    fc.assert(
      fc.property(fc.array(someRows, { maxLength: 300 }), (sizes) => {
        const all = sizes.map((rows, at) => partOf(at + 1, rows))
        const { parts } = mergeAll(all)
        expect(parts.length).toBeLessThanOrEqual((8 * weigh(parts)) / partRows + 2)
        const ordered = parts.toSorted((left, right) => left.maxId - right.maxId)
        for (const [at, part] of ordered.slice(1).entries()) {
          expect(part.minId).toBeGreaterThan(ordered[at]?.maxId ?? 0)
        }
      }),
    )
  })

  it('are copied a few times each, however slowly they come', () => {
    let parts: readonly Part[] = []
    let [copied, taken] = [0, 0]
    for (let number = 1; number <= 2_000; number += 1) {
      const added = partOf(number, leastRows)
      const merges = mergeAll([...parts, added])
      parts = merges.parts
      copied += merges.copied
      taken += added.rows
    }
    expect(copied / taken).toBeLessThan(8)
    expect(parts.length).toBeLessThan((3 * taken) / partRows)
  })

  it('are ordered by their newest events and not by their numbers', () => {
    const late = partOf(1, 100, { maxId: 5_000 })
    const parts = [late, partOf(2, partRows, { maxId: 3_000 }), partOf(3, 100, { maxId: 1_000 })]
    expect(findMergeable([...parts, partOf(4, 100, { maxId: 4_000 })], partRows)).toEqual([
      partOf(4, 100, { maxId: 4_000 }),
      late,
    ])
    expect(findMergeable(parts, partRows)).toEqual([])
  })

  it('count what lives in them, and have a file', () => {
    const worn = partOf(1, partRows, { deadRows: partRows - 100 })
    expect(numbersOf(findMergeable([worn, partOf(2, 100)], partRows))).toEqual([1, 2])
    const hot = partOf(2, 0, { state: 'hot' })
    const closed = partOf(3, 0, { state: 'closed' })
    expect(findMergeable([worn, hot, closed], partRows)).toEqual([])
  })

  it('have few bytes, too', () => {
    const heavy = partOf(1, 100, { bytes: partBytesMax * 0.3 })
    expect(findMergeable([heavy, { ...heavy, number: 2 }], partRows)).toEqual([])
  })

  it('do not have one copied for the sake of a much smaller one', () => {
    const large = partOf(1, 8 * leastRows)
    expect(findMergeable([large, partOf(2, 1)], partRows)).toEqual([])
    const more = [2, 3, 4].map((number) => partOf(number, leastRows))
    expect(numbersOf(findMergeable([large, ...more], partRows))).toEqual([1, 2, 3, 4])
  })
})
