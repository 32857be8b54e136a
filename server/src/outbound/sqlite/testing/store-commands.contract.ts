import fc from 'fast-check'
import { toEventId, toManagedObjectId } from '../../../core/identity.ts'
import { fragmentNameLengthMax } from '../../../core/limits.ts'
import { sampleEvent, sampleStartMs, sampleUnique } from '../../../ports/event-samples.contract.ts'
import type { EventChange } from '../../../core/event.ts'
import type { EventFilter, EventOrder, EventPlace } from '../../../core/event-query.ts'
import type { PagePosition } from '../../../core/event-query.ts'
import type { Result } from '../../../core/failure.ts'
import type { Fragments } from '../../../core/fragments.ts'
import type { TenantId } from '../../../core/identity.ts'
import type { EventStore } from '../../../ports/event-store.ts'

/** One call, as data: the same command runs against every store that is compared. */
export type Command = (call: CommandCall) => Promise<Result<unknown>>

/** `places` are those of events that the tenant has, or once had. */
export type CommandCall = {
  readonly store: EventStore
  readonly tenant: TenantId
  readonly places: readonly EventPlace[]
}

/** So few of each, that ties, duplicates and hits are frequent. */
const sources = fc.integer({ min: 1, max: 2 }).map(toManagedObjectId)
const types = fc.constantFrom('a', 'b')
const instants = fc.integer({ min: 0, max: 3 }).map((step) => sampleStartMs + 1_000 * step)
const times = fc.record({ ms: instants, offsetMinutes: fc.constantFrom(0, 60, -90) })
const texts = fc.constantFrom('', 'one', 'two')
const names = fc.constantFrom('f', 'g', 'h')
const values = fc.constantFrom('"x"', '"\\u0078"', '1.50', 'null', '{"x": [1, "y\\u001f"]}')

const fewFragments: fc.Arbitrary<Fragments> = fc.uniqueArray(
  fc.record({ name: names, value: values }),
  { maxLength: 3, selector: ({ name }) => name },
)

/** Names too long for the dictionary of shapes: such rows carry their own. */
const manyNames: Fragments = Array.from({ length: 17 }, (_, n) => ({
  name: `n${n}`.padEnd(fragmentNameLengthMax, 'n'),
  value: String(n),
}))

const fragments: fc.Arbitrary<Fragments> = fc.oneof(
  { weight: 8, arbitrary: fewFragments },
  { weight: 1, arbitrary: fewFragments.map((few) => [...few, ...manyNames]) },
)

const drafts = fc.record({ source: sources, type: types, text: texts, time: times, fragments })

const events = drafts.map(sampleEvent)

const uniques = fc
  .record({ source: sources, time: times, data: fc.integer({ min: 1, max: 2 }) })
  .map((parts) => sampleUnique({ ...parts, type: 'a' }))

const changes: fc.Arbitrary<EventChange> = fc.record({
  text: fc.option(texts, { nil: undefined }),
  fragments,
})

const ranges = fc.record({ fromMs: instants, toMs: instants }, { requiredKeys: [] })

const filters: fc.Arbitrary<EventFilter> = fc
  .record(
    {
      sources: fc.array(sources, { maxLength: 3 }),
      type: fc.constantFrom('a', 'b', 'never seen'),
      fragment: fc.record(
        { fragmentType: names, fragmentValue: fc.constantFrom('x', '1.50', 'y') },
        { requiredKeys: ['fragmentType'] },
      ),
      text: fc.constantFrom('ONE', 'o', 't w', 'never seen'),
      time: ranges,
      creation: ranges,
      lastUpdated: ranges,
    },
    { requiredKeys: [] },
  )
  .map(({ fragment = {}, ...others }) => ({ ...others, ...fragment }))

const orders: fc.Arbitrary<EventOrder> = fc.constantFrom('newest-first', 'oldest-first')

const indexes = fc.nat({ max: 1_000 })

const placeAt = (places: readonly EventPlace[], index: number): EventPlace =>
  places[index % Math.max(1, places.length)] ?? { timeMs: sampleStartMs, id: toEventId(1) }

type Position = (places: readonly EventPlace[]) => PagePosition

const positions: fc.Arbitrary<Position> = fc.oneof(
  fc.nat({ max: 8 }).map((skip): Position => () => ({ from: 'start', skip })),
  fc
    .record({ from: fc.constantFrom('after' as const, 'before' as const), index: indexes })
    .map(({ from, index }): Position => (places) => ({ from, ...placeAt(places, index) })),
)

export const writeCommands: fc.Arbitrary<Command> = fc.oneof(
  fc.array(fc.oneof(events, uniques), { maxLength: 4 }).map(
    (list): Command =>
      ({ store, tenant }) =>
        store.append(tenant, list),
  ),
  uniques.map(
    (event): Command =>
      ({ store, tenant }) =>
        store.appendUnique(tenant, event),
  ),
  uniques.map(
    (event): Command =>
      ({ store, tenant }) =>
        store.accept(tenant, event),
  ),
  fc.record({ index: indexes, change: changes }).map(
    ({ index, change }): Command =>
      ({ store, tenant, places }) =>
        store.change(tenant, placeAt(places, index).id, change),
  ),
  indexes.map(
    (index): Command =>
      ({ store, tenant, places }) =>
        store.delete(tenant, placeAt(places, index).id),
  ),
  filters.map(
    (filter): Command =>
      ({ store, tenant }) =>
        store.deleteMatching(tenant, filter),
  ),
)

export const readCommands: fc.Arbitrary<Command> = fc.oneof(
  indexes.map(
    (index): Command =>
      ({ store, tenant, places }) =>
        store.read(tenant, placeAt(places, index).id),
  ),
  filters.map(
    (filter): Command =>
      ({ store, tenant }) =>
        store.count(tenant, filter),
  ),
  fc
    .record({
      filter: filters,
      order: orders,
      position: positions,
      size: fc.integer({ min: 1, max: 5 }),
    })
    .map(
      ({ position, ...request }): Command =>
        ({ store, tenant, places }) =>
          store.readPage(tenant, { ...request, position: position(places) }),
    ),
)

/** What the clock does before a step; it may be set back. */
export const clockSteps = fc.constantFrom(0, 0, 1, 1_000, -2_500)
