import { describe, expect, it } from 'vitest'
import { compareEvents, matchesEvent } from '../../../../core/event-query.ts'
import type { EventFilter, EventPageRequest } from '../../../../core/event-query.ts'
import type { StoredEvent } from '../../../../core/event.ts'
import type { Result } from '../../../../core/failure.ts'
import { toEventId } from '../../../../core/identity.ts'
import type { TenantId } from '../../../../core/identity.ts'
import { decodeEvent } from '../../events/decode-event.ts'
import { openForReading } from '../../open-database.ts'
import type { Simulation } from '../../testing/parts-simulation.fixture.ts'
import { createRandom, randomFilter, randomInstant } from '../../testing/random-parts.fixture.ts'
import { simulateRandomly, simulatedTenants } from '../../testing/random-parts.fixture.ts'
import type { Random } from '../../testing/random-parts.fixture.ts'
import { scratchFolder } from '../../testing/scratch-store.contract.ts'
import { writeParts } from '../../testing/write-parts.ts'
import { createEventReads } from './event-reads.ts'
import type { EventReads } from './event-reads.ts'
import { headPath } from '../tables/part-files.ts'
import { createPatience, OutOfPatience } from '../tables/patience.ts'
import type { Patience } from '../tables/patience.ts'
import { createSnapshotMemory, openSnapshotMark } from '../between-threads/snapshots.ts'

type Opened = {
  readonly reads: EventReads
  readonly simulation: Simulation
  readonly random: Random
  readonly patience: Patience
}

const open = (seed: number): Opened => {
  const random = createRandom(seed)
  const simulation = simulateRandomly(random)
  const folder = scratchFolder()
  const memory = writeParts(folder, simulation, simulatedTenants)
  const mark = openSnapshotMark(createSnapshotMemory(1), 0)
  const head = openForReading(headPath(folder))
  const walkedMax = random.pick([0, 0, 5, 1_000])
  const rowsApart = random.pick([1, 3, 10, 1_000])
  const patience = createPatience()
  const parts = { head, folder, memory, mark, patience, walkedMax, rowsApart }
  return { reads: createEventReads(parts), simulation, random, patience }
}

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.failure.kind)
  return result.value
}

const eventsOf = ({ living }: Simulation, tenant: TenantId): readonly StoredEvent[] =>
  [...living.values()].map(({ event }) => event).filter((event) => event.tenant === tenant)

const placeOf = ({ time, id }: StoredEvent) => ({ timeMs: time.ms, id })

type Page = { readonly events: readonly StoredEvent[]; readonly more: boolean }

/** The plainest meaning of a page. */
const expectedPage = (all: readonly StoredEvent[], request: EventPageRequest): Page => {
  const { filter, order, position, size } = request
  const compare = compareEvents(order)
  const list = all
    .filter((event) => matchesEvent(filter, event))
    .toSorted((left, right) => compare(placeOf(left), placeOf(right)))
  if (position.from === 'start') return slice(list, position.skip, size)
  const before = list.filter((event) => compare(placeOf(event), position) < 0)
  if (position.from === 'before') {
    return { events: before.slice(-size), more: before.length < list.length }
  }
  return slice(list, list.filter((event) => compare(placeOf(event), position) <= 0).length, size)
}

const slice = (list: readonly StoredEvent[], start: number, size: number): Page => ({
  events: list.slice(start, start + size),
  more: list.length > start + size,
})

const randomRequest = (
  { random }: Opened,
  filter: EventFilter,
  all: readonly StoredEvent[],
): EventPageRequest => {
  const order = random.pick(['newest-first', 'oldest-first'] as const)
  const size = random.pick([1, 3, 20, 200, 2_000])
  const one = all[random.below(Math.max(1, all.length))]
  const from = random.pick(['start', 'start', 'after', 'before'] as const)
  if (from === 'start') {
    const skip = random.pick([0, random.below(10), random.below(all.length + 5)])
    return { filter, order, size, position: { from, skip } }
  }
  const timeMs = random.chance(0.9) && one ? one.time.ms : randomInstant(random)
  const id = toEventId((one?.id ?? 1) + random.pick([0, 0, 1, -1]))
  return { filter, order, size, position: { from, timeMs, id } }
}

const comparePages = (opened: Opened, tenant: TenantId): void => {
  const { reads, simulation, random } = opened
  const all = eventsOf(simulation, tenant)
  for (let n = 0; n < 150; n += 1) {
    const filter = randomFilter(random)
    const matches = all.filter((event) => matchesEvent(filter, event))
    const told = JSON.stringify({ tenant, filter })
    expect(valueOf(reads.countEvents(tenant, filter)), told).toBe(matches.length)
    for (let page = 0; page < 3; page += 1) {
      const request = randomRequest(opened, filter, page === 0 ? all : matches)
      const { rows, more } = valueOf(reads.readEventPage(tenant, request))
      const expected = expectedPage(all, request)
      const found = { events: rows.map((row) => decodeEvent(tenant, row)), more }
      expect(found, JSON.stringify({ tenant, request })).toEqual(expected)
    }
  }
}

const seeds = [...Array.from({ length: 24 }, (_, n) => n + 1), Math.floor(Math.random() * 1e9)]

describe('reads of a store in parts', () => {
  it.each(seeds)('find, count and order what a plain list does (seed %i)', (seed) => {
    const opened = open(seed)
    for (const tenant of simulatedTenants) comparePages(opened, tenant)
  })

  it.each(seeds)('find each living event by its id, and no other one (seed %i)', (seed) => {
    const { reads, simulation } = open(seed)
    for (let id = 0; id <= simulation.highWater + 1; id += 1) {
      const living = simulation.living.get(id)?.event
      for (const tenant of simulatedTenants) {
        const found = reads.readEvent(tenant, id)
        const event = found.ok ? decodeEvent(tenant, found.value) : undefined
        expect(event, `${tenant} ${id}`).toEqual(living?.tenant === tenant ? living : undefined)
      }
    }
  })
})

it('a scan that is out of time ends with nothing done, and the next call has its own time', () => {
  const { reads, patience } = open(1)
  const [tenant = ''] = simulatedTenants
  const filter = { text: 'nothing has this' }
  patience.begin(-1)
  const scanOnAndOn = (): void => {
    for (let n = 0; n < 1_000; n += 1) valueOf(reads.countEvents(tenant, filter))
  }
  expect(scanOnAndOn).toThrow(OutOfPatience)
  patience.begin(60_000)
  expect(scanOnAndOn).not.toThrow()
  expect(valueOf(reads.countEvents(tenant, {}))).toBeGreaterThan(0)
})
