import { expect, it, vi } from 'vitest'
import { toManagedObjectId } from '../core/identity.ts'
import { fragment, sampleEvent, sampleStartMs } from './event-samples.contract.ts'
import { sampleTenant, sampleUnique, valueOf } from './event-samples.contract.ts'
import type { ReceiptId } from '../core/identity.ts'
import type { EventStore } from './event-store.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'

const settled = (store: EventStore, receipt: ReceiptId) =>
  vi.waitUntil(async () => {
    const state = valueOf(await store.readAccepted(sampleTenant, receipt))
    return state.status === 'pending' ? undefined : state
  })

export const uniqueCases = (underTest: () => StoreUnderTest): void => {
  it('of 64 equal calls at once exactly one stores, and all name the same event', async () => {
    const { store } = underTest()
    const calls = Array.from({ length: 64 }, () => store.appendUnique(sampleTenant, sampleUnique()))
    const receipts = (await Promise.all(calls)).map(valueOf)
    expect(receipts.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1)
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1)
    expect(new Set(receipts.map(({ creationMs }) => creationMs)).size).toBe(1)
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 1 })
  })

  it('another source, type, time or other data makes another event', async () => {
    const { store } = underTest()
    const variants = [
      sampleUnique(),
      sampleUnique({ source: toManagedObjectId(1002) }),
      sampleUnique({ type: 'other' }),
      sampleUnique({ time: { ms: sampleStartMs + 1, offsetMinutes: 0 } }),
      sampleUnique({ text: 'other' }),
      sampleUnique({ data: { n: 2 } }),
    ]
    for (const event of variants) {
      expect(valueOf(await store.appendUnique(sampleTenant, event)).outcome).toBe('stored')
    }
  })

  it('the same instant in another offset is the same time', async () => {
    const { store } = underTest()
    const first = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    const time = { ms: sampleStartMs, offsetMinutes: 120 }
    const second = valueOf(await store.appendUnique(sampleTenant, sampleUnique({ time })))
    expect(second).toEqual({ ...first, outcome: 'duplicate' })
  })

  it('append never looks for duplicates, but what it stores can be one; the first is named', async () => {
    const { store } = underTest()
    const [first, second] = valueOf(
      await store.append(sampleTenant, [sampleUnique(), sampleUnique()]),
    )
    expect(second?.id).toBeGreaterThan(first?.id ?? 0)
    const receipt = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(receipt).toEqual({ ...first, outcome: 'duplicate' })
  })

  it('an event is compared as it was first stored, whatever was changed since', async () => {
    const { store } = underTest()
    const { id } = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    const change = { text: 'corrected', fragments: [fragment('data', { n: 2 })] }
    await store.change(sampleTenant, id, change)
    const again = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(again).toMatchObject({ outcome: 'duplicate', id })
    const asChanged = sampleUnique({ text: 'corrected', data: { n: 2 } })
    expect(valueOf(await store.appendUnique(sampleTenant, asChanged)).outcome).toBe('stored')
  })

  it('after its deletion, one by one or by filter, an event can be stored anew', async () => {
    const { store } = underTest()
    const first = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    await store.delete(sampleTenant, first.id)
    const second = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(second.outcome).toBe('stored')
    expect(second.id).toBeGreaterThan(first.id)
    await store.deleteMatching(sampleTenant, { type: 'c8y_LocationUpdate' })
    const third = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(third.outcome).toBe('stored')
    expect(third.id).toBeGreaterThan(second.id)
  })

  it('what is called right behind a deletion by filter meets none of its events', async () => {
    const { store } = underTest()
    const { id } = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    const change = { text: 'too late', fragments: [] }
    const [, unique, changed, deleted] = await Promise.all([
      store.deleteMatching(sampleTenant, {}),
      store.appendUnique(sampleTenant, sampleUnique()),
      store.change(sampleTenant, id, change),
      store.delete(sampleTenant, id),
    ])
    expect(valueOf(unique).outcome).toBe('stored')
    const gone = { ok: false, failure: { kind: 'not-found', what: 'event', id: String(id) } }
    expect([changed, deleted]).toEqual([gone, gone])
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 1 })
  })

  it('an accepted event is stored, and its receipt names it', async () => {
    const { store } = underTest()
    const receipt = valueOf(await store.accept(sampleTenant, sampleUnique()))
    const state = await settled(store, receipt)
    expect(state.status).toBe('stored')
    const id = state.status === 'stored' ? state.id : undefined
    expect(id).toBeDefined()
    if (id === undefined) return
    const { digest: _, ...draft } = sampleUnique()
    const creationMs = sampleStartMs
    const event = { ...draft, tenant: sampleTenant, id, creationMs, lastUpdatedMs: creationMs }
    expect(valueOf(await store.read(sampleTenant, id))).toEqual(event)
  })

  it('an accepted event takes part in duplicate detection from the moment of acceptance', async () => {
    const { store } = underTest()
    const [accepted, unique, acceptedAgain] = await Promise.all([
      store.accept(sampleTenant, sampleUnique()),
      store.appendUnique(sampleTenant, sampleUnique()),
      store.accept(sampleTenant, sampleUnique()),
    ])
    const { outcome, id } = valueOf(unique)
    expect(outcome).toBe('duplicate')
    expect(await settled(store, valueOf(accepted))).toEqual({ status: 'stored', id })
    expect(await settled(store, valueOf(acceptedAgain))).toEqual({ status: 'duplicate', id })
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 1 })
  })

  it('an accepted event comes before what is appended after it', async () => {
    const { store } = underTest()
    const [accepted, appended] = await Promise.all([
      store.accept(sampleTenant, sampleUnique()),
      store.append(sampleTenant, [sampleEvent()]),
    ])
    const state = await settled(store, valueOf(accepted))
    expect(state.status).toBe('stored')
    const id = state.status === 'stored' ? state.id : Number.NaN
    expect(valueOf(appended)[0]?.id).toBeGreaterThan(id)
  })
}
