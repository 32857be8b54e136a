import type { EventFilter, InstantRange } from '../../../core/event-query.ts'
import type { StoredEvent } from '../../../core/event.ts'
import type { Fragments } from '../../../core/fragments.ts'
import { toManagedObjectId, toTenantId } from '../../../core/identity.ts'
import {
  advance,
  append,
  change,
  coverMatching,
  createSimulation,
} from './parts-simulation.fixture.ts'
import { leave, remove, rollOver } from './parts-simulation.fixture.ts'
import type { Simulation } from './parts-simulation.fixture.ts'

/** Numbers that depend on the seed alone. */
export type Random = {
  /** From 0 to below `end`. */
  readonly below: (end: number) => number
  readonly chance: (share: number) => boolean
  readonly pick: <T>(choices: readonly [T, ...T[]]) => T
}

export const createRandom = (seed: number): Random => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    chance: (share) => next() < share,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
  }
}

const [firstTenant, secondTenant, emptyTenant] = [
  toTenantId('t1'),
  toTenantId('t2'),
  toTenantId('t3'),
]

/** The last one never writes anything. */
export const simulatedTenants = [firstTenant, secondTenant, emptyTenant]
const someTenants = [firstTenant, secondTenant] as const
const busyTenants = [firstTenant, firstTenant, secondTenant] as const
const simulatedStartMs = 1_700_000_000_000

const hourMs = 3_600_000
const yearMs = 365 * 24 * hourMs

/** The first two have wrong clocks. */
const someSources = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const
const types = ['a', 'b', 'c', 'rare', ''] as const
const names = ['f', 'g', 'h', 'rare_f'] as const
/** Of texts like `event at 17…` and `changed 17…`. */
const searched = ['EVENT', 'changed', '17 at', '00', '7', 'none'] as const
const values = ['"x"', '"\\u0078"', '1', '"1"', 'null', '{"x":1}', '""'] as const

/** A store of a few thousand events, in a few parts of all kinds, after a life of all that can happen. */
export const simulateRandomly = (random: Random): Simulation => {
  const simulation = createSimulation()
  const parts = 1 + random.below(7)
  const rowsMax = random.pick([20, 80, 400])
  let nowMs = simulatedStartMs
  for (let part = 1; part <= parts; part += 1) {
    for (let n = 0; n < rowsMax; n += 1) {
      nowMs += random.pick([0, 0, 1, 10, 60_000])
      step(simulation, random, nowMs)
    }
    if (random.chance(0.4)) {
      coverMatching(simulation, random.pick(someTenants), randomDeletion(random))
    }
    if (part < parts) rollOver(simulation)
  }
  finishSome(simulation, random)
  return simulation
}

const step = (simulation: Simulation, random: Random, nowMs: number): void => {
  if (random.chance(0.3)) simulation.version += 1
  const dice = random.below(100)
  const id = random.chance(0.3) ? anyId(simulation, random) : undefined
  if (id === undefined || dice < 50)
    return append(simulation, randomEvent(random, nowMs), random.chance(0.05))
  if (dice < 75) {
    const fragments = randomFragments(random)
    return change(simulation, id, { text: `changed ${nowMs}`, fragments, lastUpdatedMs: nowMs })
  }
  remove(simulation, id)
}

/** Mostly of what there is, but not of everything. */
const randomDeletion = (random: Random): EventFilter => {
  const sources = [toManagedObjectId(random.pick(someSources))]
  const range = randomRange(random)
  return random.pick([
    { sources },
    { sources, type: 'a' },
    { type: 'b', fragmentType: 'f' },
    { fragmentType: 'h', fragmentValue: 'x' },
    { fragmentType: 'g', time: range },
    { type: 'c', creation: range },
    { type: 'c', text: random.pick(searched) },
    { sources, lastUpdated: range },
    { time: { toMs: simulatedStartMs + random.below(1_000_000) } },
    randomFilter(random),
  ])
}

const anyId = ({ living }: Simulation, random: Random): number | undefined => {
  const skip = random.below(Math.max(1, living.size))
  return [...living.keys()][skip]
}

const randomEvent = (random: Random, nowMs: number): Omit<StoredEvent, 'id'> => {
  const source = random.pick(someSources)
  return {
    tenant: random.pick(busyTenants),
    source: toManagedObjectId(source),
    type: random.chance(0.05) ? random.pick(types) : random.pick(['a', 'b', 'c']),
    text: `event at ${nowMs}`,
    time: { ms: timeOf(random, source, nowMs), offsetMinutes: random.pick([0, 120]) },
    creationMs: nowMs,
    lastUpdatedMs: nowMs,
    fragments: randomFragments(random),
  }
}

/** Most events carry about the time of their arrival, many the same one. */
const timeOf = (random: Random, source: number, nowMs: number): number => {
  if (source <= 2 && random.chance(0.5)) return nowMs + random.pick([-3, 5]) * yearMs
  if (random.chance(0.02)) return nowMs - random.below(40) * hourMs
  return nowMs - (nowMs % 1000) - random.pick([0, 0, 1000, 90_000])
}

const randomFragments = (random: Random): Fragments =>
  names
    .filter((name) => random.chance(name === 'rare_f' ? 0.01 : 0.4))
    .map((name) => ({ name, value: random.pick(values) }))

export const randomFilter = (random: Random): EventFilter => ({
  ...(random.chance(0.4) && { sources: randomSources(random).map(toManagedObjectId) }),
  ...(random.chance(0.3) && { type: random.pick([...types, 'a', 'b', 'unknown']) }),
  ...(random.chance(0.3) && randomFragment(random)),
  ...(random.chance(0.15) && { text: random.pick(searched) }),
  ...(random.chance(0.4) && { time: randomRange(random) }),
  ...(random.chance(0.15) && { creation: randomRange(random) }),
  ...(random.chance(0.15) && { lastUpdated: randomRange(random) }),
})

const randomSources = (random: Random): readonly number[] => {
  const dice = random.below(10)
  if (dice < 5) return [random.pick(someSources)]
  if (dice < 9)
    return Array.from({ length: random.below(4) }, () => random.pick([...someSources, 99]))
  return Array.from({ length: 120 }, (_, n) => n * 2)
}

const randomFragment = (random: Random): EventFilter => ({
  fragmentType: random.pick([...names, 'unknown']),
  ...(random.chance(0.4) && { fragmentValue: random.pick(['x', '1', '', 'null']) }),
})

const randomRange = (random: Random): InstantRange => ({
  ...(random.chance(0.7) && { fromMs: randomInstant(random) }),
  ...(random.chance(0.7) && { toMs: randomInstant(random) }),
})

export const randomInstant = (random: Random): number =>
  simulatedStartMs +
  random.pick([0, 0, 0, 0, -3 * yearMs, 5 * yearMs]) +
  random.below(1_000) * random.pick([1_000, 10_000])

/** Deletions that have come some way, tenants that have left, parts that have their files and new numbers. */
const finishSome = (simulation: Simulation, random: Random): void => {
  const { parts, jobs } = simulation
  const files = parts.length - 1 - random.below(Math.min(3, parts.length))
  parts.slice(0, Math.max(0, files)).forEach((part) => {
    part.state = 'sealed'
    if (random.chance(0.3)) part.number += 100
  })
  for (const job of jobs) advance(simulation, job, random.below(parts.length + 1))
  for (const part of parts.slice(0, -1)) {
    if (random.chance(0.15)) leave(simulation, part, random.pick(someTenants))
  }
}
