import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { EventId } from '../../../../core/identity.ts'
import type { Result } from '../../../../core/failure.ts'
import { createStepClock, sampleTenant, valueOf } from '../../../../ports/event-samples.contract.ts'
import type { StepClock } from '../../../../ports/event-samples.contract.ts'
import type { EventStore } from '../../../../ports/event-store.ts'
import type { Meter } from '../../../../ports/meter.ts'
import { openSqliteStores } from '../../open-stores.ts'
import { createRandom } from '../random-parts.fixture.ts'
import type { Random } from '../random-parts.fixture.ts'
import { deafMeter, throwProblem } from '../scratch-store.contract.ts'
import { sampleLoadEvent } from './sample-load-event.ts'
import type { Told } from './decode-told.ts'

/**
 * `node load-store-main.js <folder> <seed>`: works on the event store in the folder with everything that a store can be
 * asked, from several clients at once, until parts have been built anew and merged, closes and opens it again, and writes
 * what was begun and what was answered into the file `told` there, and how many parts were built to its output. For a
 * process whose system calls are watched.
 */
const [folder = '', seed = '1'] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const told = openSync(join(folder, 'told'), 'a')
let calls = 0

const clients = 4
const stepsOfClient = 45
const openings = 2
const partRows = 40

/** One after another makes its events, changes them and deletes them; nobody else touches them. */
type Client = {
  readonly name: string
  readonly store: EventStore
  readonly clock: StepClock
  readonly random: Random
  /** Of the events of the type of now: where they are stored. */
  readonly ids: Map<string, EventId>
  made: number
  generation: number
}

const tell = async (next: Told['next'], call: () => Promise<Result<unknown>>): Promise<void> => {
  calls += 1
  const number = calls
  const write = (is: Told['is']): void => {
    writeSync(told, `${JSON.stringify({ call: number, is, next } satisfies Told)}\n`)
  }
  write('begun')
  valueOf(await call())
  write('ok')
}

const newKey = (client: Client, kind = ''): string => {
  client.made += 1
  return `${client.name}${kind}${client.generation}-${client.made}`
}

const append = async (client: Client): Promise<void> => {
  const keys = Array.from({ length: 1 + client.random.below(20) }, () => newKey(client))
  const events = keys.map((key) => sampleLoadEvent(key))
  await tell(Object.fromEntries(keys.map((key) => [key, 'first'])), async () => {
    const result = await client.store.append(sampleTenant, events)
    valueOf(result).forEach(({ id }, at) => client.ids.set(keys[at] ?? '', id))
    return result
  })
}

const appendUnique = async (client: Client): Promise<void> => {
  const key = newKey(client)
  await tell({ [key]: 'first' }, async () => {
    const result = await client.store.appendUnique(sampleTenant, sampleLoadEvent(key))
    client.ids.set(key, valueOf(result).id)
    return result
  })
}

/** Of a type that is never swept, because nobody waits for it to be stored. */
const accept = async (client: Client): Promise<void> => {
  const key = newKey(client, 'later')
  await tell({ [key]: 'first' }, () => client.store.accept(sampleTenant, sampleLoadEvent(key)))
}

const pickKey = ({ ids, random }: Client): string | undefined =>
  [...ids.keys()][random.below(ids.size)]

const change = async (client: Client): Promise<void> => {
  const key = pickKey(client)
  const id = client.ids.get(key ?? '')
  if (key === undefined || id === undefined) return
  const text = `changed ${client.made} ${client.random.below(1_000)}`
  await tell({ [key]: text }, () => client.store.change(sampleTenant, id, { text, fragments: [] }))
}

const remove = async (client: Client): Promise<void> => {
  const key = pickKey(client)
  const id = client.ids.get(key ?? '')
  if (key === undefined || id === undefined) return
  client.ids.delete(key)
  await tell({ [key]: null }, () => client.store.delete(sampleTenant, id))
}

/** Everything of the type of now, from which later events are told apart by their type. */
const sweep = async (client: Client): Promise<void> => {
  const keys = [...client.ids.keys()]
  const type = `${client.name}${client.generation}`
  client.ids.clear()
  client.generation += 1
  await tell(Object.fromEntries(keys.map((key) => [key, null])), () =>
    client.store.deleteMatching(sampleTenant, { type }),
  )
}

const steps = [
  ...[append, append, append, append, append, appendUnique, appendUnique, appendUnique],
  ...[change, change, remove, remove, sweep, sweep],
  ...[append, appendUnique, append, change, remove, sweep, append, accept],
] as const

const work = async (client: Client): Promise<void> => {
  for (let step = 0; step < stepsOfClient; step += 1) {
    client.clock.setMs(client.clock.nowMs() + 1_000)
    await (steps[client.random.below(steps.length)] ?? append)(client)
  }
}

/** What is deleted leaves its parts, and they the folder, before the end. */
const untilDeleted = async (store: EventStore): Promise<void> => {
  while (valueOf(await store.listDeletions(sampleTenant)).length > 0) await setTimeout(1)
}

/** Parts of which little is left, so that they are built anew and become one. */
const leaveLittle = async (client: Client): Promise<void> => {
  for (let part = 0; part < 4; part += 1) {
    const keys = Array.from({ length: partRows }, (_, index) =>
      newKey(client, index % keptOneOf === 0 ? 'kept' : ''),
    )
    const events = keys.map((key) => sampleLoadEvent(key))
    await tell(Object.fromEntries(keys.map((key) => [key, 'first'])), async () => {
      const result = await client.store.append(sampleTenant, events)
      valueOf(result).forEach(({ id }, at) => {
        const key = keys[at] ?? ''
        if (!key.includes('kept')) client.ids.set(key, id)
      })
      return result
    })
  }
  await sweep(client)
}

const keptOneOf = 13

/** What the store has counted since it was opened last, by name. */
const observed = new Map<string, () => number>()
const meter: Meter = { ...deafMeter, observe: (name, _, read) => observed.set(name, read) }
const counted = { rewrites: 0, merges: 0 }
const countedNow = () => ({
  rewrites: observed.get('event_part_rewrites_total')?.() ?? 0,
  merges: observed.get('event_part_merges_total')?.() ?? 0,
})

const isMerged = (): boolean => countedNow().rewrites > 0 && countedNow().merges > 0

/** A merge takes two neighbours of which little is left: a few times may have to leave some. */
const untilMerged = async (client: Client): Promise<void> => {
  for (let time = 0; !isMerged(); time += 1) {
    if (time === littersMax) throw new Error(`only ${JSON.stringify(countedNow())}`)
    await leaveLittle(client)
    await untilDeleted(client.store)
    const end = performance.now() + mergeWaitMs
    while (!isMerged() && performance.now() < end) await setTimeout(1)
  }
}

const littersMax = 20
const mergeWaitMs = 500

const random = createRandom(Number(seed))
const clock = createStepClock()
for (let opening = 0; opening < openings; opening += 1) {
  const stores = await openSqliteStores(
    { folder, partRows, logProblem: throwProblem },
    clock,
    meter,
  )
  const names = Array.from({ length: clients }, (_, index) => `o${opening}c${index}g`)
  const newClient = (name: string): Client => {
    const own = { ids: new Map<string, EventId>(), made: 0, generation: 0 }
    return { name, store: stores.events, clock, random, ...own }
  }
  await Promise.all(names.map((name) => work(newClient(name))))
  await untilDeleted(stores.events)
  await untilMerged(newClient(`o${opening}lg`))
  counted.rewrites += countedNow().rewrites
  counted.merges += countedNow().merges
  await stores.close()
}
process.stdout.write(JSON.stringify(counted))
