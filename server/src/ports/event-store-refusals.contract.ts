import { expect, it, vi } from 'vitest'
import { toEventId, toJobId, toReceiptId } from '../core/identity.ts'
import { receiptKeptMs } from '../core/limits.ts'
import { fragment, otherTenant, sampleEvent } from './event-samples.contract.ts'
import { sampleTenant, sampleUnique, valueOf } from './event-samples.contract.ts'
import type { Thing } from '../core/failure.ts'
import type { EventStore } from './event-store.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'

const absent = (what: Thing, id: number) => ({
  ok: false,
  failure: { kind: 'not-found', what, id: String(id) },
})

const everyCall = (store: EventStore) => [
  store.append(sampleTenant, [sampleEvent()]),
  store.appendUnique(sampleTenant, sampleUnique()),
  store.accept(sampleTenant, sampleUnique()),
  store.readAccepted(sampleTenant, toReceiptId(1)),
  store.read(sampleTenant, toEventId(1)),
  store.readPage(sampleTenant, {
    filter: {},
    order: 'newest-first',
    position: { from: 'start', skip: 0 },
    size: 5,
  }),
  store.count(sampleTenant, {}),
  store.change(sampleTenant, toEventId(1), { text: 'x', fragments: [] }),
  store.delete(sampleTenant, toEventId(1)),
  store.deleteMatching(sampleTenant, {}),
  store.listDeletions(sampleTenant),
  store.cancelDeletion(sampleTenant, toJobId(1)),
]

export const refusalCases = (underTest: () => StoreUnderTest): void => {
  it('a deletion that was never asked for, or has finished, is not found by cancelDeletion', async () => {
    const { store } = underTest()
    const unknown = toJobId(4711)
    expect(await store.cancelDeletion(sampleTenant, unknown)).toEqual(absent('job', unknown))
    await store.append(sampleTenant, [sampleEvent()])
    const job = valueOf(await store.deleteMatching(sampleTenant, {}))
    await vi.waitUntil(async () => valueOf(await store.listDeletions(sampleTenant)).length === 0)
    expect(await store.cancelDeletion(sampleTenant, job)).toEqual(absent('job', job))
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 0 })
  })

  it('an id that was never given out is not found by read, change and delete', async () => {
    const { store } = underTest()
    const id = toEventId(4711)
    expect(await store.read(sampleTenant, id)).toEqual(absent('event', id))
    const change = { text: 'x', fragments: [] }
    expect(await store.change(sampleTenant, id, change)).toEqual(absent('event', id))
    expect(await store.delete(sampleTenant, id)).toEqual(absent('event', id))
  })

  it('an event of another tenant is answered as one that does not exist, and stays', async () => {
    const { store } = underTest()
    const [receipt] = valueOf(await store.append(otherTenant, [sampleEvent()]))
    const id = receipt?.id ?? toEventId(1)
    expect(await store.read(sampleTenant, id)).toEqual(absent('event', id))
    const change = { text: 'x', fragments: [fragment('a', 1)] }
    expect(await store.change(sampleTenant, id, change)).toEqual(absent('event', id))
    expect(await store.delete(sampleTenant, id)).toEqual(absent('event', id))
    await store.deleteMatching(sampleTenant, {})
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 0 })
    expect(valueOf(await store.read(otherTenant, id)).text).toBe('Location updated')
  })

  it('an equal event of another tenant is no duplicate', async () => {
    const { store } = underTest()
    await store.appendUnique(otherTenant, sampleUnique())
    const receipt = valueOf(await store.appendUnique(sampleTenant, sampleUnique()))
    expect(receipt.outcome).toBe('stored')
  })

  it('a receipt of another tenant, and one never given out, is not found', async () => {
    const { store } = underTest()
    const receipt = valueOf(await store.accept(otherTenant, sampleUnique()))
    expect(await store.readAccepted(sampleTenant, receipt)).toEqual(absent('receipt', receipt))
    // Whatever follows finds accepted events settled.
    valueOf(await store.append(otherTenant, []))
    expect(await store.readAccepted(sampleTenant, receipt)).toEqual(absent('receipt', receipt))
    const never = toReceiptId(4711)
    expect(await store.readAccepted(sampleTenant, never)).toEqual(absent('receipt', never))
  })

  it('a receipt is readable for receiptKeptMs and not longer', async () => {
    const { store, clock } = underTest()
    const receipt = valueOf(await store.accept(sampleTenant, sampleUnique()))
    clock.setMs(clock.nowMs() + receiptKeptMs)
    expect((await store.readAccepted(sampleTenant, receipt)).ok).toBe(true)
    clock.setMs(clock.nowMs() + 1)
    expect(await store.readAccepted(sampleTenant, receipt)).toEqual(absent('receipt', receipt))
  })

  it('a call that fails does not hurt the calls beside it', async () => {
    const { store } = underTest()
    const [before, failing, duplicate, after] = await Promise.all([
      store.appendUnique(sampleTenant, sampleUnique()),
      store.delete(sampleTenant, toEventId(4711)),
      store.appendUnique(sampleTenant, sampleUnique()),
      store.append(sampleTenant, [sampleEvent()]),
    ])
    expect(failing).toEqual(absent('event', 4711))
    expect(valueOf(duplicate)).toEqual({ ...valueOf(before), outcome: 'duplicate' })
    expect(valueOf(after)).toHaveLength(1)
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 2 })
  })

  it('every call after close answers that the store is stopping', async () => {
    const { store } = underTest()
    await store.close()
    const stopping = { ok: false, failure: { kind: 'unavailable', reason: 'stopping' } }
    for (const result of await Promise.all(everyCall(store))) {
      expect(result).toMatchObject(stopping)
    }
  })
}
