import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesEvent } from './event-query.ts'
import type { StoredEvent } from './event.ts'
import { toEventId, toManagedObjectId, toTenantId } from './identity.ts'
import {
  expiredEvents,
  expiredRecords,
  filterOf,
  retentionDataTypes,
  unionTerms,
} from './retention.ts'
import type { Expiry } from './retention.ts'

const dayMs = 24 * 60 * 60 * 1000
const nowMs = 100 * dayMs

const conditions = {
  type: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  source: fc.option(fc.constantFrom('1', '2', 'x'), { nil: undefined }),
  maximumAge: fc.integer({ min: 1, max: 5 }),
}

const rule = fc.record({
  ...conditions,
  dataType: fc.constantFrom(...retentionDataTypes),
  fragmentType: fc.option(fc.constantFrom('f', 'g'), { nil: undefined }),
})

const event = fc.record({
  source: fc.constantFrom(1, 2).map(toManagedObjectId),
  type: fc.constantFrom('a', 'b', 'c'),
  creationMs: fc.integer({ min: 0, max: 7 }).map((days) => nowMs - days * dayMs),
  fragments: fc.subarray(['f', 'g']).map((names) => names.map((name) => ({ name, value: '1' }))),
})

const toEvent = (part: Pick<StoredEvent, 'source' | 'type' | 'creationMs' | 'fragments'>) => ({
  tenant: toTenantId('t1'),
  id: toEventId(1),
  text: '',
  time: { ms: 0, offsetMinutes: 0 },
  lastUpdatedMs: part.creationMs,
  ...part,
})

const matches = (expiry: Expiry, each: StoredEvent): boolean => matchesEvent(filterOf(expiry), each)

describe('retention rules', () => {
  it('remove an event exactly when one of them, on its own, says so', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), event, (rules, part) => {
        const wanted = rules.some(
          ({ dataType, fragmentType, type, source, maximumAge }) =>
            (dataType === 'EVENT' || dataType === '*') &&
            (type === undefined || type === part.type) &&
            (source === undefined || source === String(part.source)) &&
            (fragmentType === undefined ||
              part.fragments.some(({ name }) => name === fragmentType)) &&
            part.creationMs < nowMs - maximumAge * dayMs,
        )
        const removed = expiredEvents(rules, nowMs).some((each) => matches(each, toEvent(part)))
        expect(removed).toBe(wanted)
      }),
    )
  })

  it('are counted together with each event once, unless it needs two fragments', () => {
    const events = fc.array(event.map(toEvent), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), events, (rules, all) => {
        const expiries = expiredEvents(rules, nowMs)
        const terms = unionTerms(expiries, 1_000)
        const fragments = new Set(expiries.flatMap(({ fragmentType }) => fragmentType ?? []))
        if (terms === undefined) {
          expect(fragments.size).toBe(2)
          return
        }
        const counted = terms.reduce(
          (sum, { sign, expiry }) =>
            sum + sign * all.filter((each) => matches(expiry, each)).length,
          0,
        )
        const covered = all.filter((each) => expiries.some((expiry) => matches(expiry, each)))
        expect(counted).toBe(covered.length)
      }),
    )
  })
})

describe('the terms of a count', () => {
  it('are no more than asked for', () => {
    const rules = ['1', '2', '3'].map((source) => ({ ...everything, source }))
    expect(unionTerms(expiredEvents(rules, nowMs), 3)).toHaveLength(3)
    expect(unionTerms(expiredEvents(rules, nowMs), 2)).toBeUndefined()
  })
})

const everything = {
  dataType: '*',
  fragmentType: undefined,
  type: undefined,
  source: undefined,
  maximumAge: 1,
} as const

describe('audit records', () => {
  it('fall under rules about them or about all, but not under those about a fragment', () => {
    const rules = [
      { ...everything, dataType: 'EVENT' as const },
      { ...everything, fragmentType: 'f' },
      { ...everything, dataType: 'AUDIT' as const, maximumAge: 3 },
    ]
    expect(expiredRecords(rules, nowMs)).toMatchObject([{ beforeMs: nowMs - 3 * dayMs }])
  })
})
