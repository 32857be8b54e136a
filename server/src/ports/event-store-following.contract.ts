import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fragment, sampleEvent, sampleStartMs, valueOf } from './event-samples.contract.ts'
import { toTenantId } from '../core/identity.ts'
import type { EventOrder, PagePosition } from '../core/event-query.ts'
import type { EventId, TenantId } from '../core/identity.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'
import type { EventStore } from './event-store.ts'

/** Few instants for many events, so that pages end in the middle of one. */
const steps = fc.integer({ min: 0, max: 5 })

const plans = fc.record({
  lasting: fc.array(steps, { minLength: 1, maxLength: 20 }),
  mortal: fc.array(steps, { maxLength: 10 }),
  /** One of these after each page. */
  added: fc.array(fc.array(steps, { maxLength: 3 }), { maxLength: 20 }),
  order: fc.constantFrom<EventOrder[]>('newest-first', 'oldest-first'),
  size: fc.integer({ min: 1, max: 7 }),
  isFiltered: fc.boolean(),
})

type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never

const eventAt = (type: string) => (step: number) =>
  sampleEvent({ type, time: { ms: sampleStartMs + step, offsetMinutes: 0 } })

const put = async (store: EventStore, tenant: TenantId, type: string, at: readonly number[]) =>
  valueOf(await store.append(tenant, at.map(eventAt(type)))).map(({ id }) => id)

export const followingCases = (underTest: () => StoreUnderTest): void => {
  it('whoever follows sees each lasting event once, whatever others do meanwhile', async () => {
    const { store } = underTest()
    const seed = Date.now() % 2 ** 31
    process.stderr.write(`following: seed ${seed}\n`)
    let sequence = 0
    const property = fc.asyncProperty(plans, async (plan) => {
      sequence += 1
      await followOnce(store, toTenantId(`follower-${sequence}`), plan)
    })
    await fc.assert(property, { seed, numRuns: 60 })
  })
}

const followOnce = async (store: EventStore, tenant: TenantId, plan: Plan): Promise<void> => {
  const lasting = await put(store, tenant, 'lasting', plan.lasting)
  const mortal = await put(store, tenant, 'mortal', plan.mortal)
  const seen: EventId[] = []
  let position: PagePosition = { from: 'start', skip: 0 }
  for (let page = 0; ; page += 1) {
    const { order, size } = plan
    const filter = plan.isFiltered ? { time: { fromMs: sampleStartMs } } : {}
    const reading = store.readPage(tenant, { filter, order, position, size })
    await disturb(store, tenant, { page, lasting, mortal, added: plan.added[page] ?? [] })
    const { events, more } = valueOf(await reading)
    seen.push(...events.map(({ id }) => id))
    const last = events.at(-1)
    if (!last || !more) break
    position = { from: 'after', timeMs: last.time.ms, id: last.id }
  }
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.filter((id) => lasting.includes(id)).toSorted()).toEqual(lasting.toSorted())
}

type Disturbance = {
  readonly page: number
  readonly lasting: readonly EventId[]
  readonly mortal: readonly EventId[]
  readonly added: readonly number[]
}

/** Others write, change and delete, one by one and at last by filter, while the page is read. */
const disturb = async (
  store: EventStore,
  tenant: TenantId,
  { page, lasting, mortal, added }: Disturbance,
): Promise<void> => {
  const changed = lasting[page % lasting.length]
  const gone = mortal[page]
  const change = { text: undefined, fragments: [fragment('page', page)] }
  await Promise.all([
    put(store, tenant, 'added', added),
    changed === undefined ? undefined : store.change(tenant, changed, change),
    gone === undefined ? undefined : store.delete(tenant, gone),
    page === 3 ? store.deleteMatching(tenant, { type: 'mortal' }) : undefined,
  ])
}
