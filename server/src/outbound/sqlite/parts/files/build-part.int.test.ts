import { readdirSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { splitNames } from '../../events/stored-fragments.ts'
import { readHeadRows, readPartContent } from '../../testing/part-file.ts'
import { addClosedPart, addDead, addGoneTenant } from '../../testing/scratch-part.ts'
import { markSealed, openScratchHead, setHeadVersion } from '../../testing/scratch-part.ts'
import { scratchDayMs, scratchRowOf, scratchRows } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { isDiskFull } from '../../storage-error.ts'
import { rewritePart, sealPart } from './build-part.ts'
import { ordinaryTimeMs } from '../tables/catalogue.ts'
import { eventsFolder, partBuildPath, partPath } from '../tables/part-files.ts'
import { rowOverheadBytes } from '../tables/part-rollups.ts'
import type { PartContent, PartContentRow } from '../../testing/part-file.ts'
import type { ScratchHead, ScratchRow } from '../../testing/scratch-part.ts'

let scratch: ScratchHead
beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
})
afterEach(() => {
  scratch.head.close()
})

const contentOf = (part: number): PartContent => readPartContent(partPath(scratch.folder, part))

const idsOf = (part: number): readonly number[] => contentOf(part).rows.map(({ id }) => id)

const partFiles = (): readonly string[] =>
  readdirSync(eventsFolder(scratch.folder)).filter((name) => name.includes('.part'))

const minOf = (numbers: readonly number[], none = 0): number =>
  numbers.length === 0 ? none : Math.min(...numbers)
const maxOf = (numbers: readonly number[], none = 0): number =>
  numbers.length === 0 ? none : Math.max(...numbers)

const summaryOf = (rows: readonly ScratchRow[]) => {
  const unchanged = rows.filter(({ changed }) => changed === null)
  const fresh = (unchanged.length > 0 ? unchanged : rows).map(({ creationMs }) => creationMs)
  const isOrdinary = ({ timeMs }: ScratchRow): boolean =>
    timeMs >= minOf(fresh) - ordinaryTimeMs && timeMs <= maxOf(fresh) + ordinaryTimeMs
  const times = rows.filter(isOrdinary).map(({ timeMs }) => timeMs)
  const others = rows.filter((row) => !isOrdinary(row)).map(({ source }) => source)
  return {
    rows: rows.length,
    uniqueRows: rows.filter(({ digest }) => digest !== null).length,
    minId: minOf(rows.map(({ id }) => id)),
    maxId: maxOf(rows.map(({ id }) => id)),
    maxChanged: maxOf(rows.map(({ id, changed }) => changed ?? id)),
    minCreationMs: minOf(rows.map(({ creationMs }) => creationMs)),
    maxCreationMs: maxOf(rows.map(({ creationMs }) => creationMs)),
    minTimeMs: minOf(times, Number.MAX_SAFE_INTEGER),
    maxTimeMs: maxOf(times, Number.MIN_SAFE_INTEGER),
    outliers: JSON.stringify([...new Set(others)].toSorted((left, right) => left - right)),
  }
}

/** The roll-up of each group of rows with the same key, ordered by key. */
const groupsOf = (
  rows: readonly PartContentRow[],
  keyOf: (row: PartContentRow) => readonly number[],
): readonly (readonly number[])[] => {
  const groups = new Map<string, readonly PartContentRow[]>()
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row))
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()]
    .map((group) => {
      const times = group.map((row) => row.time_ms)
      const [first] = group
      return [...(first ? keyOf(first) : []), group.length, minOf(times), maxOf(times)]
    })
    .toSorted(compareKeys)
}

const compareKeys = (left: readonly number[], right: readonly number[]): number => {
  const at = left.findIndex((value, index) => value !== right[index])
  return (left[at] ?? 0) - (right[at] ?? 0)
}

const sortedOnce = <T extends string | number>(values: readonly T[]): readonly T[] =>
  [...new Set(values)].toSorted((left, right) => (left < right ? -1 : 1))

/** Everything beside the rows that a file must say, from the rows. */
const expectConsistent = (content: PartContent): void => {
  const { rows } = content
  const types = new Map(content.types)
  const bytesOf = (tenant: number): number =>
    rows
      .filter((row) => row.tenant === tenant)
      .map(({ type, text, fragments }) => `${types.get(type) ?? ''}${text}${fragments}`)
      .reduce((sum, texts) => sum + Buffer.byteLength(texts) + rowOverheadBytes, 0)
  const byTenant = groupsOf(rows, ({ tenant }) => [tenant])
  expect(content.tenantRollup).toEqual(
    byTenant.map(([tenant = 0, count, ...times]) => [tenant, count, bytesOf(tenant), ...times]),
  )
  expect(content.sourceRollup).toEqual(groupsOf(rows, ({ tenant, source }) => [tenant, source]))
  expect(content.typeRollup).toEqual(
    groupsOf(rows, ({ tenant, type, shape }) => [tenant, type, shape]),
  )
  const shapes = sortedOnce(rows.map(({ shape }) => shape)).filter((shape) => shape !== 0)
  expect(content.tenants).toEqual(byTenant.map(([tenant = 0]) => [tenant, `t${tenant}`]))
  expect(content.types.map(([id]) => id)).toEqual(sortedOnce(rows.map(({ type }) => type)))
  expect(content.shapes.map(([id]) => id)).toEqual(shapes)
  expect(content.shapeFragments.toSorted()).toEqual(
    content.shapes.flatMap(([id, names]) => splitNames(names).map((name) => [name, id])).toSorted(),
  )
}

describe('the file of a closed part', () => {
  it('has exactly the rows of the head, and says what is in it', () => {
    let part = 0
    fc.assert(
      fc.property(scratchRows, (rows) => {
        part += 1
        addClosedPart(scratch.head, part, rows)
        const { summary, ...built } = sealPart({ folder: scratch.folder }, part)
        expect(built).toEqual({ part, version: 0, coveredRows: 0 })
        expect({ ...summary, bytes: 0 }).toEqual({ ...summaryOf(rows), bytes: 0 })
        const content = contentOf(part)
        expect(content.rows).toEqual(readHeadRows(scratch.head, part))
        expect(content.types.map(([, text]) => text).toSorted()).toEqual(
          sortedOnce(rows.map(({ type }) => type)),
        )
        expectConsistent(content)
      }),
      { numRuns: 150 },
    )
  })

  it('names the version of the head from which the dead are read anew', () => {
    addClosedPart(scratch.head, 1, [scratchRowOf()])
    setHeadVersion(scratch.head, 4711)
    expect(sealPart({ folder: scratch.folder }, 1).version).toBe(4711)
  })

  it('says that any source may have odd times when very many have', () => {
    const rows = Array.from({ length: 1_001 }, (_, at) =>
      scratchRowOf({ id: at + 2, source: at + 2, timeMs: 0 }),
    )
    addClosedPart(scratch.head, 1, [scratchRowOf(), ...rows])
    addClosedPart(scratch.head, 2, [scratchRowOf(), ...rows.slice(1)])
    expect(sealPart({ folder: scratch.folder }, 1).summary.outliers).toBeNull()
    const { outliers } = sealPart({ folder: scratch.folder }, 2).summary
    expect(JSON.parse(outliers ?? '[]')).toHaveLength(1_000)
  })

  it('counts an old time as odd although a changed row of that day has moved in', () => {
    const oldMs = scratchDayMs - 1_000 * ordinaryTimeMs
    const moved = { creationMs: oldMs, timeMs: oldMs, changed: 9, lastUpdatedMs: scratchDayMs }
    addClosedPart(scratch.head, 1, [
      scratchRowOf({ id: 1, source: 7, ...moved }),
      scratchRowOf({ id: 2 }),
    ])
    const { summary } = sealPart({ folder: scratch.folder }, 1)
    expect(summary).toMatchObject({ minTimeMs: scratchDayMs, outliers: '[7]' })
    expect(summary.minCreationMs).toBe(oldMs)
  })

  it('takes the place of what a crash left', () => {
    addClosedPart(scratch.head, 1, [scratchRowOf()])
    writeFileSync(partPath(scratch.folder, 1), 'torn')
    writeFileSync(partBuildPath(scratch.folder, 1), 'torn as well')
    sealPart({ folder: scratch.folder }, 1)
    expect(idsOf(1)).toEqual([1])
    expect(partFiles()).toEqual(['00000001.part'])
  })

  it('is never built over one that is in force', () => {
    addClosedPart(scratch.head, 1, [scratchRowOf()])
    markSealed(scratch.head, 1, sealPart({ folder: scratch.folder }, 1).summary)
    expect(() => sealPart({ folder: scratch.folder }, 1)).toThrow('has its file already')
    expect(idsOf(1)).toEqual([1])
  })

  it('leaves nothing behind when the disk is full', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => scratchRowOf({ id: at + 1 }))
    addClosedPart(scratch.head, 1, rows)
    let refusal: unknown
    try {
      sealPart({ folder: scratch.folder, bytesMax: 64 * 1024 }, 1)
    } catch (error) {
      refusal = error
    }
    expect(isDiskFull(refusal)).toBe(true)
    expect(partFiles()).toEqual([])
    expect(sealPart({ folder: scratch.folder }, 1).summary.rows).toBe(2_000)
  })
})

describe('a rewritten part', () => {
  it('has the rows that are neither dead nor of a gone tenant, under their old numbers', () => {
    let part = 0
    const gone = fc.uniqueArray(fc.integer({ min: 1, max: 3 }), { maxLength: 2 })
    fc.assert(
      fc.property(scratchRows, fc.infiniteStream(fc.boolean()), gone, (rows, deaths, tenants) => {
        part += 2
        addClosedPart(scratch.head, part, rows)
        sealPart({ folder: scratch.folder }, part)
        const dead = rows.filter(() => deaths.next().value === true)
        addDead(scratch.head, part, dead)
        for (const tenant of tenants) addGoneTenant(scratch.head, part, tenant)
        const { summary } = rewritePart({ folder: scratch.folder }, { part, into: part + 1 })
        const left = rows.filter((row) => !dead.includes(row) && !tenants.includes(row.tenant))
        expect({ ...summary, bytes: 0 }).toEqual({ ...summaryOf(left), bytes: 0 })
        const ids = new Set(left.map(({ id }) => id))
        const content = contentOf(part + 1)
        expect(content.rows).toEqual(contentOf(part).rows.filter(({ id }) => ids.has(id)))
        expectConsistent(content)
      }),
      { numRuns: 100 },
    )
  })

  it('does not begin without its old file', () => {
    expect(() => rewritePart({ folder: scratch.folder }, { part: 1, into: 2 })).toThrow('ENOENT')
    expect(partFiles()).toEqual([])
  })
})
