import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { matchesEvent } from '../../../../core/event-query.ts'
import { toManagedObjectId } from '../../../../core/identity.ts'
import { readPartContent, removeEvents } from '../../testing/part-file.ts'
import { addClosedPart, addDead, addGoneTenant } from '../../testing/scratch-part.ts'
import { markSealed, openScratchHead, toStoredEvent } from '../../testing/scratch-part.ts'
import { scratchDayMs, scratchRowOf, scratchRows } from '../../testing/scratch-rows.contract.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { rewritePart, sealPart } from './build-part.ts'
import { matchPart } from './match-part.ts'
import { partPath } from '../tables/part-files.ts'
import type { EventFilter, InstantRange } from '../../../../core/event-query.ts'
import type { Matches } from '../between-threads/janitor-messages.ts'
import type { ScratchHead, ScratchRow } from '../../testing/scratch-part.ts'

const hourMs = 60 * 60 * 1000

let scratch: ScratchHead
let part = 0
beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
})
afterEach(() => {
  scratch.head.close()
})

/** A part with these rows and its file in force. */
const addSealedPart = (rows: readonly ScratchRow[]): number => {
  part += 1
  addClosedPart(scratch.head, part, rows)
  markSealed(scratch.head, part, sealPart({ folder: scratch.folder }, part).summary)
  return part
}

type Asked = { readonly filter: EventFilter; readonly job: number; readonly namedMax: number }

const match = (number: number, { filter, job, namedMax }: Asked): Matches => {
  const covered = { job, tenant: 1, filter }
  return matchPart(scratch.folder, { kind: 'match', part: number, covered, namedMax })
}

/** The ids, or how many they are where they are all. */
const idsFound = (number: number, filter: EventFilter, job = Number.MAX_SAFE_INTEGER) => {
  const matches = match(number, { filter, job, namedMax: 1_000 })
  return matches.kind === 'all' ? matches.rows : matches.kind === 'rows' && [...matches.ids]
}

const expectMatches = (
  number: number,
  asked: Asked,
  alive: readonly ScratchRow[],
  covered: readonly ScratchRow[],
): void => {
  const matches = match(number, asked)
  if (matches.kind === 'all') {
    expect(matches.rows).toBe(alive.length)
    expect(covered).toEqual(alive)
    return
  }
  if (covered.length > 0) expect(covered).not.toEqual(alive)
  if (matches.kind === 'many') {
    expect(matches.rows).toBe(covered.length)
    expect(matches.rows).toBeGreaterThan(asked.namedMax)
    return
  }
  expect(covered.length).toBeLessThanOrEqual(asked.namedMax)
  const inOrder = covered.toSorted((l, r) => l.timeMs - r.timeMs || l.id - r.id)
  expect([...matches.ids]).toEqual(inOrder.map(({ id }) => id))
  expect([...matches.times]).toEqual(inOrder.map(({ timeMs }) => timeMs))
  expect([...matches.sources]).toEqual(inOrder.map(({ source }) => source))
  expect(new Set(matches.types).size).toBe(new Set(covered.map(({ type }) => type)).size)
  expect(matches.shapes).toHaveLength(covered.length)
}

const ms = fc.integer({ min: scratchDayMs - hourMs, max: scratchDayMs + 9 * hourMs })
const range: fc.Arbitrary<InstantRange> = fc.record({ fromMs: ms, toMs: ms }, { requiredKeys: [] })

const filters: fc.Arbitrary<EventFilter> = fc
  .record(
    {
      sources: fc.oneof(
        fc.array(fc.integer({ min: 1, max: 6 }).map(toManagedObjectId), { maxLength: 6 }),
        fc.constant(Array.from({ length: 2_000 }, (_, at) => toManagedObjectId(at + 2))),
      ),
      type: fc.constantFrom('door', 'Door', 'é', 'unknown', 'never used'),
      fragmentType: fc.constantFrom('a', 'b', 'unknown'),
      fragmentValue: fc.constantFrom('x', '1'),
      text: fc.constantFrom('a', 'E', '1', 'opened'),
      time: range,
      creation: range,
      lastUpdated: range,
    },
    { requiredKeys: [] },
  )
  .map(({ fragmentValue, ...filter }) => ({
    ...filter,
    ...(filter.fragmentType === undefined || fragmentValue === undefined ? {} : { fragmentValue }),
  }))

describe('the rows that a deletion covers', () => {
  it('are those that match and are not changed later, gone and dead ones left out', () => {
    const deaths = fc.infiniteStream(fc.constantFrom(true, false, false))
    const asking = fc.record({
      filter: filters,
      job: fc.constantFrom(999, 1_050, 5_000, Number.MAX_SAFE_INTEGER),
      namedMax: fc.constantFrom(0, 3, 1_000),
    })
    const deletions = fc.array(asking, { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(scratchRows, deletions, deaths, (rows, asked, deathOf) => {
        const number = addSealedPart(rows)
        const dead = rows.filter(() => deathOf.next().value === true)
        addDead(scratch.head, number, dead)
        const alive = rows.filter((row) => row.tenant === 1 && !dead.includes(row))
        for (const deletion of asked) {
          const { job, filter } = deletion
          const covered = alive.filter(
            (row) => (row.changed ?? row.id) <= job && matchesEvent(filter, toStoredEvent(row)),
          )
          expectMatches(number, deletion, alive, covered)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('are left out of a file that is made anew without them', () => {
    const jobs = fc.constantFrom(1_050, 5_000)
    fc.assert(
      fc.property(scratchRows, filters, jobs, (rows, filter, job) => {
        const number = addSealedPart(rows)
        const dead = rows.filter((_row, at) => at % 5 === 0)
        addDead(scratch.head, number, dead)
        const alive = rows.filter((row) => !dead.includes(row))
        const covered = alive.filter(
          (row) =>
            row.tenant === 1 &&
            (row.changed ?? row.id) <= job &&
            matchesEvent(filter, toStoredEvent(row)),
        )
        part += 1
        const rewrite = { part: number, into: part, covered: { job, tenant: 1, filter } }
        const built = rewritePart({ folder: scratch.folder }, rewrite)
        expect(built.coveredRows).toBe(covered.length)
        const staying = alive.filter((row) => !covered.includes(row)).map(({ id }) => id)
        const { rows: found } = readPartContent(partPath(scratch.folder, part))
        expect(found.map(({ id }) => id)).toEqual(staying.toSorted((left, right) => left - right))
      }),
      { numRuns: 100 },
    )
  })

  it('are none of a tenant that is gone from the part', () => {
    const number = addSealedPart([scratchRowOf(), scratchRowOf({ id: 2, tenant: 2 })])
    addGoneTenant(scratch.head, number, 1)
    expect(idsFound(number, {})).toEqual([])
    const covered = { job: 1_000, tenant: 1, filter: {} }
    part += 1
    const rewrite = { part: number, into: part, covered }
    expect(rewritePart({ folder: scratch.folder }, rewrite).coveredRows).toBe(0)
  })

  it('are none of a tenant that was never there', () => {
    expect(idsFound(addSealedPart([scratchRowOf({ tenant: 2 })]), {})).toEqual([])
  })
})

describe('without a look at any row', () => {
  const fragments = [{ name: 'a', value: '"x"' }]
  const rows = [
    scratchRowOf({ id: 10, source: 1, fragments }),
    scratchRowOf({ id: 20, source: 2, fragments, timeMs: scratchDayMs + 50, changed: 30 }),
    scratchRowOf({ id: 40, tenant: 2, type: 'lamp', timeMs: 0 }),
  ]
  const sources = [1, 2, 3].map(toManagedObjectId)
  const whole = { fromMs: scratchDayMs, toMs: scratchDayMs + 51 }
  let number = 0
  beforeEach(() => {
    number = addSealedPart(rows)
    removeEvents(partPath(scratch.folder, number))
  })

  it.each<EventFilter>([
    {},
    { type: 'door' },
    { sources },
    { time: whole },
    { creation: whole },
    { fragmentType: 'a' },
    { type: 'door', fragmentType: 'a', sources, time: whole, creation: whole },
  ])('all that the tenant has is covered by %j', (filter) => {
    expect(idsFound(number, filter)).toBe(2)
  })

  it('rows that have died are not counted again', () => {
    addDead(scratch.head, number, rows.slice(0, 1))
    expect(idsFound(number, {})).toBe(1)
  })

  it.each<EventFilter>([
    { type: 'door', sources: sources.slice(0, 1) },
    { time: { fromMs: scratchDayMs + 1 } },
    { creation: { toMs: scratchDayMs } },
    { type: 'lamp' },
    { fragmentType: 'b' },
    { fragmentType: 'a', fragmentValue: 'x' },
    { lastUpdated: whole },
  ])('it cannot be said that all is covered by %j', (filter) => {
    expect(idsFound(number, filter)).toEqual([])
  })

  it('it cannot be said of a deletion that is older than the last change', () => {
    expect(idsFound(number, {}, 39)).toEqual([])
    expect(idsFound(number, {}, 40)).toBe(2)
  })
})
