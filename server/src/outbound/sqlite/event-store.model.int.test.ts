import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { toReceiptId, toTenantId } from '../../core/identity.ts'
import { createStepClock, sampleStartMs, valueOf } from '../../ports/event-samples.contract.ts'
import { createMemoryEventStore } from '../memory/event-store.ts'
import { openSqliteStores } from './open-stores.ts'
import { deafMeter, scratchFolder, throwProblem } from './testing/scratch-store.contract.ts'
import { clockSteps, readCommands, writeCommands } from './testing/store-commands.contract.ts'
import type { EventPlace } from '../../core/event-query.ts'
import type { Result } from '../../core/failure.ts'
import type { TenantId } from '../../core/identity.ts'
import type { StepClock } from '../../ports/event-samples.contract.ts'
import type { EventStore } from '../../ports/event-store.ts'
import type { Command } from './testing/store-commands.contract.ts'

/** Writes are made at once, so that they share batches; reads begin when the writes have been answered. */
type Step = {
  readonly clockMs: number
  readonly writes: readonly Command[]
  readonly reads: readonly Command[]
}

const sequences: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    clockMs: clockSteps,
    writes: fc.array(writeCommands, { maxLength: 8 }),
    reads: fc.array(readCommands, { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
)

/** Both stores, kept for many sequences: each sequence is a tenant of its own. */
type Pair = {
  readonly clock: StepClock
  readonly place: Place
  readonly memory: EventStore
  sqlite: EventStore
}

/** All events in the hot part; and so few in each that most sequences meet hot, closed and sealed parts. */
const layouts = [
  { partRows: 125_000, sequences: 800, sequencesInFolder: 800 },
  { partRows: 8, sequences: 200, sequencesInFolder: 20 },
]

const sequencesBetweenReopenings = 7

type Place = { readonly folder: string; readonly partRows: number }

const openSqlite = async (place: Place, clock: StepClock): Promise<EventStore> =>
  (await openSqliteStores({ ...place, logProblem: throwProblem }, clock, deafMeter)).events

const openPair = async (partRows: number): Promise<Pair> => {
  const clock = createStepClock()
  const place = { folder: scratchFolder(), partRows }
  return {
    clock,
    place,
    memory: createMemoryEventStore(clock),
    sqlite: await openSqlite(place, clock),
  }
}

it.each(layouts)(
  'memory and SQLite agree, %j',
  async (layout) => {
    const { partRows, sequences: numRuns, sequencesInFolder } = layout
    const seed = Date.now() % 2 ** 31
    process.stderr.write(`model test: seed ${seed}\n`)
    let pair = await openPair(partRows)
    let sequence = 0
    const property = fc.asyncProperty(sequences, async (steps) => {
      sequence += 1
      try {
        await compareSequence(pair, toTenantId(`t${sequence}`), steps)
        if (sequence % sequencesInFolder === 0) {
          await pair.sqlite.close()
          pair = await openPair(partRows)
        } else if (sequence % sequencesBetweenReopenings === 0) await reopen(pair)
      } catch (error) {
        // The two may be apart for good now; the next, smaller sequence starts from nothing.
        await pair.sqlite.close()
        pair = await openPair(partRows)
        throw error
      }
    })
    await fc.assert(property, { seed, numRuns })
    await pair.sqlite.close()
  },
  240_000,
)

const reopen = async (pair: Pair): Promise<void> => {
  await pair.sqlite.close()
  pair.sqlite = await openSqlite(pair.place, pair.clock)
}

const compareSequence = async (
  pair: Pair,
  tenant: TenantId,
  steps: readonly Step[],
): Promise<void> => {
  pair.clock.setMs(sampleStartMs)
  let places: readonly EventPlace[] = []
  for (const { clockMs, writes, reads } of steps) {
    pair.clock.setMs(pair.clock.nowMs() + clockMs)
    const answers = await compareCommands(pair, tenant, { commands: writes, places })
    await compareReceipts(pair, tenant, answers)
    await compareCommands(pair, tenant, { commands: reads, places })
    places = await comparePlaces(pair, tenant, places)
  }
}

const compareCommands = async (
  { memory, sqlite }: Pair,
  tenant: TenantId,
  { commands, places }: { commands: readonly Command[]; places: readonly EventPlace[] },
): Promise<readonly Result<unknown>[]> => {
  const answersOf = (store: EventStore) =>
    Promise.all(commands.map((command) => command({ store, tenant, places })))
  const answers = await answersOf(sqlite)
  expect(answers).toEqual(await answersOf(memory))
  return answers
}

/** Accepted events are settled soon: until then SQLite may say pending, which memory never does. */
const compareReceipts = async (
  { memory, sqlite }: Pair,
  tenant: TenantId,
  answers: readonly Result<unknown>[],
): Promise<void> => {
  for (const answer of answers) {
    if (!answer.ok || typeof answer.value !== 'number') continue
    const receipt = toReceiptId(answer.value)
    const expected = await memory.readAccepted(tenant, receipt)
    await vi.waitFor(
      async () => expect(await sqlite.readAccepted(tenant, receipt)).toEqual(expected),
      { timeout: 10_000, interval: 1 },
    )
  }
}

/** Everything the tenant has, in one page of each store, and the places of what it had before. */
const comparePlaces = async (
  { memory, sqlite }: Pair,
  tenant: TenantId,
  places: readonly EventPlace[],
): Promise<readonly EventPlace[]> => {
  const everything = {
    filter: {},
    order: 'oldest-first',
    position: { from: 'start', skip: 0 },
    size: 1_000,
  } as const
  const page = valueOf(await sqlite.readPage(tenant, everything))
  expect(page).toEqual(valueOf(await memory.readPage(tenant, everything)))
  const present = page.events.map(({ time, id }) => ({ timeMs: time.ms, id }))
  const gone = places.filter((place) => present.every(({ id }) => id !== place.id))
  return [...present, ...gone]
}
