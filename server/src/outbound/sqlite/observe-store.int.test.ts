import { expect, it, vi } from 'vitest'
import { createStepClock, sampleEvent } from '../../ports/event-samples.contract.ts'
import { sampleTenant, valueOf } from '../../ports/event-samples.contract.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import type { Meter } from '../../ports/meter.ts'

const partRows = 100

/** A store of small parts, and what its metrics say now. */
const openObserved = async () => {
  const reads = new Map<string, () => number>()
  const meter: Meter = { ...deafMeter, observe: (name, _, read) => reads.set(name, read) }
  const folder = scratchFolder()
  const config = { folder, partRows, diskReserveBytes: 1, readers: 1, logProblem: throwProblem }
  const { events } = await openSqliteStores(config, createStepClock(), meter)
  return { events, value: (name: string) => reads.get(name)?.() }
}

it('parts, files and deletions are seen in the metrics while they come and go', async () => {
  const { events, value } = await openObserved()
  expect(value('event_parts_sealed')).toBe(0)
  const doomed = Array.from({ length: partRows }, (_, n) =>
    sampleEvent({ type: n < 60 ? 'doomed' : 'kept' }),
  )
  for (const sealed of [1, 2]) {
    valueOf(await events.append(sampleTenant, doomed))
    await vi.waitUntil(() => value('event_parts_sealed') === sealed)
  }
  expect(value('event_parts_closed')).toBe(0)
  expect(value('event_part_seals_total')).toBe(2)
  expect(value('event_part_seal_seconds_total')).toBeGreaterThan(0)
  expect(value('event_part_bytes')).toBeGreaterThan(1_000)
  valueOf(await events.deleteMatching(sampleTenant, { type: 'doomed' }))
  await vi.waitUntil(() => value('event_part_rewrites_total') === 2)
  await vi.waitUntil(() => value('deletions_running') === 0)
  expect(value('deleted_events_total')).toBe(120)
  // Who asked for the deletion may call again.
  expect(value('deletion_rest_seconds_total')).toBeGreaterThan(0)
  await vi.waitUntil(() => value('event_dead_rows') === 0)
  expect(value('event_part_rewrite_seconds_total')).toBeGreaterThan(0)
  expect(value('disk_reserve_bytes')).toBe(1)
  expect(value('disk_free_bytes')).toBeGreaterThan(1)
  await events.close()
})
