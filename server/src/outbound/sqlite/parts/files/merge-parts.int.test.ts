import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { splitOwnNames } from '../../events/stored-fragments.ts'
import { isDiskFull } from '../../storage-error.ts'
import { readPartContent } from '../../testing/part-file.ts'
import { addClosedPart, addDead, addGoneTenant } from '../../testing/scratch-part.ts'
import { markSealed, openScratchHead, setHeadVersion } from '../../testing/scratch-part.ts'
import { scratchRowOf, scratchRows } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { sealPart } from './build-part.ts'
import { mergeParts } from './merge-parts.ts'
import { eventsFolder, partPath } from '../tables/part-files.ts'
import { verifyPart } from './verify-part.ts'
import type { ScratchHead, ScratchRow } from '../../testing/scratch-part.ts'

let scratch: ScratchHead
beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
})
afterEach(() => {
  scratch.head.close()
})

const addSealed = (part: number, rows: readonly ScratchRow[]): void => {
  addClosedPart(scratch.head, part, rows)
  markSealed(scratch.head, part, sealPart({ folder: scratch.folder }, part).summary)
}

/** Rows with the names that stand behind their numbers, however these are given. */
const namedRowsOf = (part: number): readonly object[] => {
  const content = readPartContent(partPath(scratch.folder, part))
  const [types, shapes] = [new Map(content.types), new Map(content.shapes)]
  return content.rows.map(({ type, shape, fragments, ...row }) => ({
    ...row,
    type: types.get(type),
    ...splitOwnNames(
      shape === 0 ? null : (shapes.get(shape) ?? 'a shape without names'),
      fragments,
    ),
  }))
}

const partFiles = (): readonly string[] =>
  readdirSync(eventsFolder(scratch.folder)).filter((name) => name.includes('.part'))

/** What becomes of each row: it stays, dies, or moves to the next part under its old id. */
const fates = fc.infiniteStream(fc.constantFrom('stays', 'stays', 'dies', 'moves'))

const sources = fc.array(
  fc.record({
    rows: scratchRows,
    gone: fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 1 }),
  }),
  { minLength: 2, maxLength: 13 },
)

it('parts that are merged are one with all rows that live in them, whatever their numbers were', () => {
  let next = 0
  fc.assert(
    fc.property(sources, fates, (given, fate) => {
      const parts = given.map((_, at) => next + 1 + at)
      const into = next + given.length + 1
      next = into
      const expected: object[] = []
      let moved: readonly ScratchRow[] = []
      for (const [at, { rows, gone }] of given.entries()) {
        const part = parts[at] ?? 0
        const here = [...moved, ...rows.map((row) => ({ ...row, id: row.id + at * 1_000 }))]
        addSealed(part, here)
        const before = namedRowsOf(part)
        const taken = [...fate.take(here.length)]
        expect(taken).toHaveLength(here.length)
        const ends = here.map((row, place) => ({ row, end: taken[place] }))
        moved = ends.filter(({ end }) => end === 'moves').map(({ row }) => row)
        addDead(
          scratch.head,
          part,
          ends.filter(({ end }) => end !== 'stays').map(({ row }) => row),
        )
        for (const tenant of gone) addGoneTenant(scratch.head, part, tenant)
        const stays = ends.map(({ row, end }) => end === 'stays' && !gone.includes(row.tenant))
        expected.push(...before.filter((_, place) => stays[place]))
      }
      const { summary } = mergeParts({ folder: scratch.folder }, parts, into)
      expect(namedRowsOf(into).toSorted(byId)).toEqual(expected.toSorted(byId))
      expect(verifyPart(partPath(scratch.folder, into), summary)).toEqual([])
    }),
    { numRuns: 15 },
  )
})

const idOf = (row: object): number => Number(Reflect.get(row, 'id'))
const byId = (left: object, right: object): number => idOf(left) - idOf(right)

it('a merged part names the version of the head at which it has what lives', () => {
  addSealed(1, [scratchRowOf({ id: 1 })])
  addSealed(2, [scratchRowOf({ id: 2 })])
  setHeadVersion(scratch.head, 4711)
  expect(mergeParts({ folder: scratch.folder }, [1, 2], 3)).toMatchObject({
    part: 3,
    version: 4711,
    summary: { rows: 2, minId: 1, maxId: 2 },
  })
})

it('parts are not merged without the file of one', () => {
  addSealed(1, [scratchRowOf()])
  expect(() => mergeParts({ folder: scratch.folder }, [1, 2], 3)).toThrow('ENOENT')
  expect(partFiles()).toEqual(['00000001.part'])
})

it('a merge that finds no room leaves nothing behind', () => {
  const rowsFrom = (first: number) =>
    Array.from({ length: 1_000 }, (_, at) => scratchRowOf({ id: first + at }))
  addSealed(1, rowsFrom(1))
  addSealed(2, rowsFrom(1_001))
  let refusal: unknown
  try {
    mergeParts({ folder: scratch.folder, bytesMax: 64 * 1024 }, [1, 2], 3)
  } catch (error) {
    refusal = error
  }
  expect(isDiskFull(refusal)).toBe(true)
  expect(partFiles()).toEqual(['00000001.part', '00000002.part'])
})
