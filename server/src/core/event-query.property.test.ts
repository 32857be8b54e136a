import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareEvents, matchesEvent } from './event-query.ts'
import { toEventId, toManagedObjectId, toTenantId } from './identity.ts'
import type { StoredEvent } from './event.ts'
import type { EventFilter, EventPlace, InstantRange } from './event-query.ts'

const ms = fc.integer({ min: -5, max: 5 })
const source = fc.integer({ min: 1, max: 3 }).map(toManagedObjectId)
const type = fc.constantFrom('a', 'A', 'b', '')
const name = fc.constantFrom('f', 'g', 'constructor', '__proto__')
const value = fc.constantFrom('"x"', '"\\u0078"', '1', '"1"', 'null', '{"x":1}', '""')

const event: fc.Arbitrary<StoredEvent> = fc.record({
  tenant: fc.constant(toTenantId('t1')),
  id: fc.integer({ min: 1, max: 9 }).map(toEventId),
  source,
  type,
  text: fc.constant('text'),
  time: fc.record({ ms, offsetMinutes: fc.constantFrom(0, 120) }),
  creationMs: ms,
  lastUpdatedMs: ms,
  fragments: fc.uniqueArray(fc.record({ name, value }), { selector: (found) => found.name }),
})

const range: fc.Arbitrary<InstantRange> = fc.record({ fromMs: ms, toMs: ms }, { requiredKeys: [] })

const filter: fc.Arbitrary<EventFilter> = fc.record(
  {
    sources: fc.array(source, { maxLength: 3 }),
    type,
    fragmentType: name,
    fragmentValue: fc.constantFrom('x', '1', '', 'null'),
    time: range,
    creation: range,
    lastUpdated: range,
  },
  { requiredKeys: [] },
)

/** The filter split into filters of one condition each; a fragment's value goes with its name. */
const conditions = (given: EventFilter): readonly EventFilter[] => {
  const { fragmentType, fragmentValue, ...others } = given
  const single = Object.entries(others).map(([key, condition]): EventFilter => ({
    [key]: condition,
  }))
  if (fragmentType === undefined) return single
  return [
    ...single,
    fragmentValue === undefined ? { fragmentType } : { fragmentType, fragmentValue },
  ]
}

describe('a filter', () => {
  it('matches everything when it is empty or has only open ranges', () => {
    fc.assert(
      fc.property(event, (given) => {
        expect(matchesEvent({}, given)).toBe(true)
        expect(matchesEvent({ time: {}, creation: {}, lastUpdated: {} }, given)).toBe(true)
      }),
    )
  })

  it('matches exactly when each of its conditions does', () => {
    fc.assert(
      fc.property(filter, event, (given, found) => {
        const each = conditions(given).every((condition) => matchesEvent(condition, found))
        expect(matchesEvent(given, found)).toBe(each)
      }),
      { numRuns: 5_000 },
    )
  })

  it('takes any of its sources, and none of an empty list', () => {
    fc.assert(
      fc.property(fc.array(source), event, (sources, found) => {
        expect(matchesEvent({ sources }, found)).toBe(sources.includes(found.source))
        expect(matchesEvent({ sources: [] }, found)).toBe(false)
      }),
    )
  })

  it('splits a range at any instant into two that share nothing', () => {
    fc.assert(
      fc.property(range, ms, event, (given, split, found) => {
        for (const field of ['time', 'creation', 'lastUpdated'] as const) {
          const before = matchesEvent({ [field]: { ...given, toMs: split } }, found)
          const from = matchesEvent({ [field]: { ...given, fromMs: split } }, found)
          const inside = { fromMs: -Infinity, toMs: Infinity, ...given }
          const whole = matchesEvent({ [field]: given }, found)
          if (split > inside.fromMs && split < inside.toMs) {
            expect([before, from].filter(Boolean)).toHaveLength(whole ? 1 : 0)
          }
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('has its lower bound inside and its upper bound outside', () => {
    fc.assert(
      fc.property(event, (found) => {
        const at = found.time.ms
        expect(matchesEvent({ time: { fromMs: at, toMs: at + 1 } }, found)).toBe(true)
        expect(matchesEvent({ time: { fromMs: at, toMs: at } }, found)).toBe(false)
        expect(matchesEvent({ time: { fromMs: at + 1 } }, found)).toBe(false)
      }),
    )
  })

  it('compares a fragment by its string value only', () => {
    fc.assert(
      fc.property(event, name, fc.constantFrom('x', '1', '', 'null'), (found, wanted, text) => {
        const fragment = found.fragments.find((candidate) => candidate.name === wanted)
        const given: unknown = fragment && JSON.parse(fragment.value)
        expect(matchesEvent({ fragmentType: wanted }, found)).toBe(fragment !== undefined)
        const both = { fragmentType: wanted, fragmentValue: text }
        expect(matchesEvent(both, found)).toBe(given === text)
      }),
    )
  })

  it('compares types letter by letter', () => {
    fc.assert(
      fc.property(type, event, (wanted, found) => {
        expect(matchesEvent({ type: wanted }, found)).toBe(wanted === found.type)
      }),
    )
  })
})

describe('the order of events', () => {
  const place: fc.Arbitrary<EventPlace> = fc.record({
    timeMs: fc.oneof(ms, fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })),
    id: fc
      .oneof(
        fc.integer({ min: 1, max: 5 }),
        fc.maxSafeNat().map((id) => id + 1),
      )
      .map(toEventId),
  })
  const oldest = compareEvents('oldest-first')
  const newest = compareEvents('newest-first')

  it('is by time and then by id', () => {
    fc.assert(
      fc.property(place, place, (left, right) => {
        const earlier =
          left.timeMs < right.timeMs || (left.timeMs === right.timeMs && left.id < right.id)
        expect(oldest(left, right) < 0).toBe(earlier)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is total: only one place is neither before nor behind another', () => {
    fc.assert(
      fc.property(place, place, (left, right) => {
        const same = left.timeMs === right.timeMs && left.id === right.id
        expect(Math.abs(oldest(left, right)) === 0).toBe(same)
        expect(Math.sign(oldest(left, right)) + Math.sign(oldest(right, left))).toBe(0)
      }),
    )
  })

  it('is transitive', () => {
    fc.assert(
      fc.property(place, place, place, (first, second, third) => {
        if (oldest(first, second) <= 0 && oldest(second, third) <= 0) {
          expect(oldest(first, third)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })

  it('is turned round whole by the other order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(place, { selector: ({ timeMs, id }) => `${timeMs}/${id}` }),
        (all) => {
          expect(all.toSorted(newest)).toEqual(all.toSorted(oldest).reverse())
        },
      ),
    )
  })
})
