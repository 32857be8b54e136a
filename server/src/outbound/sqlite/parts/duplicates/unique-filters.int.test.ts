import { expect, it } from 'vitest'
import { openThreadlessStore, workOn } from '../../testing/threadless-store.fixture.ts'
import { threadlessNowMs as nowMs } from '../../testing/threadless-store.fixture.ts'
import { threadlessPartRows as partRows } from '../../testing/threadless-store.fixture.ts'
import type { ThreadlessStore } from '../../testing/threadless-store.fixture.ts'
import type { BatchEvent } from '../../events/decode-batch.ts'
import { createBloomFilter } from '../between-threads/bloom-filter.ts'
import type { Catalogue, Part } from '../tables/catalogue.ts'
import { hashOf } from './duplicate-hash.ts'
import { createUniqueFilters } from './unique-filters.ts'

/** Events of one minute, each with a digest of its own. */
const unique = (n: number): BatchEvent => ({
  source: 1 + (n % 7),
  type: 'door',
  text: 'opened',
  timeMs: nowMs + (n % 60) * 1000,
  offsetMinutes: 0,
  names: '',
  values: '',
  digest: String(n).padStart(6, '0').split('').toReversed().join(''),
})

const hashOfEvent = ({ source, timeMs, digest }: BatchEvent): number =>
  hashOf(source, timeMs, digest ?? '')

const add = ({ state }: ThreadlessStore, from: number, to: number): void =>
  state.commit(() => {
    const tenant = state.table.tenant('t1')
    for (let n = from; n < to; n += 1) {
      state.table.insert(state.table.takeId(nowMs), tenant, nowMs, unique(n))
    }
  })

const firstOf = ({ state }: ThreadlessStore, n: number): number | undefined =>
  state.table.findEqual(state.table.tenant('t1'), unique(n))?.id

const fillThreeParts = (): ThreadlessStore => {
  const store = openThreadlessStore()
  for (let part = 0; part < 3; part += 1) {
    add(store, part * partRows, (part + 1) * partRows)
    workOn(store).toTheEnd()
  }
  return store
}

/** Looks into files that could be spared: for each new event, the sealed parts that are said to have it. */
const wastedLooks = ({ state }: ThreadlessStore): number => {
  const sealed = state.parts.catalogue().parts.filter((part) => part.state === 'sealed')
  let looks = 0
  for (let n = 1_000; n < 2_000; n += 1) {
    const hash = hashOfEvent(unique(n))
    looks += sealed.filter(({ number }) => state.uniqueFilters.mayHave(number, hash)).length
  }
  return looks
}

it('an event that is new is looked for in hardly any sealed part', () => {
  const store = fillThreeParts()
  expect(wastedLooks(store)).toBeLessThan(3 * 1_000 * 0.05)
})

it('an event that is there is found in whichever sealed part it is', () => {
  const store = fillThreeParts()
  const found = Array.from({ length: 3 * partRows }, (_, n) => firstOf(store, n))
  expect(new Set(found).size).toBe(3 * partRows)
  expect(found).not.toContain(undefined)
  expect(firstOf(store, 3 * partRows)).toBeUndefined()
})

it('a part that is sealed has its filter at once, without another look at its file', () => {
  const store = openThreadlessStore()
  add(store, 0, partRows)
  expect(workOn(store).toTheEnd()).toEqual(['seal'])
  expect(wastedLooks(store)).toBeLessThan(1_000 * 0.05)
})

it('a part that was filled before a start and is sealed after it has all its events in its filter', () => {
  const before = openThreadlessStore()
  add(before, 0, partRows / 2)
  const after = openThreadlessStore({ folder: before.folder })
  add(after, partRows / 2, partRows)
  expect(workOn(after).toTheEnd()).toEqual(['seal'])
  const [part] = after.state.parts.catalogue().parts
  const hashes = Array.from({ length: partRows }, (_, n) => hashOfEvent(unique(n)))
  expect(hashes.every((hash) => after.state.uniqueFilters.mayHave(part?.number ?? 0, hash))).toBe(
    true,
  )
  expect(firstOf(after, 0)).toBeDefined()
})

it('after a start all parts are looked into until their filters are made, the newest first', () => {
  const { folder } = fillThreeParts()
  const store = openThreadlessStore({ folder })
  expect(wastedLooks(store)).toBe(3 * 1_000)
  expect(firstOf(store, 5)).toBeDefined()
  const { parts } = store.state.parts.catalogue()
  const newest = parts.findLast(({ state }) => state === 'sealed')?.number
  expect(store.state.uniqueFilters.missing(store.state.parts.catalogue())).toBe(newest)
  expect(workOn(store).toTheEnd()).toEqual(['sift', 'sift', 'sift'])
  expect(wastedLooks(store)).toBeLessThan(3 * 1_000 * 0.05)
  expect(firstOf(store, 5)).toBeDefined()
})

const sealedPart = (number: number, uniqueRows: number): Part => ({
  ...{ number, uniqueRows, state: 'sealed', slot: 0, rows: uniqueRows, bytes: 1, deadRows: 0 },
  ...{ minId: 1, maxId: 2, maxChanged: 2, minCreationMs: 0, maxCreationMs: 1 },
  ...{ minTimeMs: 0, maxTimeMs: 1, outliers: new Set<number>(), goneTenants: new Set<number>() },
})

const catalogueOf = (...parts: readonly Part[]): Catalogue => ({
  parts,
  byNumber: new Map(parts.map((part) => [part.number, part])),
})

it('the newest parts have filters as far as the memory reaches, and those that are gone have none', () => {
  const filters = createUniqueFilters(2_048)
  const four = catalogueOf(...[1, 2, 3, 4].map((number) => sealedPart(number, 1_000)))
  expect(filters.missing(four)).toBe(4)
  filters.add(4, createBloomFilter(1_000), four)
  expect(filters.missing(four)).toBe(3)
  filters.add(3, createBloomFilter(1_000), four)
  expect(filters.missing(four)).toBeUndefined()
  expect([1, 2, 3, 4].map((part) => filters.mayHave(part, 77))).toEqual([true, true, false, false])
  const later = catalogueOf(...[2, 3, 5].map((number) => sealedPart(number, 1_000)))
  expect(filters.missing(later)).toBe(5)
  filters.add(5, createBloomFilter(1_000), later)
  expect(filters.missing(later)).toBeUndefined()
  expect([2, 3, 4, 5].map((part) => filters.mayHave(part, 77))).toEqual([true, false, true, false])
})

it('parts without any event that has a digest need no filter', () => {
  expect(createUniqueFilters().missing(catalogueOf(sealedPart(1, 0)))).toBeUndefined()
})

it('the memory is bounded also while nobody asks for what is missing', () => {
  const filters = createUniqueFilters(2_048)
  const three = catalogueOf(...[1, 2, 3].map((number) => sealedPart(number, 1_000)))
  for (const part of [1, 2, 3]) filters.add(part, createBloomFilter(1_000), three)
  expect([1, 2, 3].map((part) => filters.mayHave(part, 77))).toEqual([true, false, false])
})

it('a part is as new as its newest event, whatever its number is', () => {
  const rewritten = { ...sealedPart(9, 1_000), maxId: 1 }
  const filters = createUniqueFilters(1_024)
  expect(filters.missing(catalogueOf(sealedPart(4, 1_000), rewritten))).toBe(4)
})
