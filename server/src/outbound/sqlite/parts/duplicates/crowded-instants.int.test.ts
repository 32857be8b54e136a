import { readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toManagedObjectId } from '../../../../core/identity.ts'
import { createStepClock, sampleTenant, valueOf } from '../../../../ports/event-samples.contract.ts'
import { sampleUnique } from '../../../../ports/event-samples.contract.ts'
import { openSqliteStores } from '../../open-stores.ts'
import { addClosedPart, openScratchHead } from '../../testing/scratch-part.ts'
import { scratchRowOf } from '../../testing/scratch-rows.contract.ts'
import { deafMeter, scratchFolder, throwProblem } from '../../testing/scratch-store.contract.ts'
import { sealPart } from '../files/build-part.ts'
import { createMayHaveDigest } from './crowded-instants.ts'
import { createPartConnections } from '../tables/part-connections.ts'
import { eventsFolder } from '../tables/part-files.ts'
import { endlessPatience } from '../tables/patience.ts'
import type { PartConnections } from '../tables/part-connections.ts'
import type { ScratchHead, ScratchRow } from '../../testing/scratch-part.ts'

let scratch: ScratchHead
let opened: number
let connections: PartConnections

beforeEach(() => {
  scratch = openScratchHead(scratchFolder())
  const real = createPartConnections(scratch.folder, endlessPatience)
  opened = 0
  connections = {
    ...real,
    open: (part) => {
      opened += 1
      return real.open(part)
    },
  }
})
afterEach(() => {
  connections.close()
  scratch.head.close()
})

const nowMs = Date.UTC(2026, 1, 1)

/** The first characters tell digests apart, as they do in earnest. */
const digestOf = (id: number): string => `${String(id).padStart(6, '0')} and more`

const rowOf = (id: number, over: Partial<ScratchRow> = {}): ScratchRow =>
  scratchRowOf({ id, timeMs: nowMs, creationMs: nowMs, digest: digestOf(id), ...over })

const seal = (number: number, rows: readonly ScratchRow[]): void => {
  addClosedPart(scratch.head, number, rows)
  sealPart({ folder: scratch.folder }, number)
}

describe('the digests at an instant of a sealed part', () => {
  const instant = { tenant: 1, source: 7, timeMs: nowMs }
  const rows = Array.from({ length: 30 }, (_, at) => rowOf(at + 1, { source: 7 }))

  it.each([10, 30, 31])('are all found, whether %d make a crowd or not', (crowd) => {
    seal(1, [...rows, rowOf(99, { source: 7, digest: null })])
    const mayHave = createMayHaveDigest(connections, { crowd })
    for (let round = 0; round < 2; round += 1) {
      for (const { digest } of rows) expect(mayHave(1, instant, digest ?? '')).toBe(true)
      expect(mayHave(1, instant, digestOf(77))).toBe(false)
      expect(mayHave(1, { ...instant, timeMs: nowMs + 1 }, digestOf(1))).toBe(false)
    }
  })

  it('are read once when they are many, unless others have been asked for meanwhile', () => {
    for (const part of [1, 2, 3]) seal(part, rows)
    const mayHave = createMayHaveDigest(connections, { crowd: 10, inAll: 60 })
    const ask = (part: number): number => {
      const before = opened
      expect(mayHave(part, instant, digestOf(1))).toBe(true)
      return opened - before
    }
    expect([1, 1, 2, 1, 3].map(ask)).toEqual([1, 0, 1, 0, 1])
    expect([1, 3, 2].map(ask)).toEqual([0, 0, 1])
  })
})

const countFiles = (folder: string): number =>
  readdirSync(eventsFolder(folder)).filter((name) => name.endsWith('.part')).length

it('a device whose clock stands still is told of each repetition, and of nothing else', async () => {
  const folder = scratchFolder()
  const config = { folder, partRows: 120, readers: 1, logProblem: throwProblem }
  const { events, close } = await openSqliteStores(config, createStepClock(), deafMeter)
  const source = toManagedObjectId(4711)
  const eventOf = (n: number) =>
    sampleUnique({ source, time: { ms: 86_400_000, offsetMinutes: 0 }, data: { n } })
  const ids: unknown[] = []
  for (let n = 0; n < 400; n += 1) {
    const stored = valueOf(await events.appendUnique(sampleTenant, eventOf(n)))
    expect(stored.outcome).toBe('stored')
    ids.push(stored.id)
  }
  await vi.waitUntil(() => countFiles(folder) === 3, { timeout: 20_000 })
  for (const n of [0, 1, 119, 120, 250, 399]) {
    expect(valueOf(await events.appendUnique(sampleTenant, eventOf(n)))).toMatchObject({
      outcome: 'duplicate',
      id: ids[n],
    })
  }
  expect(valueOf(await events.appendUnique(sampleTenant, eventOf(400))).outcome).toBe('stored')
  await close()
})
