import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStepClock, otherTenant, sampleEvent } from './event-samples.contract.ts'
import { sampleTenant, sampleUnique, valueOf } from './event-samples.contract.ts'
import { retryAfterS } from '../core/limits.ts'
import type { TenantId } from '../core/identity.ts'
import type { Clock } from './clock.ts'
import type { EventStore } from './event-store.ts'

const tenantBytesMax = 20_000

/** Half of it in characters: two bytes each. */
const eventBytes = 1_000
const text = 'é'.repeat(eventBytes / 2)

/** Each weighs a little more than its text. */
const eventsMax = tenantBytesMax / eventBytes

/** What a store promises whose tenants may have so many bytes each. */
export const tenantLimitContract = (
  name: string,
  makeStore: (clock: Clock, tenantBytesMax: number) => Promise<EventStore>,
): void => {
  describe(`limit of a tenant: ${name}`, () => {
    let store: EventStore
    beforeEach(async () => {
      store = await makeStore(createStepClock(), tenantBytesMax)
    })
    afterEach(() => store.close())
    refusalCases(() => store)
    resumeCases(() => store)
  })
}

const full = {
  ok: false,
  failure: { kind: 'unavailable', reason: 'tenant-full', retryAfterS },
}

const append = (store: EventStore, tenant: TenantId) =>
  store.append(tenant, [sampleEvent({ text })])

/** Events until the tenant has no room; answers how many there was room for. */
const fill = async (store: EventStore, tenant = sampleTenant): Promise<number> => {
  for (let stored = 0; stored <= 2 * eventsMax; stored += 1) {
    const answer = await append(store, tenant)
    if (answer.ok) continue
    expect(answer).toEqual(full)
    return stored
  }
  throw new Error('there is a limit')
}

const countOf = async (store: EventStore, tenant = sampleTenant): Promise<number> =>
  valueOf(await store.count(tenant, {}))

const untilTaken = (store: EventStore): Promise<boolean> =>
  vi.waitUntil(async () => (await append(store, sampleTenant)).ok)

const newestId = async (store: EventStore) => {
  const position = { from: 'start' as const, skip: 0 }
  const request = { filter: {}, order: 'newest-first' as const, position, size: 1 }
  const [newest] = valueOf(await store.readPage(sampleTenant, request)).events
  if (!newest) throw new Error('there are events')
  return newest.id
}

const refusalCases = (underTest: () => EventStore): void => {
  it('takes as many bytes as it says, and one event beyond them', async () => {
    const store = underTest()
    const stored = await fill(store)
    expect(stored).toBeLessThanOrEqual(eventsMax)
    expect(stored).toBeGreaterThan(eventsMax * 0.8)
    expect(await countOf(store)).toBe(stored)
  })

  it('refuses every way of writing, and changes nothing', async () => {
    const store = underTest()
    const stored = await fill(store)
    const id = await newestId(store)
    const before = await store.read(sampleTenant, id)
    expect(await append(store, sampleTenant)).toEqual(full)
    expect(await store.appendUnique(sampleTenant, sampleUnique())).toEqual(full)
    expect(await store.accept(sampleTenant, sampleUnique())).toEqual(full)
    expect(await store.change(sampleTenant, id, { text: 'x', fragments: [] })).toEqual(full)
    expect(await countOf(store)).toBe(stored)
    expect(await store.read(sampleTenant, id)).toEqual(before)
    expect(store.health().state).toBe('ok')
  })

  it('still names the event that an equal one would be a duplicate of', async () => {
    const store = underTest()
    const first = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    await fill(store)
    const again = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(again).toEqual({ ...first, outcome: 'duplicate' })
  })

  it('leaves other tenants what is theirs', async () => {
    const store = underTest()
    const stored = await fill(store)
    expect(await fill(store, otherTenant)).toBe(stored)
    expect(await countOf(store, otherTenant)).toBe(stored)
  })
}

const resumeCases = (underTest: () => EventStore): void => {
  it('takes an event in again when one has been deleted', async () => {
    const store = underTest()
    const stored = await fill(store)
    for (let round = 0; round < 5; round += 1) {
      valueOf(await store.delete(sampleTenant, await newestId(store)))
      expect(await fill(store)).toBe(1)
    }
    expect(await countOf(store)).toBe(stored)
  })

  it('takes as many in again when all have been deleted by filter', async () => {
    const store = underTest()
    const stored = await fill(store)
    valueOf(await store.deleteMatching(sampleTenant, {}))
    await vi.waitUntil(async () => valueOf(await store.listDeletions(sampleTenant)).length === 0)
    expect(await countOf(store)).toBe(0)
    expect(await fill(store)).toBe(stored)
  })

  it('resumes while a deletion by filter is under way or done', async () => {
    const store = underTest()
    await fill(store)
    valueOf(await store.deleteMatching(sampleTenant, {}))
    await untilTaken(store)
  })

  it('counts an event as large as it has become', async () => {
    const store = underTest()
    const [small] = valueOf(await append(store, sampleTenant))
    if (!small) throw new Error('one event was stored')
    const change = { text: text.repeat(2), fragments: [] }
    valueOf(await store.change(sampleTenant, small.id, change))
    const stored = await fill(store)
    expect(stored + 2).toBe(await fill(store, otherTenant))
  })
}
