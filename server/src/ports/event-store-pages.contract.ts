import { expect, it } from 'vitest'
import { toEventId, toManagedObjectId } from '../core/identity.ts'
import { pageCharactersMax } from '../core/limits.ts'
import { fragment, sampleEvent, sampleStartMs } from './event-samples.contract.ts'
import { sampleTenant, valueOf } from './event-samples.contract.ts'
import type { EventDraft } from '../core/admit-event.ts'
import type { EventFilter, EventOrder, PagePosition } from '../core/event-query.ts'
import type { EventId } from '../core/identity.ts'
import type { StoredEvent } from '../core/event.ts'
import type { EventStore } from './event-store.ts'
import type { StoreUnderTest } from './event-samples.contract.ts'

type Page = { readonly texts: readonly string[]; readonly more: boolean }

const start = (skip = 0): PagePosition => ({ from: 'start', skip })

const readTexts = async (
  store: EventStore,
  filter: EventFilter,
  position: PagePosition = start(),
  [order, size]: readonly [EventOrder, number] = ['oldest-first', 100],
): Promise<Page> => {
  const page = valueOf(await store.readPage(sampleTenant, { filter, order, position, size }))
  return { texts: page.events.map(({ text }) => text), more: page.more }
}

const at = (offsetMs: number) => ({ ms: sampleStartMs + offsetMs, offsetMinutes: 0 })

const put = async (store: EventStore, drafts: readonly Partial<EventDraft>[]) =>
  valueOf(await store.append(sampleTenant, drafts.map(sampleEvent))).map(({ id }) => id)

/** Five events whose texts name their place: by time first, and by arrival within one time. */
const putFive = (store: EventStore): Promise<readonly EventId[]> =>
  put(store, [
    { text: '3', time: at(20) },
    { text: '1', time: at(0) },
    { text: '2', time: at(10) },
    { text: '4', time: at(20) },
    { text: '5', time: at(30) },
  ])

const readOne = async (store: EventStore, id: EventId | undefined): Promise<StoredEvent> => {
  if (id === undefined) throw new Error('an id is expected')
  return valueOf(await store.read(sampleTenant, id))
}

export const pageCases = (underTest: () => StoreUnderTest): void => {
  exactnessCases(underTest)
  positionCases(underTest)
  filterCases(underTest)
  sizeCases(underTest)
}

/** Five events of which four fit on a page. */
const sizeCases = (underTest: () => StoreUnderTest): void => {
  it('a page with too many characters is refused, and a smaller one has all that it promises', async () => {
    const { store } = underTest()
    const fragments = [{ name: 'a', value: `"${'x'.repeat(pageCharactersMax / 5 + 1_000)}"` }]
    for (const [index, source] of [1, 2, 1, 2, 1].entries()) {
      await put(store, [
        { text: String(index), time: at(index), source: toManagedObjectId(source), fragments },
      ])
    }
    const tooLarge = { ok: false, failure: { kind: 'too-large', bytesMax: pageCharactersMax } }
    const both = { sources: [1, 2].map(toManagedObjectId) }
    const behind = { timeMs: sampleStartMs + 10, id: toEventId(1) }
    for (const filter of [{}, both]) {
      for (const position of [start(), { from: 'before', ...behind } as const]) {
        const request = { filter, order: 'oldest-first', position } as const
        expect(await store.readPage(sampleTenant, { ...request, size: 5 })).toEqual(tooLarge)
        const page = valueOf(await store.readPage(sampleTenant, { ...request, size: 4 }))
        const texts = position.from === 'start' ? ['0', '1', '2', '3'] : ['1', '2', '3', '4']
        expect(page.events.map(({ text }) => text)).toEqual(texts)
        expect(page.more).toBe(position.from === 'start')
      }
    }
  })
}

const exactnessCases = (underTest: () => StoreUnderTest): void => {
  it('an empty store gives an empty page and counts nothing', async () => {
    const { store } = underTest()
    expect(await readTexts(store, {})).toEqual({ texts: [], more: false })
    expect(await store.count(sampleTenant, {})).toEqual({ ok: true, value: 0 })
    expect(await store.append(sampleTenant, [])).toEqual({ ok: true, value: [] })
  })

  it('an event comes back as it went in: digits, null, order, odd text, early and late times', async () => {
    const { store, clock } = underTest()
    const fragments = [
      { name: 'zz', value: '9007199254740993' },
      { name: 'a"\\b', value: '{ "x" : 1.50, "y":[null, 1e300] }' },
      { name: 'ü\u{1F514}', value: '"\\u0000 \u{1F514} \u2028 \\"quoted\\""' },
      { name: 'toString', value: 'null' },
      { name: '0', value: '-0.0' },
    ]
    const draft: EventDraft = {
      source: toManagedObjectId(Number.MAX_SAFE_INTEGER),
      type: "it's \u0000 \u{1F514}",
      text: '\u0000 line\nbreak \u{1F514} \ufeff',
      time: { ms: -62_135_510_400_000, offsetMinutes: -1439 },
      fragments,
    }
    const late = { ...draft, time: { ms: 253_402_214_399_999, offsetMinutes: 1439 }, text: '' }
    const [first, last] = await put(store, [draft, late])
    const stamps = { tenant: sampleTenant, creationMs: clock.nowMs(), lastUpdatedMs: clock.nowMs() }
    expect(await readOne(store, first)).toEqual({ ...draft, ...stamps, id: first })
    expect(await readOne(store, last)).toEqual({ ...late, ...stamps, id: last })
  })

  it('ids ascend in a call and from call to call, also when the clock is set back', async () => {
    const { store, clock } = underTest()
    const first = await put(store, [{}, {}, {}])
    clock.setMs(sampleStartMs - 3_600_000)
    const second = await put(store, [{}, {}])
    const ids = [...first, ...second]
    expect(ids).toEqual(ids.toSorted((left, right) => left - right))
    expect(new Set(ids).size).toBe(5)
    expect((await readOne(store, second[0])).creationMs).toBe(sampleStartMs - 3_600_000)
  })

  it('an id is not given out again after the newest event is deleted and the clock set back', async () => {
    const { store, clock } = underTest()
    const [first] = await put(store, [{}])
    if (first !== undefined) await store.delete(sampleTenant, first)
    clock.setMs(sampleStartMs - 3_600_000)
    const [second] = await put(store, [{}])
    expect(second).toBeGreaterThan(first ?? 0)
  })

  it('a large bulk is stored whole and in order', async () => {
    const { store } = underTest()
    const ids = await put(
      store,
      Array.from({ length: 2_000 }, (_, n) => ({ text: String(n), time: at(n) })),
    )
    expect(ids).toHaveLength(2_000)
    const { texts, more } = await readTexts(store, {}, start(1_990), ['oldest-first', 5])
    expect(texts).toEqual(['1990', '1991', '1992', '1993', '1994'])
    expect(more).toBe(true)
  })
}

const positionCases = (underTest: () => StoreUnderTest): void => {
  it('both orders go by time and then by id', async () => {
    const { store } = underTest()
    await putFive(store)
    expect((await readTexts(store, {})).texts).toEqual(['1', '2', '3', '4', '5'])
    const newest = await readTexts(store, {}, start(), ['newest-first', 100])
    expect(newest).toEqual({ texts: ['5', '4', '3', '2', '1'], more: false })
  })

  it('a page from the start skips, and says whether more follows', async () => {
    const { store } = underTest()
    await putFive(store)
    const page = (skip: number) => readTexts(store, {}, start(skip), ['oldest-first', 2])
    expect(await page(0)).toEqual({ texts: ['1', '2'], more: true })
    expect(await page(3)).toEqual({ texts: ['4', '5'], more: false })
    expect(await page(4)).toEqual({ texts: ['5'], more: false })
    expect(await page(9)).toEqual({ texts: [], more: false })
  })

  it('pages after and before an event meet its neighbours, also among equal times', async () => {
    const { store } = underTest()
    const [id] = await putFive(store)
    const third = await readOne(store, id)
    const place = { timeMs: third.time.ms, id: third.id }
    const page = (from: 'after' | 'before', order: EventOrder) =>
      readTexts(store, {}, { from, ...place }, [order, 1])
    expect(await page('after', 'oldest-first')).toEqual({ texts: ['4'], more: true })
    expect(await page('before', 'oldest-first')).toEqual({ texts: ['2'], more: true })
    expect(await page('after', 'newest-first')).toEqual({ texts: ['2'], more: true })
    expect(await page('before', 'newest-first')).toEqual({ texts: ['4'], more: true })
  })

  it('a page before an event is in the order asked for', async () => {
    const { store } = underTest()
    const ids = await putFive(store)
    const last = await readOne(store, ids[4])
    const position = { from: 'before' as const, timeMs: last.time.ms, id: last.id }
    const page = await readTexts(store, {}, position, ['oldest-first', 3])
    expect(page).toEqual({ texts: ['2', '3', '4'], more: true })
  })

  it('positions hold when their event is gone; more then speaks of what is left', async () => {
    const { store } = underTest()
    const ids = await putFive(store)
    const last = await readOne(store, ids[4])
    await store.delete(sampleTenant, last.id)
    const place = { timeMs: last.time.ms, id: last.id }
    const before = await readTexts(store, {}, { from: 'before', ...place }, ['oldest-first', 2])
    expect(before).toEqual({ texts: ['3', '4'], more: false })
    const after = await readTexts(store, {}, { from: 'after', ...place })
    expect(after).toEqual({ texts: [], more: false })
  })

  it('an empty page before the first event says that the list goes on', async () => {
    const { store } = underTest()
    const ids = await putFive(store)
    const first = await readOne(store, ids[1])
    const place = { timeMs: first.time.ms, id: first.id }
    const page = await readTexts(store, {}, { from: 'before', ...place })
    expect(page).toEqual({ texts: [], more: true })
  })
}

const filterCases = (underTest: () => StoreUnderTest): void => {
  const holds = async (filter: EventFilter, texts: readonly string[]) => {
    const { store } = underTest()
    expect((await readTexts(store, filter)).texts).toEqual(texts)
    expect(await store.count(sampleTenant, filter)).toEqual({ ok: true, value: texts.length })
  }

  it('filters select by sources, type and time, alone and together', async () => {
    const { store } = underTest()
    const [one, two] = [toManagedObjectId(1), toManagedObjectId(2)]
    await put(store, [
      { text: '1', source: one, type: 'a', time: at(0) },
      { text: '2', source: one, type: 'b', time: at(10) },
      { text: '3', source: two, type: 'a', time: at(20) },
      { text: '4', source: toManagedObjectId(3), type: 'b', time: at(30) },
    ])
    await holds({ sources: [] }, [])
    await holds({ sources: [one] }, ['1', '2'])
    await holds({ sources: [two, one, two] }, ['1', '2', '3'])
    await holds({ type: 'a' }, ['1', '3'])
    await holds({ type: 'never seen' }, [])
    await holds({ sources: [one], type: 'a' }, ['1'])
    await holds({ time: { fromMs: sampleStartMs + 10, toMs: sampleStartMs + 30 } }, ['2', '3'])
    await holds({ time: { fromMs: sampleStartMs + 30, toMs: sampleStartMs } }, [])
    await holds({ type: 'a', time: { toMs: sampleStartMs + 20 } }, ['1'])
  })

  it('filters select by the presence of a fragment and by its string value', async () => {
    const { store } = underTest()
    await put(store, [
      { text: '1', time: at(1), fragments: [fragment('a', 'x'), fragment('b', 1)] },
      { text: '2', time: at(2), fragments: [fragment('a', { a: 'x' })] },
      { text: '3', time: at(3), fragments: [{ name: 'a', value: '"\\u0078"' }] },
      { text: '4', time: at(4), fragments: [{ name: 'b', value: 'null' }] },
      { text: '5', time: at(5) },
    ])
    await holds({ fragmentType: 'a' }, ['1', '2', '3'])
    await holds({ fragmentType: 'b' }, ['1', '4'])
    await holds({ fragmentType: 'c' }, [])
    await holds({ fragmentType: 'a', fragmentValue: 'x' }, ['1', '3'])
    await holds({ fragmentType: 'b', fragmentValue: '1' }, [])
  })

  it('filters select by words of the text, whatever the case', async () => {
    const { store } = underTest()
    const texts = ['Door opened', 'door shut', 'TÜR opened 100%', '']
    await put(
      store,
      texts.map((text, n) => ({ text, time: at(n), type: n === 0 ? 'a' : 'b' })),
    )
    await holds({ text: 'DOOR' }, ['Door opened', 'door shut'])
    await holds({ text: 'opened oo' }, ['Door opened'])
    await holds({ text: 'tür' }, ['TÜR opened 100%'])
    await holds({ text: '0%' }, ['TÜR opened 100%'])
    await holds({ text: '_oor' }, [])
    await holds({ text: 'opened', type: 'b' }, ['TÜR opened 100%'])
    await holds({ text: 'door', time: { fromMs: sampleStartMs + 1 } }, ['door shut'])
    await store.deleteMatching(sampleTenant, { text: 'door' })
    await holds({}, ['TÜR opened 100%', ''])
    await holds({ text: 'OPENED' }, ['TÜR opened 100%'])
  })

  it('filters select by creation and last update', async () => {
    const { store, clock } = underTest()
    const [first] = await put(store, [{ text: '1', time: at(1) }])
    clock.setMs(sampleStartMs + 1_000)
    await put(store, [{ text: '2', time: at(2) }])
    clock.setMs(sampleStartMs + 2_000)
    const change = { text: undefined, fragments: [fragment('a', 1)] }
    if (first !== undefined) await store.change(sampleTenant, first, change)
    const late = { fromMs: sampleStartMs + 1_000 }
    await holds({ creation: late }, ['2'])
    await holds({ lastUpdated: late }, ['1', '2'])
    await holds({ lastUpdated: { fromMs: sampleStartMs + 1_001 } }, ['1'])
    await holds({ creation: { toMs: sampleStartMs + 1_000 } }, ['1'])
  })
}
