import { expect, it, vi } from 'vitest'
import type { UniqueEvent } from '../../core/event.ts'
import type { EventId } from '../../core/identity.ts'
import { createStepClock, sampleTenant, sampleUnique } from '../../ports/event-samples.contract.ts'
import { valueOf } from '../../ports/event-samples.contract.ts'
import type { EventStore } from '../../ports/event-store.ts'
import type { Meter } from '../../ports/meter.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import { verifyFolder } from './testing/verify-folder.ts'

const partRows = 40
const parts = 30
const keptOfPart = 2
const kept = parts * keptOfPart

const open = async (folder: string) => {
  const reads = new Map<string, () => number>()
  const meter: Meter = { ...deafMeter, observe: (name, _, read) => reads.set(name, read) }
  const config = { folder, partRows, readers: 2, logProblem: throwProblem }
  const { events, close } = await openSqliteStores(config, createStepClock(), meter)
  return { events, close, value: (name: string) => reads.get(name)?.() ?? 0 }
}

const eventOf = (part: number, n: number): UniqueEvent =>
  sampleUnique({ type: n < keptOfPart ? 'kept' : 'doomed', data: { part, n } })

const list = async (events: EventStore) => {
  const position = { from: 'start', skip: 0 } as const
  const request = { filter: {}, order: 'oldest-first', position, size: 1_000 } as const
  return valueOf(await events.readPage(sampleTenant, request)).events
}

const slow = { timeout: 240_000 }

it('many small parts become few while they are read, changed and written to', slow, async () => {
  const folder = scratchFolder()
  const { events, close, value } = await open(folder)
  const ids = new Map<EventId, UniqueEvent>()
  for (let part = 0; part < parts; part += 1) {
    const added = Array.from({ length: partRows }, (_, n) => eventOf(part, n))
    const receipts = valueOf(await events.append(sampleTenant, added))
    receipts.slice(0, keptOfPart).forEach(({ id }, n) => ids.set(id, eventOf(part, n)))
    await vi.waitUntil(() => value('event_parts_sealed') >= part, { timeout: 60_000, interval: 1 })
  }
  valueOf(await events.deleteMatching(sampleTenant, { type: 'doomed' }))
  const texts = new Map<EventId, string>()
  const touch = async (id: EventId, event: UniqueEvent): Promise<void> => {
    const text = `changed ${texts.size}`
    texts.set(id, text)
    valueOf(await events.change(sampleTenant, id, { text, fragments: [] }))
    expect(valueOf(await events.count(sampleTenant, {}))).toBe(kept)
    expect(valueOf(await events.count(sampleTenant, { type: 'kept' }))).toBe(kept)
    expect(await events.appendUnique(sampleTenant, event)).toMatchObject({
      value: { outcome: 'duplicate', id },
    })
  }
  const oddOnes = [...ids].filter((_, at) => at % 7 === 0)
  for (const [id, event] of oddOnes) await touch(id, event)
  await vi.waitUntil(
    () => value('event_parts_sealed') <= 5 && value('event_part_merges_total') > 1,
    { timeout: 60_000, interval: 1 },
  )
  expect(value('event_part_merge_seconds_total')).toBeGreaterThan(0)
  const expectAll = async (store: EventStore): Promise<void> => {
    const found = await list(store)
    expect(new Map(found.map(({ id, text }) => [id, text]))).toEqual(
      new Map([...ids].map(([id, { text }]) => [id, texts.get(id) ?? text])),
    )
    for (const [id, event] of ids) {
      const again = valueOf(await store.appendUnique(sampleTenant, event))
      expect(again).toMatchObject({ outcome: 'duplicate', id })
    }
  }
  await expectAll(events)
  await close()
  expect(verifyFolder(folder, new Set()).problems).toEqual([])
  const again = await open(folder)
  await expectAll(again.events)
  await again.close()
})
