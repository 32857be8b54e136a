import { expect, it, vi } from 'vitest'
import { toManagedObjectId } from '../core/identity.ts'
import { fragment, otherTenant, sampleEvent } from './event-samples.contract.ts'
import { sampleTenant, valueOf } from './event-samples.contract.ts'
import type { EventDraft } from '../core/admit-event.ts'
import type { EventFilter } from '../core/event-query.ts'
import type { EventId } from '../core/identity.ts'
import type { EventStore } from './event-store.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'

const putOne = async (store: EventStore, parts: Partial<EventDraft> = {}): Promise<EventId> => {
  const [receipt] = valueOf(await store.append(sampleTenant, [sampleEvent(parts)]))
  if (!receipt) throw new Error('one event was stored')
  return receipt.id
}

const textsOf = async (store: EventStore, filter: EventFilter): Promise<readonly string[]> => {
  const position = { from: 'start' as const, skip: 0 }
  const request = { filter, order: 'oldest-first' as const, position, size: 100 }
  return valueOf(await store.readPage(sampleTenant, request)).events.map(({ text }) => text)
}

export const changeCases = (underTest: () => StoreUnderTest): void => {
  updateCases(underTest)
  deletionCases(underTest)
}

const updateCases = (underTest: () => StoreUnderTest): void => {
  it('a change replaces, adds and removes fragments, and answers the whole event', async () => {
    const { store, clock } = underTest()
    const fragments = [fragment('a', 1), fragment('b', 2), fragment('c', 3)]
    const id = await putOne(store, { fragments })
    const before = valueOf(await store.read(sampleTenant, id))
    clock.setMs(clock.nowMs() + 5)
    const change = [fragment('b', null), { name: 'a', value: '1.50' }, fragment('d', 4)]
    const changed = valueOf(
      await store.change(sampleTenant, id, { text: undefined, fragments: change }),
    )
    const merged = [{ name: 'a', value: '1.50' }, fragment('c', 3), fragment('d', 4)]
    expect(changed).toEqual({ ...before, fragments: merged, lastUpdatedMs: clock.nowMs() })
    expect(valueOf(await store.read(sampleTenant, id))).toEqual(changed)
    expect(await store.count(sampleTenant, { fragmentType: 'b' })).toEqual({ ok: true, value: 0 })
    expect(await store.count(sampleTenant, { fragmentType: 'd' })).toEqual({ ok: true, value: 1 })
  })

  it('changes of one event take effect in the order of the calls', async () => {
    const { store } = underTest()
    const id = await putOne(store)
    const texts = Array.from({ length: 20 }, (_, n) => `text ${n}`)
    const answers = await Promise.all(
      texts.map((text) => store.change(sampleTenant, id, { text, fragments: [] })),
    )
    expect(answers.map((answer) => valueOf(answer).text)).toEqual(texts)
    expect(valueOf(await store.read(sampleTenant, id)).text).toBe('text 19')
  })

  it('a deleted event is gone from every read', async () => {
    const { store } = underTest()
    const id = await putOne(store)
    expect(await store.delete(sampleTenant, id)).toEqual({ ok: true, value: undefined })
    expect((await store.read(sampleTenant, id)).ok).toBe(false)
    expect((await store.change(sampleTenant, id, { text: 'x', fragments: [] })).ok).toBe(false)
    expect((await store.delete(sampleTenant, id)).ok).toBe(false)
    expect(await textsOf(store, {})).toEqual([])
  })
}

const deletionCases = (underTest: () => StoreUnderTest): void => {
  it('deleting by filter removes what matches, at once and for every call, and nothing else', async () => {
    const { store } = underTest()
    const gone = await putOne(store, { text: 'gone', type: 'a', fragments: [fragment('f', 'v')] })
    await putOne(store, { text: 'other type', type: 'b', fragments: [fragment('f', 'v')] })
    await putOne(store, { text: 'other value', type: 'a', fragments: [fragment('f', 'w')] })
    await store.append(otherTenant, [sampleEvent({ type: 'a', fragments: [fragment('f', 'v')] })])
    const filter = { type: 'a', fragmentType: 'f', fragmentValue: 'v' }
    expect((await store.deleteMatching(sampleTenant, filter)).ok).toBe(true)
    expect((await store.read(sampleTenant, gone)).ok).toBe(false)
    expect((await store.change(sampleTenant, gone, { text: 'x', fragments: [] })).ok).toBe(false)
    expect((await store.delete(sampleTenant, gone)).ok).toBe(false)
    expect(await textsOf(store, {})).toEqual(['other type', 'other value'])
    expect(await store.count(sampleTenant, filter)).toEqual({ ok: true, value: 0 })
    expect(await store.count(otherTenant, filter)).toEqual({ ok: true, value: 1 })
  })

  it('a filter that matches nothing deletes nothing', async () => {
    const { store } = underTest()
    await putOne(store)
    for (const filter of [{ sources: [] }, { type: 'never seen' }, { fragmentType: 'none' }]) {
      await store.deleteMatching(sampleTenant, filter)
    }
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 1 })
  })

  it('events that are stored after the deletion stay, though they match', async () => {
    const { store } = underTest()
    const [, , receipts] = await Promise.all([
      store.append(sampleTenant, [sampleEvent({ text: 'before' })]),
      store.deleteMatching(sampleTenant, {}),
      store.append(sampleTenant, [sampleEvent({ text: 'after' })]),
    ])
    expect(await textsOf(store, {})).toEqual(['after'])
    const id = valueOf(receipts)[0]?.id
    expect(id === undefined ? undefined : (await store.read(sampleTenant, id)).ok).toBe(true)
  })

  it('an event that is changed after the deletion so that it matches stays', async () => {
    const { store } = underTest()
    const id = await putOne(store, { text: 'kept' })
    const [, changed] = await Promise.all([
      store.deleteMatching(sampleTenant, { fragmentType: 'late' }),
      store.change(sampleTenant, id, { text: undefined, fragments: [fragment('late', 1)] }),
    ])
    expect(changed.ok).toBe(true)
    expect(await textsOf(store, { fragmentType: 'late' })).toEqual(['kept'])
    await vi.waitUntil(async () => valueOf(await store.listDeletions(sampleTenant)).length === 0)
    expect(await textsOf(store, { fragmentType: 'late' })).toEqual(['kept'])
  })

  it('a deletion by last update goes by what was so when it was asked for', async () => {
    const { store, clock } = underTest()
    const id = await putOne(store, { text: 'old', source: toManagedObjectId(1) })
    const startMs = clock.nowMs()
    clock.setMs(startMs + 10)
    await store.change(sampleTenant, id, { text: 'fresh', fragments: [] })
    await store.deleteMatching(sampleTenant, { lastUpdated: { toMs: startMs + 5 } })
    expect(await textsOf(store, {})).toEqual(['fresh'])
    await store.deleteMatching(sampleTenant, { lastUpdated: { toMs: startMs + 11 } })
    expect(await textsOf(store, {})).toEqual([])
  })

  it('another tenant cannot cancel a deletion', async () => {
    const { store } = underTest()
    await store.append(
      sampleTenant,
      Array.from({ length: 1_500 }, () => sampleEvent()),
    )
    const job = valueOf(await store.deleteMatching(sampleTenant, {}))
    const cancelled = await store.cancelDeletion(otherTenant, job)
    expect(cancelled).toMatchObject({ failure: { kind: 'not-found', what: 'job' } })
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 0 })
  })

  it('a cancelled deletion has left the list, and what it had not removed is there again as it was', async () => {
    const { store } = underTest()
    const texts = Array.from({ length: 900 }, (_, n) => `text ${n}`)
    const events = texts.map((text) => sampleEvent({ text, type: 'doomed' }))
    const receipts = valueOf(await store.append(sampleTenant, events))
    const job = valueOf(await store.deleteMatching(sampleTenant, { type: 'doomed' }))
    const { ok: isCancelled } = await store.cancelDeletion(sampleTenant, job)
    expect(valueOf(await store.listDeletions(sampleTenant))).toEqual([])
    const left = valueOf(await store.count(sampleTenant, {}))
    expect(left > 0 && !isCancelled).toBe(false)
    const read = await Promise.all(receipts.map(({ id }) => store.read(sampleTenant, id)))
    const found = read.flatMap((event) => (event.ok ? [event.value.text] : []))
    expect(found).toHaveLength(left)
    expect(found.every((text) => texts.includes(text))).toBe(true)
    expect(valueOf(await store.count(sampleTenant, { type: 'doomed' }))).toBe(left)
  })

  it('every deletion comes to an end and leaves the list', async () => {
    const { store } = underTest()
    await store.append(
      sampleTenant,
      Array.from({ length: 1_500 }, () => sampleEvent()),
    )
    await store.deleteMatching(sampleTenant, {})
    await vi.waitUntil(async () => valueOf(await store.listDeletions(sampleTenant)).length === 0)
    expect(valueOf(await store.listDeletions(otherTenant))).toEqual([])
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 0 })
  })
}
